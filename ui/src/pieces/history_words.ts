// What a line of the history is called, how it ended, and how that looks.
import type { EntryKind, HistoryRow, RunState } from '../api/types';
import { known, plural, t } from '../i18n';
import type { IconName } from '../parts/icons';

export const KIND_ICONS: Record<EntryKind, IconName> = { fetch: 'refresh', match: 'mapping', import: 'orders', customers: 'store', decisions: 'person' };

/** How a state looks. */
export interface Look {
  icon: IconName;
  tone: 'ok' | 'bad' | 'three' | 'acc';
}

export const STATE_LOOKS: Record<RunState, Look> = {
  running: { icon: 'wait', tone: 'acc' },
  done: { icon: 'ok', tone: 'ok' },
  failed: { icon: 'stop', tone: 'bad' },
  cancelled: { icon: 'pause', tone: 'three' },
};

/** How many decisions a line stands for. */
export function decided(row: HistoryRow): number {
  return row.accepted + row.rejected + row.ignored + row.undone;
}

/** What was done, with how much of it. */
export function doneWords(row: HistoryRow): string {
  if (row.kind === 'decisions') return plural('history.decided', decided(row));
  if (row.kind === 'import') return plural('history.import.taken', row.read);
  if (row.kind === 'customers') return plural('history.customers.told', row.changed);
  return row.kind === 'match' ? t('history.match.done') : plural('history.fetch.read', row.read);
}

/** How it ended, in a few words. */
export function resultWords(row: HistoryRow): string {
  if (row.error !== null) {
    const key = `error.${row.error}.title`;
    return known(key) ? t(key) : row.error;
  }
  if (row.kind === 'decisions') return row.undone > 0 ? plural('history.undone.count', row.undone) : t('history.state.done');
  if (row.state === 'done' && row.kind === 'fetch') return plural('history.changed', row.changed);
  return t(`history.state.${row.state}`);
}

/** How far the person's day is ahead of UTC now. */
export function utcOffsetMinutes(now: Date = new Date()): number {
  return -now.getTimezoneOffset();
}
