// A new computer: from an empty folder over the wizard, the first fetch and the review to an order that is free again.
import { execFile } from 'node:child_process';
import { expect } from '../checks.mjs';
import { Key, Window } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { commandLineOf, until } from '../processes.mjs';
import { Sandbox } from '../sandbox.mjs';
import { acceptMaps, choose, chooseKind, dayShown, errorShown, giveAddresses, giveOdooKeys, giveStoreKeys, go, listed, mappingFilled, missingOfError, openBlocked, openTab, orderState, pairInFocus, sides, tabCounts, testBoth } from './pages.mjs';

/** Slow enough to be seen at work, and to be cancelled. */
const SLOW = { woocommerce: [{ path: '/products', fault: 'slow', delay_ms: 700 }] };
const WRONG_SECRET = 'wrong WRONG 0000 wrong WRONG 0000';
const PAIRS = 10;
/** Before this one, J passes a pair by undecided. */
const PASSED_BEFORE = 3;

export async function firstRun(checks, place) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place, { listings: 600, faults: SLOW }));
  let window;
  try {
    window = await checks.step('the window opens on an empty folder', () => Window.open(place));
    checks.watch(window, place);
    await welcome(checks, window, place);
    await wizard(checks, window, place, sandbox);
    await fetching(checks, window, place);
    await review(checks, window, place);
    await orders(checks, window, place);
    await elsewhere(checks, window, place);
    await secrets(checks, window, place, sandbox);
    await checks.also('the dark theme is chosen', () => choose(window, 'theme', window.t('settings.dark')));
    await window.close();
    window = await checks.step('a second start opens the window again', () => Window.open(place));
    checks.watch(window, place);
    await again(checks, window);
  } finally {
    await window?.close();
    await sandbox.stop();
  }
}

async function welcome(checks, window, place) {
  await checks.step('it welcomes', () => window.find('heading', window.t('setup.headline')));
  await lookAt(checks, window, place, '01-welcome');
}

async function wizard(checks, window, place, sandbox) {
  await checks.step('the kind of store leads to the addresses', () => chooseKind(window));
  await lookAt(checks, window, place, '02-wizard-address');
  await checks.step('the addresses lead to the keys', () => giveAddresses(window, sandbox));
  await checks.step('both keys can be typed', async () => {
    await giveStoreKeys(window, sandbox.store.login, WRONG_SECRET);
    await giveOdooKeys(window, sandbox.odoo);
  });
  await lookAt(checks, window, place, '03-wizard-keys');
  await checks.step('both sides are tested', () => testBoth(window));
  await checks.step('a wrong secret is told in words, with what to do', async () => {
    const { store } = await sides(window);
    const error = await errorShown(window, store);
    expect(/^connection\.(credentials_refused|secret_wrong)$/.test(error.code), `the code is ${error.code}`);
    const missing = missingOfError(window, error);
    expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
  });
  await checks.also('the other side passed meanwhile', async () => {
    const { odoo } = await sides(window);
    expect((await window.text(odoo)).includes(window.t('connections.all_good')), await window.text(odoo));
  });
  await lookAt(checks, window, place, '04-wizard-wrong-secret');
  await checks.step('the right secret passes', async () => {
    await window.click('button', window.t('setup.change_keys'));
    await giveStoreKeys(window, sandbox.store.login, sandbox.store.secret);
    await testBoth(window);
    const { store } = await sides(window);
    await until('the store passes', async () => (await window.text(store)).includes(window.t('connections.all_good')));
  });
  await lookAt(checks, window, place, '05-wizard-tested');
  await checks.step('company and warehouses can be chosen', async () => {
    await window.click('button', window.t('setup.to_company'));
    const company = await window.find('region', window.t('connections.company'));
    await window.find('radio', undefined, company);
    const warehouses = await window.find('region', window.t('connections.warehouses'));
    await window.find('checkbox', undefined, warehouses);
  });
  await lookAt(checks, window, place, '06-wizard-company');
  await checks.step('the first fetch starts', () => window.click('button', window.t('setup.finish')));
}

