// A backend that fails, is slow, and answers out of order: no decision is lost, no screen is stale, nothing goes uncaught.
import { expect } from '../checks.mjs';
import { Window } from '../driver.mjs';
import { disturb } from '../in_page.mjs';
import { lookAt } from '../looks.mjs';
import { until } from '../processes.mjs';
import { joined, Sandbox, tandem } from '../sandbox.mjs';
import { plain } from '../words.mjs';
import { dayShown, go, mappingFilled, orderState, tabCounts } from './pages.mjs';

const SCREENS = ['today', 'orders', 'maps', 'history', 'connections', 'settings', 'mapping'];
const DECISIONS = 24;
const LATE_MS = 250;
/** More calls than any screen makes. */
const ALL = 1_000;

export async function chaos(checks, place) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place, { listings: 900 }));
  let window;
  try {
    await checks.step('the command line prepares the profile', () => joined(place, sandbox));
    window = await checks.step('the window opens on it', () => Window.open(place));
    checks.watch(window, place);
    await checks.step('the window is there', () => dayShown(window));
    await screens(checks, window);
    await decisions(checks, window, place);
    await finding(checks, window);
    await onItsWay(checks, window, place);
    await fetching(checks, window, place);
  } finally {
    await window?.close();
    await sandbox.stop();
  }
}

/** Nothing is asked any more. */
function rested(window) {
  return until('every answer is there', async () => {
    const before = await window.run(() => window.testsAsked.calls.length);
    await new Promise((done) => setTimeout(done, 150));
    return window.run((count) => window.testsAsked.waiting === 0 && window.testsAsked.calls.length === count, before);
  });
}

async function nothingUncaught(window) {
  const uncaught = await window.run(() => window.testsAsked.uncaught);
  expect(uncaught.length === 0, uncaught.join(', '));
}

/** What a screen says, without what changes by itself. */
async function words(window) {
  return window.text(await window.run(() => document.querySelector('main, [role=main]') ?? document.body));
}

async function screens(checks, window) {
  const asked = {};
  await checks.step('every screen asks for something', async () => {
    await window.run(disturb);
    for (const screen of SCREENS) {
      await go(window, screen);
      await rested(window);
      asked[screen] = (await window.run(disturb)).calls.filter((command) => !command.startsWith('plugin:'));
    }
    expect(asked.mapping.includes('review_page') && asked.orders.includes('orders_page'), JSON.stringify(asked));
  });
  await checks.step('when nothing can be read, every screen says so', async () => {
    for (const screen of SCREENS.filter((name) => name !== 'settings')) {
      await window.run(disturb, { fail: { '*': ALL } });
      await go(window, screen);
      await rested(window);
      const text = await words(window);
      expect(text.length > 40, `${screen} is empty: “${text}”`);
      const told = await window.all('alert');
      expect(told.length > 0 || screen === 'connections', `${screen} says nothing`);
    }
  });
  await checks.step('one call that fails leaves a screen that comes back', async () => {
    for (const screen of SCREENS) {
      for (const command of asked[screen]) {
        await window.run(disturb, { fail: { [command]: 1 } });
        // Another one first: a screen in front is not read anew.
        await go(window, screen === 'settings' ? 'connections' : 'settings');
        await go(window, screen);
        await rested(window);
        expect((await words(window)).length > 40, `${screen} is empty after ${command}`);
      }
      await window.run(disturb);
      await go(window, screen === 'settings' ? 'connections' : 'settings');
      await go(window, screen);
      await rested(window);
      expect((await window.all('alert')).length === 0, `${screen} keeps an error`);
    }
  });
  await checks.also('no rejection went uncaught', () => nothingUncaught(window));
}

async function inBackend(place) {
  const page = JSON.parse(await tandem(place, ['--json', 'links', 'shop', '--limit', '500']));
  return { total: page.total, names: page.rows.map(({ listing }) => listing.name) };
}

/** The list of the window is what the backend has: as long, and no row that is gone. */
async function sameAsBackend(window, place) {
  const backend = await inBackend(place);
  await until('the counts are those of the backend', async () => (await tabCounts(window)).to_review === backend.total);
  const known = new Set(backend.names.map((name) => plain(window.t('select.one', { name }))));
  await until('the rows are those of the backend', async () => {
    const { rows, shown } = await window.run(() => ({
      rows: Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1,
      shown: [...document.querySelectorAll('[role=grid] .slot input[type=checkbox]')].map((box) => box.ariaLabel),
    }));
    const gone = shown.filter((label) => !known.has(plain(label)));
    if (rows !== backend.total || shown.length === 0 || gone.length > 0) throw new Error(`${rows} rows of ${backend.total}, and the backend lacks ${gone.join(', ')}`);
    return true;
  }, 5_000);
  return backend;
}

