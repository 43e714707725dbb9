// Numbers, money and time as the person writes them. Money stays a decimal string all the way: no float touches it.
import { speech } from './locale.svelte';

type Rules = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.PluralRules;

const cache = new Map<string, Rules>();

/** Each is made once: it takes long, and some 30 kB that the collector of the page's objects does not see. */
function remembered<T extends Rules>(what: string, make: (tag: string) => T): T {
  const key = `${speech.tag}|${what}`;
  let format = cache.get(key);
  if (!format) cache.set(key, (format = make(speech.tag)));
  return format as T;
}

const DECIMAL = /^-?\d+(?:\.(\d+))?$/;

/** Bidi marks that `Intl` adds; our own isolation does that work. */
const BIDI_MARKS = /[\u200e\u200f\u061c]/g;

function joined(parts: Intl.NumberFormatPart[]): string {
  return parts
    .map((part) => (part.type === 'minusSign' ? '−' : part.value))
    .join('')
    .replace(BIDI_MARKS, '');
}

/** A whole number, or one with at most two decimals. */
export function number(value: number): string {
  return joined(remembered('number', (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 2 })).formatToParts(value));
}

/** Which of the forms of its language a number takes. */
export function pluralForm(count: number): Intl.LDMLPluralRule {
  return remembered('plural', (tag) => new Intl.PluralRules(tag)).select(count);
}

/** A share between 0 and 1, with one decimal. */
export function percent(share: number): string {
  const format = remembered('percent', (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }));
  return joined(format.formatToParts(share));
}

/** A decimal string with exactly the decimals it came with. What is no number is returned untouched. */
export function decimal(value: string): string {
  const match = DECIMAL.exec(value);
  if (!match) return value;
  const digits = match[1]?.length ?? 0;
  const format = remembered(
    `decimal${digits}`,
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return joined(format.formatToParts(value as Intl.StringNumericLiteral));
}

/** A quantity: a decimal string without the zeros at its end. */
export function quantity(value: string): string {
  return decimal(DECIMAL.test(value) && value.includes('.') ? value.replace(/\.?0+$/, '') : value);
}

/** An amount with its currency's code: "KWD 4.200". The code's place follows the language. */
export function money(amount: string, currency: string): string {
  if (!DECIMAL.test(amount)) return currency ? `${amount} ${currency}` : amount;
  return speech.locale === 'fr' ? `${decimal(amount)}\u00a0${currency}` : `${currency}\u00a0${decimal(amount)}`;
}

/** How an instant is written. */
export type InstantStyle = 'time' | 'date' | 'both' | 'seconds' | 'day';

const INSTANTS: Record<InstantStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  both: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
};

/** An RFC 3339 instant in this computer's time zone. What is no instant is returned untouched. */
export function dateTime(instant: string, style: InstantStyle = 'both'): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return remembered(`at${style}`, (tag) => new Intl.DateTimeFormat(tag, INSTANTS[style])).format(date).replace(BIDI_MARKS, '');
}

/** The hour for today, day and hour for this year, the date for older ones. */
export function shortWhen(instant: string, now: Date = new Date()): string {
  const then = new Date(instant);
  if (then.toDateString() === now.toDateString()) return dateTime(instant, 'time');
  return dateTime(instant, then.getFullYear() === now.getFullYear() ? 'both' : 'date');
}

/** How long ago an instant was: "4 minutes ago". */
export function ago(instant: string, now: number = Date.now()): string {
  const seconds = Math.round((new Date(instant).getTime() - now) / 1000);
  if (Number.isNaN(seconds)) return instant;
  const format = remembered('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
  const size = Math.abs(seconds);
  if (size < 60) return format.format(0, 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}

function unit(value: number, name: string, digits: number): string {
  const format = remembered(
    `unit${name}${digits}`,
    (tag) => new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }),
  );
  return joined(format.formatToParts(value));
}

/** A length of time: "1 min 18 sec". Above a minute, seconds are rounded to five, because estimates jump. */
export function duration(seconds: number): string {
  if (seconds < 60) return unit(Math.max(0, Math.round(seconds)), 'second', 0);
  if (seconds >= 3600) {
    const minutes = Math.round(seconds / 60);
    return `${unit(Math.floor(minutes / 60), 'hour', 0)} ${unit(minutes % 60, 'minute', 0)}`;
  }
  const rounded = Math.round(seconds / 5) * 5;
  const rest = rounded % 60;
  const minutes = unit(Math.floor(rounded / 60), 'minute', 0);
  return rest === 0 ? minutes : `${minutes} ${unit(rest, 'second', 0)}`;
}

/** How long a request took: "212 ms", "1.4 sec". */
export function elapsed(milliseconds: number): string {
  return milliseconds < 1000 ? unit(milliseconds, 'millisecond', 0) : unit(milliseconds / 1000, 'second', 1);
}