async function fetching(checks, window, place) {
  await checks.step('the fetch shows how far it is', async () => {
    await window.find('heading', window.t('runs.reading'));
    await window.find('progressbar', window.t('step.store_listings'));
  });
  await lookAt(checks, window, place, '07-fetch');
  await checks.step('the fetch can be cancelled, and what was read stays', async () => {
    await window.click('button', window.t('runs.cancel'));
    await window.find('heading', window.t('runs.cancelled'));
  });
  await lookAt(checks, window, place, '08-fetch-cancelled');
  await checks.step('it goes on and leads to the mapping', async () => {
    await window.click('button', window.t('runs.resume'));
    await mappingFilled(window, 120_000);
  });
}

async function review(checks, window, place) {
  await lookAt(checks, window, place, '09-mapping');
  await lookLarge(window, place, '09-mapping');
  const before = await checks.step('the tabs say how many', () => tabCounts(window));
  const decided = await checks.step('ten pairs are reviewed by keyboard alone', () => reviewPairs(window));
  const settledCounts = await checks.also('the counts follow every decision', () =>
    until('the counts', async () => {
      const now = await tabCounts(window);
      const left = before.to_review - decided.accepted - decided.exhausted;
      return now.to_review === left && now.mapped === before.mapped + decided.accepted && now.unmatched === before.unmatched + decided.exhausted && now;
    }),
  );
  await checks.also('undo brings the last pair back, and the counts with it', async () => {
    const [last] = decided.listings.slice(-1);
    await window.press('z');
    await until('the pair is back in focus', async () => (await settled(window)).listing === last);
    await until('the counts', async () => {
      const now = await tabCounts(window);
      return now.to_review === settledCounts.to_review + 1 && now.mapped === settledCounts.mapped - 1;
    });
  });
  await checks.also('letters do not decide while a search is typed', async () => {
    const { to_review: left } = await tabCounts(window);
    await window.press('/');
    await window.press('balloon');
    const rows = () => window.run(() => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1);
    await until('the list is narrowed', async () => (await rows()) < left);
    await mappingFilled(window);
    expect((await tabCounts(window)).to_review === left, 'something was decided');
  });
  await lookAt(checks, window, place, '10-mapping-search');
  await checks.also('Escape empties the search, and Shift Tab leads back to the pairs', async () => {
    await window.press(Key.ESCAPE);
    await until('the search is empty', () => window.run(() => document.activeElement?.value === ''));
    await listed(window, 'to_review');
    // Between the two stands the box that chooses all pairs.
    await window.pressShifted(Key.TAB);
    await window.pressShifted(Key.TAB);
    await until('the pairs have the focus', () => window.run(() => document.activeElement?.getAttribute('role') === 'grid'));
  });
  await checks.also('S searches all of Odoo for the listing in focus', async () => {
    await window.press('s');
    await window.find('region', window.t('review.find'));
    await window.press('balloon');
    await until('products are found', async () => (await window.all('option')).length > 1);
  });
  await lookAt(checks, window, place, '10-mapping-find');
  await checks.also('Escape closes that search', async () => {
    await window.press(Key.ESCAPE, Key.ESCAPE);
    await window.gone('region', window.t('review.find'));
  });
  await checks.also('a guarded pair asks before it is accepted', async () => {
    await window.click('button', new RegExp(`^${window.t('review.guards.asks')}`, 'u'));
    await mappingFilled(window);
    await window.press('a');
    await window.find('dialog');
  });
  await lookAt(checks, window, place, '10-mapping-asks');
  await checks.also('Escape leaves it as it is', async () => {
    const { to_review: left } = await tabCounts(window);
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
    expect((await tabCounts(window)).to_review === left, 'it was decided');
  });
  for (const [number, tab] of [['11', 'mapped'], ['12', 'unmatched'], ['13', 'conflicts']]) {
    await checks.also(`the list “${tab}” opens`, () => openTab(window, tab));
    await lookAt(checks, window, place, `${number}-mapping-${tab}`);
  }
}

