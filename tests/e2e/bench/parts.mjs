// The parts of the measurement of a window, each on a window that is open.
import { Key, Window } from '../driver.mjs';
import { until } from '../processes.mjs';
import { dayShown, go, mappingFilled, openTab } from '../steps/pages.mjs';
import { beganAt, memoryOf, quiet, say, spread, ticksOf } from './figures.mjs';
import { decideAll, decidedBeyond, jump, scroll, timeDecisions, timeLetters } from './page.mjs';

const STARTS = 10;
/** What is kept to be quick is let go of after half a minute. */
const REST_MS = 40_000;
/** Between two letters of somebody who types quickly. */
const LETTER_MS = 200;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const rest = () => pause(REST_MS);
const PAIRS = 300;
const LOOKS_AT_USE = 12;
const LOOKS_A_PAUSE = 3;
/** A person thinks in between. */
const THOUGHT_MS = 3_000;
const SLOW_MS = 60_000;
const WORDS = ['balloon', 'foil', 'ribbon', 'party', 'candle', 'paper straws', 'table cover', 'BLN', 'gold', 'zzz'];
const PEOPLE = ['noura', 'salem', '1048', 'al', 'BLN', 'paper cups'];

/** From the start of the process to the first words, and to the day with its numbers. */
export async function starts(place) {
  const [words, rows] = [[], []];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const window = await Window.open(place);
    try {
      await dayShown(window, 60_000);
      const began = beganAt(window.pid);
      const seen = await window.run(() => ({
        origin: performance.timeOrigin,
        first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
        now: performance.now(),
      }));
      words.push(seen.origin + seen.first - began);
      rows.push(seen.origin + seen.now - began);
    } finally {
      await window.close();
    }
  }
  say('process start to first words, ms', spread(words));
  say('process start to the day, driver’s looking included, ms', spread(rows));
}

/** At rest: no work, and what the processes hold. */
export async function idle(window) {
  await mapping(window);
  await quiet(window.pid);
  const before = ticksOf(window.pid);
  await pause(10_000);
  say('CPU ticks in 10 s idle', ticksOf(window.pid) - before);
  say('memory at once, MiB (PSS)', memoryOf(window.pid));
  await rest();
  say('idle memory, MiB (PSS)', memoryOf(window.pid));
}

async function mapping(window) {
  await go(window, 'mapping');
  await mappingFilled(window, SLOW_MS);
}

async function scrolled(window, what) {
  for (const [name, pixels] of [['slow, 8 px a frame', 8], ['fast, 120 px a frame', 120], ['fling, 4000 px a frame', 4000]]) {
    const seen = await window.runLong(scroll, pixels, 6);
    const { median, p95 } = spread(seen.gaps);
    say(`${what} scrolled ${name}`, {
      framesPerSecond: Math.round((seen.frames / seen.ms) * 1000),
      gapMs: { median, p95 },
      placeholders: `${Math.round(seen.waiting * 100)} %`,
      mounted: seen.mounted,
    });
  }
  const jumps = [];
  for (let turn = 0; turn < 20; turn += 1) jumps.push(await window.runLong(jump, ((turn * 7 + 3) % 20) / 20));
  say(`${what}: jump to filled rows, ms`, spread(jumps));
}

async function typed(window, what, words) {
  await window.run(() => (document.querySelector('[role=grid] input[type=text]') ?? document.querySelector('section input[type=text]')).focus());
  // The texts are read when the box gets the focus: a person goes there before typing.
  await quiet(window.pid);
  await window.run(timeLetters);
  const before = ticksOf(window.pid);
  for (const word of words) {
    for (const letter of word) {
      await window.press(letter);
      await pause(LETTER_MS);
    }
    // It empties the box.
    await window.press(Key.ESCAPE);
    await pause(3 * LETTER_MS);
  }
  const seen = await window.run(() => window.testsTyped);
  const slowest = seen.reduce((one, other) => (one.ms > other.ms ? one : other));
  // Its own work in all processes, which a busy machine does not change.
  const cpuMs = Math.round(((ticksOf(window.pid) - before) * 10) / seen.length);
  say(`${what} searched, letter to painted rows, ms`, { ...spread(seen.map(({ ms }) => ms)), slowest, cpuMs });
}

/** The longest list of the mapping. */
export async function list(window) {
  await mapping(window);
  await openTab(window, 'mapped', SLOW_MS);
  say('rows in the list', await window.run(() => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1));
  await scrolled(window, 'mapping');
  await typed(window, 'mapping', WORDS);
  say('memory after that, MiB (PSS)', memoryOf(window.pid));
}

