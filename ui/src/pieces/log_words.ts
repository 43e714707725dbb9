// The lines of a run's log, in words.
import { ofConnection } from '../api/errors';
import type { LogLine } from '../api/types';
import { dateTime, known, number, t } from '../i18n';

const ICON = { info: 'ok', warning: 'alert', error: 'stop' } as const;
const TONE = { info: 'ok', warning: 'warn', error: 'bad' } as const;

function logWords(line: LogLine): string {
  const params = { ...line.params };
  const step = `step.${params['step'] ?? ''}`;
  if (known(step)) params['step'] = t(step);
  const why = `error.${params['why'] ?? ''}.title`;
  if (known(why)) params['why'] = t(why, line.params);
  for (const name of ['count', 'changed', 'gone']) {
    const value = Number(params[name]);
    if (params[name] !== undefined && Number.isFinite(value)) params[name] = number(value);
  }
  const key = line.level === 'error' ? `error.${line.code}.title` : `log.${line.code}`;
  return ofConnection(line.params, known(key) ? t(key, params) : line.code);
}

/** A log as a trail shows it, the latest line first. */
export function logItems(log: readonly LogLine[]) {
  return log
    .map((line, index) => ({ key: index, icon: ICON[line.level], tone: TONE[line.level], text: logWords(line), when: dateTime(line.at, 'seconds') }))
    .toReversed();
}