/**
 * Accepts, rejects and passes by until ten are decided, the last one accepted. A rejected pair with another candidate
 * stays in the list with that one; `exhausted` counts those that had none.
 */
async function reviewPairs(window) {
  const decided = { accepted: 0, exhausted: 0, listings: [] };
  while (decided.listings.length < PAIRS) {
    if (decided.listings.length === PASSED_BEFORE) await passBy(window);
    const { listing, candidates } = await settled(window);
    const accept = decided.listings.length % 3 !== 2;
    await window.press(accept ? 'a' : 'r');
    if (accept) await answerIfAsked(window, listing);
    await until('the next pair is in focus', async () => (await settled(window)).listing !== listing);
    if (accept) decided.accepted += 1;
    else if (candidates <= 1) decided.exhausted += 1;
    decided.listings.push(listing);
  }
  return decided;
}

async function passBy(window) {
  const { row } = await settled(window);
  await window.press('j');
  await until('the next pair is in focus', async () => (await pairInFocus(window)).row === row + 1);
}

/** A guarded pair asks: the keyboard says yes. */
async function answerIfAsked(window, listing) {
  const asked = await until('the pair is decided, or asks', async () => {
    if ((await window.all('dialog')).length > 0) return 'asked';
    return (await pairInFocus(window)).listing !== listing && 'decided';
  });
  if (asked !== 'asked') return;
  const yes = await window.find('button', window.t('review.ask.accept'));
  await until('the yes has the focus', async () => {
    const there = await window.run((button) => document.activeElement === button, yes);
    if (!there) await window.press(Key.TAB);
    return there;
  });
  await window.press(Key.ENTER);
  await window.gone('dialog');
}

/** The pair in focus, once it is read in full. */
function settled(window) {
  return until('the pair is read', async () => {
    const pair = await pairInFocus(window);
    return !pair.busy && pair.row > 0 && pair;
  });
}

async function orders(checks, window, place) {
  await checks.step('the maps take every proposal', async () => {
    await go(window, 'maps');
    await acceptMaps(window);
  });
  await checks.step('the orders open, newest first', async () => {
    await go(window, 'orders');
    await window.find('listbox', window.t('orders.list'));
    await until('orders are listed', async () => (await window.all('option')).length > 3);
  });
  const state = () => orderState(window);
  const order = await checks.step('a blocked order names its reasons', async () => {
    await openBlocked(window, async () => (await window.all('button', /^(Accept) .+/)).length === 1);
    expect((await state()).chip === window.t('orders.state.blocked'), 'the order is not blocked');
    return state();
  });
  await lookAt(checks, window, place, '14-orders-blocked');
  await lookLarge(window, place, '14-orders-blocked');
  await checks.step('accepting the missing product in place frees the order', async () => {
    await window.press('f');
    await until('accepted, or asked', async () => (await state()).chip !== order.chip || (await window.all('dialog')).length > 0);
    if ((await window.all('dialog')).length > 0) await window.click('button', window.t('review.ask.accept'));
    await until('the order waits', async () => (await state()).chip === window.t('orders.state.waiting'));
    expect((await state()).number === order.number, 'another order is shown');
  });
  await lookAt(checks, window, place, '15-orders-freed');
  await checks.also('undo holds it back again', async () => {
    await window.press('z');
    await until('the order is blocked again', async () => (await state()).chip === window.t('orders.state.blocked'));
    await window.gone('button', window.t('common.undo'));
  });
}

