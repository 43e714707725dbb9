// The catalogue of words, as the window has it, so that no expected text is written twice.
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../i18n/', import.meta.url);

/** Not on any screen of the window. */
const ELSEWHERE = new Set(['cli.json']);

/** Marks that only steer the direction of writing. */
const STEERING = /[\u2066-\u2069\u200e\u200f]/g;

/** A text without marks of direction, its spaces made one each. */
export function plain(text) {
  return text.replace(STEERING, '').replace(/\s+/g, ' ');
}

function read(language) {
  const folder = new URL(`${language}/`, FOLDER);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !ELSEWHERE.has(name));
  return Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8').replace(STEERING, ''))));
}

/** All sentences by language and key. */
export const WORDS = { en: read('en'), fr: read('fr'), ar: read('ar') };

const PLACE = /\{\w+\}/g;

/** The sentence of a key, its places filled. Throws for an unknown key: the test would look for nothing. */
export function say(language, key, params = {}) {
  const sentence = WORDS[language][key];
  if (sentence === undefined) throw new Error(`the catalogue has no ${key}`);
  return sentence.replace(PLACE, (place) => String(params[place.slice(1, -1)] ?? place));
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What a sentence looks like with anything in its places. */
export function pattern(sentence) {
  return new RegExp(`^${sentence.split(PLACE).map(escaped).join('.+?')}$`, 'su');
}

const LATIN_WORD = /[A-Za-zÀ-ÿ]{2,}/gu;

/** With a place in it, a sentence is told from data only by a longer word of its own. */
const TELLING_WORD = /[A-Za-zÀ-ÿ]{4,}/u;

/** Names of products; some languages write them in their own letters, but none has to. */
export const BRANDS = new Set(['Odoo', 'Tandem', 'WooCommerce', 'WordPress']);

function isTelling(sentence) {
  const own = sentence.replace(PLACE, '');
  return !BRANDS.has(own) && (own === sentence ? (own.match(LATIN_WORD) ?? []).length > 0 : TELLING_WORD.test(own));
}

/** English sentences that must not be read in another language, as patterns with their keys. */
export function foreignTo(language) {
  const own = new Set(Object.values(WORDS[language]));
  return Object.entries(WORDS.en)
    .filter(([, sentence]) => !own.has(sentence) && isTelling(sentence))
    .map(([key, sentence]) => ({ key, pattern: pattern(sentence) }));
}

/** Latin words that the language's own sentences use: names of products and abbreviations. */
export function latinWordsOf(language) {
  return new Set([...BRANDS, ...Object.values(WORDS[language]).flatMap((sentence) => sentence.replace(PLACE, '').match(LATIN_WORD) ?? [])]);
}
