// Words of the screens: typed keys, placeholders, plurals. Formats are in ./format, the language in ./locale.
import { number, pluralForm } from './format';
import { speech } from './locale.svelte';
import { WORDS, type Key, type PluralKey } from './words';

export * from './format';
export { speak, speech, systemLocale, type DigitStyle } from './locale.svelte';
export type { Key, Locale, PluralKey } from './words';

/** Values for the `{name}` places of a sentence. Numbers are written with the person's digits. */
export type WordParams = Record<string, string | number>;

const RTL_LETTERS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** A name may run against the sentence around it; isolated, it cannot disturb the words beside it. */
function isolated(value: string): string {
  const runsAgainst = speech.direction === 'rtl' || RTL_LETTERS.test(value);
  return runsAgainst && value !== '' ? FIRST_STRONG_ISOLATE + value + POP_ISOLATE : value;
}

function filled(sentence: string, params: WordParams | undefined): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params?.[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? number(value) : isolated(value);
  });
}

function sentence(key: string): string | undefined {
  return WORDS[speech.locale][key] ?? WORDS.en[key];
}

/** The sentence of a key. */
export function t(key: Key, params?: WordParams): string {
  return filled(sentence(key) ?? key, params);
}

/** The sentence of a key that changes with a number; the number itself is `{count}`. */
export function plural(key: PluralKey, count: number, params?: WordParams): string {
  const words = sentence(`${key}#${pluralForm(count)}`) ?? sentence(`${key}#other`) ?? key;
  return filled(words, { count, ...params });
}

/** Whether the catalogue has this key: for codes that a newer server or log may bring. */
export function known(key: string): key is Key {
  return key in WORDS.en;
}