/** All orders. */
export async function orders(window) {
  await go(window, 'orders');
  const list = await window.find('listbox', window.t('orders.list'));
  await until('orders are listed', async () => (await window.all('option', undefined, list)).length > 5, SLOW_MS);
  say('orders in the list', await window.run(() => Number(document.querySelector('[role=listbox].list .slot')?.getAttribute('aria-setsize'))));
  await scrolled(window, 'orders');
  await typed(window, 'orders', PEOPLE);
}

/** Pair by pair, by real keys. */
export async function decide(window) {
  await mapping(window);
  await openTab(window, 'to_review', SLOW_MS);
  await window.run(() => document.querySelector('[role=grid]').focus());
  await quiet(window.pid);
  await window.run(timeDecisions, window.t('review.pair'));
  const before = ticksOf(window.pid);
  const began = Date.now();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const asks = await window.run((label) => document.querySelector(`section[aria-label="${label}"] .band.bad`) !== null, window.t('review.pair'));
    // What asks first is rejected by the one who knows better; the rest is accepted.
    await window.press(asks ? 'r' : 'a');
    await window.runLong(decidedBeyond, pair);
  }
  const times = await window.run(() => window.testsDecided);
  say('decision to the next pair painted, ms', { ...spread(times), cpuMs: Math.round(((ticksOf(window.pid) - before) * 10) / PAIRS) });
  const { decided } = await window.run(() => ({ decided: window.testsDecided.length }));
  say('pairs by keyboard', { decided, keysAPair: 1, pairsAMinute: Math.round((decided / (Date.now() - began)) * 60_000) });
}

async function together(window, key) {
  await openTab(window, 'to_review', SLOW_MS);
  await window.click('checkbox', window.t('select.all'));
  await window.click('button', window.t(key));
  const button = await until('what it would do is known', () => window.run(() => document.querySelector('dialog[open] button.main:not([aria-disabled=true])')?.textContent));
  const answered = await window.runLong(decideAll);
  const pairs = Number(button.replace(/\D/gu, ''));
  const for10000 = answered.ms === null ? null : Math.round((answered.ms / pairs) * 10_000);
  say('a step over all that is shown', { step: button.replace(/\s+/g, ' ').trim(), ...answered, msFor10000: for10000 });
  const left = Date.now();
  await quiet(window.pid);
  say('and what follows from it, s', Math.round((Date.now() - left) / 1000));
}

/** Many at once. */
export async function bulk(window) {
  await mapping(window);
  await together(window, 'select.accept');
  await together(window, 'select.ignore');
}

/** Memory while somebody works for so many minutes, with a pause now and then: what does not come back in one is a leak. */
export async function use(window, { minutes }) {
  const look = (when) => say(`memory ${when}, MiB (PSS)`, memoryOf(window.pid));
  await mapping(window);
  await rest();
  look('at rest, before it');
  let rounds = 0;
  for (let looks = 1; looks <= LOOKS_AT_USE; looks += 1) {
    const until = Date.now() + (minutes / LOOKS_AT_USE) * 60_000;
    while (Date.now() < until) {
      await round(window, rounds);
      await pause(THOUGHT_MS);
      rounds += 1;
    }
    const spent = `${Math.round((looks * minutes) / LOOKS_AT_USE)} minutes and ${rounds} rounds of use`;
    look(`after ${spent}`);
    if (looks % LOOKS_A_PAUSE > 0) continue;
    await rest();
    look(`at rest after ${spent}`);
  }
}

/** Pairs decided, taken back and moved through, a search, orders one after the other, the palette, and the day. */
async function round(window, number) {
  await mapping(window);
  await window.run(() => document.querySelector('[role=grid]').focus());
  // Two that were left aside are taken back.
  for (const keys of ['jjjkj', 'x', 'jj', 'x', 'z', 'z', '2', '1', 'jjjj']) await window.press(...keys);
  await window.press('/');
  await window.press(...WORDS[number % WORDS.length]);
  await window.press(Key.ESCAPE);
  await go(window, 'orders');
  await window.press(...'jjjjjjjjkk');
  await window.pressWithControl('k');
  await window.press(...PEOPLE[number % PEOPLE.length]);
  await window.press(Key.ESCAPE, Key.ESCAPE);
  await go(window, 'today');
}