async function elsewhere(checks, window, place) {
  await checks.also('both connections are healthy', async () => {
    await go(window, 'connections');
    await until('two healthy connections', async () => {
      const entries = await window.all('option');
      const texts = await Promise.all(entries.map((entry) => window.text(entry)));
      return texts.filter((text) => text.includes(window.t('health.healthy'))).length === 2;
    });
  });
  await lookAt(checks, window, place, '16-connections');
  await checks.also('the settings say that the keychain works', async () => {
    await go(window, 'settings');
    await window.reads(window.t('settings.vault_ready'));
    expect((await window.text()).includes(place.data), 'the data folder is not named');
  });
  await checks.also('they say how both keys stand', async () => {
    const rows = await window.run(() => [...document.querySelectorAll('table.ledger tbody tr')].map((row) => row.textContent));
    expect(rows.length === 2, `there are ${rows.length} rows`);
  });
  await checks.also('text grows, and is as designed again', async () => {
    const size = () => window.run(() => getComputedStyle(document.documentElement).fontSize);
    const usual = await size();
    await choose(window, 'text', /^130/u);
    await until('it grew', async () => (await size()) !== usual);
    await choose(window, 'text', /^100/u);
    await until('it is as before', async () => (await size()) === usual);
  });
  await lookAt(checks, window, place, '17-settings');
  await checks.also('what is given to support is read before it is saved', async () => {
    await window.click('button', window.t('support.make'));
    const inside = await window.text(await window.find('region', window.t('support.inside')));
    expect(inside.includes('[settings]') && !inside.includes('http'), inside.slice(0, 200));
    await lookAt(checks, window, place, '18-support');
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
  });
  await checks.also('a backup is written, and looked at before it is taken over', async () => {
    await window.click('button', window.t('backup.write'));
    await window.reads(window.t('backup.written'));
    await window.click('button', window.t('backup.restore'));
    await window.find('dialog', window.t('backup.question'));
    await window.reads(window.t('backup.keys'));
    await lookAt(checks, window, place, '19-backup');
    await window.click('button', window.t('backup.take'));
    await window.reads(window.t('backup.aside'), 60_000);
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
  });
}

async function secrets(checks, window, place, sandbox) {
  await checks.also('both secrets are in the system’s keyring', async () => {
    const kept = await searchKeyring();
    for (const { kind, secret } of [sandbox.store, sandbox.odoo]) expect(kept.includes(secret), `no entry holds the secret of ${kind}`);
    expect(!kept.includes(WRONG_SECRET), 'the wrong secret is still kept');
  });
  await checks.also('no secret is in a file of the data folder', () => {
    for (const secret of [sandbox.store.secret, sandbox.odoo.secret, WRONG_SECRET]) {
      const { holding, count } = place.filesWith(secret);
      expect(count > 0, 'the data folder is empty');
      expect(holding.length === 0, `a secret is in ${holding.join(', ')}`);
    }
  });
  await checks.also('no secret is on the command line', () => {
    const line = commandLineOf(window.pid);
    expect(line.includes('tandem'), `this is not the app: ${line}`);
    for (const { secret } of [sandbox.store, sandbox.odoo]) expect(!line.includes(secret), line);
  });
}

async function again(checks, window) {
  await checks.step('it opens on the day, in the dark', async () => {
    await dayShown(window);
    expect((await window.run(() => document.documentElement.dataset.theme)) === 'dark', 'the theme is forgotten');
  });
  await checks.also('the decisions are kept', async () => {
    await go(window, 'mapping');
    await mappingFilled(window);
    await openTab(window, 'mapped');
    await window.click('button', new RegExp(`^${window.t('verdict.decided')}`, 'u'));
    await mappingFilled(window);
  });
  await checks.also('a fetch finds its keys in the keyring', async () => {
    await window.click('button', window.t('shell.fetch_now'));
    await window.reads(window.t('shell.fetch_done'), 120_000);
  });
}

function searchKeyring() {
  return new Promise((resolve, reject) => {
    execFile('secret-tool', ['search', '--all', '--unlock', 'service', 'Tandem default'], { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`secret-tool: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
