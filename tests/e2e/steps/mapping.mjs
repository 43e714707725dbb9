// The mapping by keyboard alone, many pairs at once, its history, and files of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { Key } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { until } from '../processes.mjs';
import { tandem } from '../sandbox.mjs';
import { decidedPairs, go, mappingFilled, pairInFocus, tabCounts } from './pages.mjs';

const PAIRS = 40;
/** Keys that a pair may take on the whole, the moves and the second thoughts counted. */
const KEYS_A_PAIR = 1.3;

export function mapping(checks, place) {
  return atDesk(checks, place, async (window) => {
    await checks.step('the mapping is filled', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
      await window.run(() => document.querySelector('[role=grid]').focus());
    });
    await byKeyboard(checks, window);
    await manyAtOnce(checks, window, place);
    await history(checks, window, place);
    await files(checks, window, place);
  }, { listings: 600 });
}

async function byKeyboard(checks, window) {
  await checks.step(`${PAIRS} pairs take at most ${KEYS_A_PAIR} keys each, and no pointer`, async () => {
    const before = await tabCounts(window);
    let keys = 0;
    const press = async (key) => {
      keys += 1;
      await window.press(key);
    };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const { row } = await pairInFocus(window);
      const decided = await decidedPairs(window);
      // What asks first is rejected by the one who knows better; the rest is accepted.
      const asks = await window.run((label) => document.querySelector(`section[aria-label="${label}"] .band.bad`) !== null, window.t('review.pair'));
      await press(asks ? 'r' : 'a');
      await until('the next pair is in focus', async () => {
        const now = await pairInFocus(window);
        return !now.busy && now.row === row && (await decidedPairs(window)) === decided + 1;
      });
    }
    const after = await tabCounts(window);
    expect(before.to_review - after.to_review >= PAIRS * 0.7, `${before.to_review} were to review, now ${after.to_review}`);
    expect(keys / PAIRS <= KEYS_A_PAIR, `${keys} keys for ${PAIRS} pairs`);
  });
}

/** Longer than the window waits for a pause between decisions before it counts anew. */
const PAUSE_MS = 1_000;

/** The numbers on the tabs, once what was decided is counted. */
function countsAtRest(window) {
  return until('the counts are at rest', async () => {
    const before = await tabCounts(window);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    return JSON.stringify(before) === JSON.stringify(await tabCounts(window)) && before;
  });
}

async function manyAtOnce(checks, window, place) {
  const before = await countsAtRest(window);
  await checks.step('Space chooses a pair, and the next', async () => {
    await window.press(Key.SPACE);
    await window.press('j');
    await window.press(Key.SPACE);
    await window.reads(window.t('select.chosen#other', { count: 2 }));
  });
  await lookAt(checks, window, place, '36-mapping-chosen');
  await lookLarge(window, place, '36-mapping-chosen');
  await checks.step('what a step would do is said before it is done', async () => {
    await window.click('button', window.t('select.ignore'));
    await window.find('dialog', window.t('bulk.ask.ignore#other', { count: 2 }));
    expect((await tabCounts(window)).to_review === before.to_review, 'it was done unasked');
  });
  await lookAt(checks, window, place, '37-mapping-bulk');
  await checks.step('it is done as one step, and taken back as one', async () => {
    await window.click('button', window.t('bulk.do.ignore#other', { count: 2 }));
    await until('both are gone', async () => (await tabCounts(window)).to_review === before.to_review - 2);
    await window.press('z');
    await until('both are back', async () => (await tabCounts(window)).to_review === before.to_review);
  });
  await checks.also('a set that changed is not decided about', async () => {
    await window.click('checkbox', window.t('select.all'));
    await window.click('button', window.t('select.ignore'));
    await window.find('button', new RegExp(`^${window.t('bulk.do.ignore#other', { count: '\\d+' })}$`, 'u'));
    // Somebody decides elsewhere meanwhile.
    const page = JSON.parse(await tandem(place, ['--json', 'links', 'shop', '--limit', '1']));
    await tandem(place, ['decide', 'shop', page.rows[0].listing.key, 'ignore']);
    await window.click('button', new RegExp(`^${window.t('bulk.do.ignore#other', { count: '\\d+' })}$`, 'u'));
    await window.reads(window.t('error.review.set_changed.title'));
    await until('the list is read again', async () => (await tabCounts(window)).to_review === before.to_review - 1);
    await window.press('z');
    await until('it is back', async () => (await tabCounts(window)).to_review === before.to_review);
  });
}

async function history(checks, window, place) {
  await checks.step('the history has every step, and what was taken back', async () => {
    await window.press('h');
    const panel = await window.find('region', window.t('decided.title'));
    await until('steps are listed', async () => (await window.all('option', undefined, panel)).length > 5);
    const text = await window.text(panel);
    expect(text.includes(window.t('decided.size#other', { count: 2 })), 'the bulk step is not there');
    expect(text.includes(window.t('decided.undone')), 'nothing says that it was taken back');
  });
  await lookAt(checks, window, place, '38-mapping-history');
  await checks.step('an older step is taken back from there', async () => {
    const before = await tabCounts(window);
    for (let down = 0; down < 5; down += 1) await window.press(Key.ARROW_DOWN);
    await window.click('button', window.t('decided.take_back'));
    await until('the pair waits again', async () => (await tabCounts(window)).to_review === before.to_review + 1);
    await window.press(Key.ESCAPE);
    await window.gone('region', window.t('decided.title'));
  });
}

async function files(checks, window, place) {
  await checks.step('the list is written into a file', async () => {
    await window.click('button', window.t('files.title'));
    await window.click('button', window.t('files.shown.csv'));
    await until('it says where', async () => /tandem-shop-[\d-]+\.csv/u.test(await window.text()));
  });
  await lookAt(checks, window, place, '39-mapping-files');
  await checks.also('a file with a bad line is looked at and not taken', async () => {
    const bad = join(place.folder, 'decisions.csv');
    writeFileSync(bad, 'listing,decision\nnowhere,ignore\n');
    const input = await window.run(() => document.querySelector('dialog input[type=file]'));
    await input.sendKeys(bad);
    await window.reads(window.t('import.bad.listing_unknown'));
    await window.reads(window.t('files.bad#one', { count: 1 }));
  });
  await window.press(Key.ESCAPE);
}
