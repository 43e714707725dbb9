// What works but should be known, and how Tandem gets in: the words of codes that connectors bring.
import { dateTime, duration, known, number, t, type WordParams } from '../i18n';
import type { NoticeView } from './types';

/** A notice in the person's language. */
export interface NoticeWords {
  title: string;
  what: string;
  /** What can be done, in order. */
  steps: string[];
}

/** Says a notice; nothing for a code that this version has no words for. */
export function noticeWords(notice: NoticeView): NoticeWords | null {
  const title = `notice.${notice.code}.title`;
  const what = `notice.${notice.code}.what`;
  const next = `notice.${notice.code}.next`;
  if (!known(title) || !known(what) || !known(next)) return null;
  const params = spoken(notice.params);
  return { title: t(title, params), what: t(what, params), steps: t(next, params).split('\n') };
}

/** Values as a person writes them: seconds as a length of time, an instant as a date, the two sides by their names. */
function spoken(params: NoticeView['params']): WordParams {
  const said: WordParams = { ...params };
  const { seconds, date, found, facts } = params;
  if (seconds !== undefined && Number.isFinite(Number(seconds))) said['seconds'] = duration(Math.abs(Number(seconds)));
  if (date !== undefined) said['date'] = dateTime(date, 'date');
  if (found !== undefined) said['found'] = found.replace(/(store|Odoo) (\d+)/g, (_, side: string, count: string) => `${t(side === 'store' ? 'common.store' : 'common.odoo')} ${number(Number(count))}`);
  if (facts !== undefined) said['facts'] = facts.split(',').map((fact) => hidden(fact.trim())).join(', ');
  return said;
}

/** What a server calls a fact that it hides, in words of ours where there are some. */
function hidden(fact: string): string {
  const key = `hidden.${fact}`;
  return known(key) ? t(key) : fact;
}

/** How Tandem gets in, in words; a way of a later version keeps its code. */
export function wayWords(kind: string, way: string): string {
  const key = `way.${kind}.${way}`;
  return known(key) ? t(key) : way;
}