async function decisions(checks, window, place) {
  let before;
  await checks.step('a decision that fails comes back, all others are kept', async () => {
    await window.run(disturb);
    await go(window, 'mapping');
    await mappingFilled(window);
    await window.run(() => document.querySelector('[role=grid]').focus());
    before = await inBackend(place);
    await window.run(disturb, { fail: { decide: 3 }, late_ms: LATE_MS });
    for (let turn = 0; turn < DECISIONS; turn += 1) await window.press('x');
    await rested(window);
    const { failed } = await window.run(disturb);
    await rested(window);
    const left = await sameAsBackend(window, place);
    const kept = DECISIONS - failed.filter((command) => command === 'decide').length;
    expect(left.total === before.total - kept, `${before.total} were to review, ${kept} of ${DECISIONS} saved, now ${left.total}`);
    expect(kept === DECISIONS - 3, `${DECISIONS - kept} failed`);
  });
  await checks.step('all are taken back, some at the second try', async () => {
    await window.run(disturb, { fail: { undo: 2 }, late_ms: LATE_MS });
    for (let turn = 0; turn < DECISIONS - 1; turn += 1) await window.press('z');
    await rested(window);
    await window.run(disturb);
    await rested(window);
    const after = await sameAsBackend(window, place);
    expect(after.total === before.total, `${before.total} were to review, now ${after.total}`);
  });
  await checks.also('no rejection went uncaught', () => nothingUncaught(window));
}

async function finding(checks, window) {
  await checks.step('answers that overtake each other do not show another question', async () => {
    await window.run(disturb, { late_ms: LATE_MS });
    await window.press('/');
    const box = await window.run(() => document.activeElement);
    await box.sendKeys('balloon');
    await rested(window);
    const names = await window.run(() => [...document.querySelectorAll('[role=grid] .slot:not([aria-busy])')].map((row) => row.textContent.toLowerCase()));
    expect(names.length > 0 && names.every((name) => name.includes('balloon')), `it found ${names.slice(0, 3).join(' | ')}`);
  });
  await checks.step('the order in focus is the one that is shown', async () => {
    await go(window, 'orders');
    await window.find('listbox', window.t('orders.list'));
    await rested(window);
    for (let turn = 0; turn < 12; turn += 1) await window.press('j');
    await rested(window);
    const focused = await window.run(() => document.querySelector('[role=listbox] [aria-selected=true] b')?.textContent.trim());
    const { number } = await orderState(window);
    expect(focused !== undefined && number.includes(focused), `${focused} is in focus, ${number} is shown`);
  });
}

const READ_APART = [
  { screen: 'mapping', command: 'pair_detail', pane: 'review.pair', picture: '65-pair-on-its-way' },
  { screen: 'orders', command: 'order_detail', pane: 'orders.inspector', picture: '66-order-on-its-way' },
];

/** In this pane a place is kept for what is read, and nothing is said in it. */
function placeOnly(label) {
  const bones = document.querySelector(`section[aria-label="${label}"][aria-busy=true] .bones`);
  return bones !== null && getComputedStyle(bones).opacity === '1' && bones.parentElement.innerText.trim() === '';
}

async function onItsWay(checks, window, place) {
  for (const { screen, command, pane, picture } of READ_APART) {
    await checks.step(`${screen}: while the next one is read, nothing of the one before is shown`, async () => {
      await window.run(disturb);
      await go(window, screen);
      await rested(window);
      await window.run(() => document.querySelector('[role=grid], [role=listbox]').focus());
      await window.run(disturb, { hold: [command] });
      // The first of them was read ahead.
      await window.press('j', 'j', 'j');
      await until('its place is shown', () => window.run(placeOnly, window.t(pane)));
    });
    await lookAt(checks, window, place, picture);
    await checks.step(`${screen}: and it comes`, async () => {
      await window.run(disturb);
      await until('it is shown', () => window.run((label) => document.querySelector(`section[aria-label="${label}"]`).ariaBusy === 'false', window.t(pane)));
      await rested(window);
    });
  }
}

async function fetching(checks, window, place) {
  await checks.step('a fetch ends amid decisions, and nothing is lost', async () => {
    await window.run(disturb);
    await go(window, 'mapping');
    await mappingFilled(window);
    await window.run(() => document.querySelector('[role=grid]').focus());
    const before = await inBackend(place);
    await window.run(disturb, { late_ms: LATE_MS });
    await window.click('button', window.t('shell.fetch_now'));
    await window.run(() => document.querySelector('[role=grid]').focus());
    let decided = 0;
    const running = async () => JSON.parse(await tandem(place, ['--json', 'runs', 'shop']))[0].state === 'running';
    do {
      await window.press('x');
      decided += 1;
    } while (decided < 6 || (decided < DECISIONS && (await running())));
    await until('the fetch ended', async () => !(await running()));
    await rested(window);
    await window.run(disturb);
    await rested(window);
    const left = await sameAsBackend(window, place);
    expect(left.total === before.total - decided, `${before.total} were to review, ${decided} decided, now ${left.total}`);
  });
  await checks.also('no rejection went uncaught', () => nothingUncaught(window));
}
