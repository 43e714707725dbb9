// What must hold of `i18n`.
import { afterEach, describe, expect, it } from 'vitest';
import { ago, dateTime, decimal, duration, elapsed, known, money, number, percent, plural, quantity, shortWhen, speak, systemLocale, t } from '.';
import { WORDS, type Locale } from './words';

const LOCALES: readonly Locale[] = ['en', 'fr', 'ar'];
const base = (key: string) => key.replace(/#.*/, '');
const placesOf = (sentence: string) => new Set([...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));

afterEach(() => speak('en', 'western'));

describe('the catalogue', () => {
  it.each(['fr', 'ar'] as const)('has in %s every sentence that English has, and no other', (locale) => {
    const bases = (of: Locale) => [...new Set(Object.keys(WORDS[of]).map(base))].sort();
    expect(bases(locale)).toEqual(bases('en'));
  });

  it.each(LOCALES)('has in %s a form for every number it can meet', (locale) => {
    const rules = new Intl.PluralRules(locale);
    // French has a form of its own for whole millions; the general one reads well there too.
    const needed = rules.resolvedOptions().pluralCategories.filter((form) => !(locale === 'fr' && form === 'many'));
    const plurals = new Set(Object.keys(WORDS[locale]).filter((key) => key.includes('#')).map(base));
    for (const key of plurals) {
      expect(WORDS[locale][key], `${key} has plural forms, so it is not a sentence of its own`).toBeUndefined();
      for (const form of needed) expect(WORDS[locale][`${key}#${form}`], `${key}#${form} in ${locale}`).toBeDefined();
    }
  });

  it.each(['fr', 'ar'] as const)('leaves the same places open in %s as in English', (locale) => {
    for (const [key, sentence] of Object.entries(WORDS[locale])) {
      // A form for one, two or none may say the number in words.
      const english = WORDS.en[key] ?? WORDS.en[`${base(key)}#other`] ?? '';
      const places = placesOf(sentence);
      if (key.includes('#')) places.delete('count');
      const wanted = placesOf(english);
      if (key.includes('#')) wanted.delete('count');
      expect(places, key).toEqual(wanted);
    }
  });

  it.each(LOCALES)('raises in %s its voice nowhere', (locale) => {
    for (const [key, sentence] of Object.entries(WORDS[locale])) {
      expect(sentence, key).not.toMatch(/[!¡]/);
    }
  });

  it('knows which keys it has', () => {
    expect(known('common.close')).toBe(true);
    expect(known('log.from_a_newer_version')).toBe(false);
  });
});

describe('a sentence', () => {
  it('is filled with its values, numbers in the digits of the person', () => {
    expect(t('runs.done_of', { done: 1700, total: 9393 })).toBe('1,700 of 9,393');
    speak('ar', 'arabic_indic');
    expect(t('runs.done_of', { done: 3, total: 9 })).toBe('٣ من ٩');
  });

  it('leaves a place without a value open, so that it is seen', () => {
    expect(t('connections.removed')).toBe('{name} removed');
  });

  it('keeps a name that runs against it from disturbing its words', () => {
    expect(t('connections.removed', { name: 'متجر' })).toBe('\u2068متجر\u2069 removed');
    expect(t('connections.removed', { name: 'Shop' })).toBe('Shop removed');
    speak('ar', 'western');
    expect(t('connections.removed', { name: 'Shop' })).toContain('\u2068Shop\u2069');
  });

  it('takes the form of its number', () => {
    expect(plural('connections.clock_ahead', 1)).toBe('1 second ahead of this computer');
    expect(plural('connections.clock_ahead', 5)).toBe('5 seconds ahead of this computer');
    speak('ar', 'western');
    expect(plural('connections.clock_ahead', 2)).toContain('ثانيتين');
    expect(plural('connections.clock_ahead', 11)).toContain('11');
    speak('fr', 'western');
    expect(plural('connections.clock_ahead', 0), 'French counts none as one').toContain('seconde d’avance');
  });
});

describe('the language', () => {
  it('is the first of the system that Tandem speaks, or English', () => {
    expect(systemLocale(['de-DE', 'ar-KW', 'en'])).toBe('ar');
    expect(systemLocale(['de-DE'])).toBe('en');
  });

  it('turns the page around for Arabic', () => {
    speak('ar', 'western');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['ar', 'rtl']);
  });
});

describe('money and numbers', () => {
  it('keep every decimal they came with, beyond what a float could hold', () => {
    expect(money('4.200', 'KWD')).toBe('KWD\u00a04.200');
    expect(decimal('9007199254740993.001')).toBe('9,007,199,254,740,993.001');
    expect(decimal('0.10')).toBe('0.10');
  });

  it('write a minus as a minus', () => {
    expect(money('-19.22', 'AUD')).toBe('AUD\u00a0−19.22');
  });

  it('leave what is no number as it is', () => {
    expect(decimal('n/a')).toBe('n/a');
    expect(money('', 'KWD')).toBe(' KWD');
  });

  it('follow the language', () => {
    speak('fr', 'western');
    expect(money('1204.750', 'KWD')).toBe('1\u202f204,750\u00a0KWD');
    speak('ar', 'western');
    expect(money('1204.750', 'KWD')).toBe('KWD\u00a01,204.750');
    speak('ar', 'arabic_indic');
    expect(number(48_210)).toBe('٤٨٬٢١٠');
  });

  it('drop the zeros at the end of a quantity only', () => {
    expect(quantity('12.000')).toBe('12');
    expect(quantity('0.500')).toBe('0.5');
    expect(quantity('120')).toBe('120');
  });

  it('write shares with one decimal', () => {
    expect(percent(0.6563)).toBe('65.6%');
  });
});

describe('time', () => {
  it('says how long ago something was', () => {
    const now = Date.parse('2026-11-21T09:45:00Z');
    expect(ago('2026-11-21T09:41:00Z', now)).toBe('4 minutes ago');
    expect(ago('2026-11-20T09:41:00Z', now)).toBe('yesterday');
    expect(ago('not a time', now)).toBe('not a time');
  });

  it('rounds what is left, because estimates jump', () => {
    expect(duration(78)).toBe('1 min 20 sec');
    expect(duration(12)).toBe('12 sec');
    expect(duration(3600 + 61 * 30)).toBe('1 hr 31 min');
    expect(duration(-3)).toBe('0 sec');
  });

  it('tells milliseconds from seconds', () => {
    expect(elapsed(212)).toBe('212 ms');
    expect(elapsed(1400)).toBe('1.4 sec');
  });

  it('shows the hour today, and the day otherwise', () => {
    const now = new Date(2030, 5, 15, 12);
    expect(shortWhen(new Date(2030, 5, 15, 9, 5).toISOString(), now)).toBe('09:05');
    expect(shortWhen(new Date(2030, 4, 1, 9, 5).toISOString(), now)).toMatch(/May.*09:05/);
    expect(shortWhen(new Date(2029, 4, 1, 9, 5).toISOString(), now)).toMatch(/2029/);
  });

  it('leaves what is no instant as it is', () => {
    expect(dateTime('soon')).toBe('soon');
  });
});
