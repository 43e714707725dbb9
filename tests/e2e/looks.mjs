// How a screen looks and reads: pictures of it, axe on it, and no word of another language in it.
import { readFileSync } from 'node:fs';
import { expect } from './checks.mjs';
import { allWords, overflow, paint, runAxe, stretch } from './in_page.mjs';
import { foreignTo, latinWordsOf, plain } from './words.mjs';

const AXE = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const THEMES = ['light', 'dark'];
const SHOWN_MAX = 12;

function told(findings) {
  const more = findings.length > SHOWN_MAX ? [`… and ${findings.length - SHOWN_MAX} more`] : [];
  return [...findings.slice(0, SHOWN_MAX), ...more].join('\n');
}

async function axe(window) {
  if (!(await window.run(() => 'axe' in globalThis))) await window.run(AXE);
  const { passes, findings } = await window.runLong(runAxe);
  expect(findings.length === 0, told([...new Set(findings)]));
  expect(passes > 0, 'axe looked at nothing');
}

/** Looks at the screen in both themes: a picture and axe in each. Every language but English is read for English. */
export async function lookAt(checks, window, place, name) {
  const before = await window.run(paint, 'light');
  try {
    for (const theme of THEMES) {
      await window.run(paint, theme);
      await place.keep(window, `${name}-${window.language}-${theme}`);
      await checks.also(`${name}, ${theme}: axe finds nothing`, () => axe(window));
    }
  } finally {
    await window.run(paint, before);
  }
  await checks.also(`${name}: nothing sticks out of the window, or of its cell`, async () => {
    const { wide, tall, cells } = await window.run(overflow);
    expect(wide <= 0 && tall <= 0, `${wide} px too wide, ${tall} px too tall`);
    expect(cells.length === 0, told(cells));
  });
  await checks.also(`${name}: words that are longer by a third fit`, async () => {
    await window.run(stretch, true);
    try {
      const { wide, tall, cells } = await window.run(overflow);
      expect(wide <= 0 && tall <= 0, `${wide} px too wide, ${tall} px too tall`);
      expect(cells.length === 0, told(cells));
    } finally {
      await window.run(stretch, false);
    }
  });
  if (window.language !== 'en') await checks.also(`${name}: every word is ${window.language}`, () => inItsLanguage(window));
}

/** Pictures of a screen on a larger display. */
export async function lookLarge(window, place, name) {
  await window.size(1600, 1000);
  for (const theme of THEMES) {
    const before = await window.run(paint, theme);
    await place.keep(window, `${name}-${window.language}-${theme}-1600`);
    await window.run(paint, before);
  }
  await window.size(1280, 800);
}

/** Names that came with data stand between these marks inside a sentence. */
const ISOLATED = /\u2068[^\u2069]*\u2069/g;
const LATIN_WORD = /[A-Za-zÀ-ÿ]{2,}/gu;

/** Codes of currencies, and the initials of a shop. */
const CODE = /^[A-Z]{2,4}$/;

/** No English sentence of the catalogue is on the page, and in Arabic no Latin word that our own words do not use. */
export async function inItsLanguage(window) {
  const { language } = window;
  const shown = await window.run(allWords);
  const { lang, dir } = await window.run(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
  expect(lang === language, `the page says it is ${lang}`);
  expect(dir === (language === 'ar' ? 'rtl' : 'ltr'), `the page runs ${dir}`);
  const foreign = foreignTo(language);
  const findings = shown
    .filter(({ data }) => !data)
    .flatMap(({ text, from }) => {
      const said = foreign.find(({ pattern }) => pattern.test(plain(text)));
      return said ? [`“${text}” (${from}) is English: ${said.key}`] : [];
    });
  if (language === 'ar') findings.push(...strayLatin(shown, latinWordsOf(language)));
  expect(findings.length === 0, told([...new Set(findings)]));
}

function strayLatin(shown, own) {
  return shown
    .filter(({ data, loose, from }) => !data && !loose && from === 'text')
    .flatMap(({ text }) => {
      const strays = (text.replace(ISOLATED, '').match(LATIN_WORD) ?? []).filter((word) => !own.has(word) && !CODE.test(word));
      return strays.length > 0 ? [`“${text}” has ${strays.join(', ')}`] : [];
    });
}
