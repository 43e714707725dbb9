// The same screens in another language: every word in it, and in Arabic from right to left.
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { Key, Window } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { until } from '../processes.mjs';
import { Sandbox } from '../sandbox.mjs';
import { chooseKind, dayShown, errorShown, findBy, giveAddresses, giveOdooKeys, giveStoreKeys, go, mappingFilled, missingOfError, openBlocked, openTab, showSample, sides, speak, testBoth } from './pages.mjs';

const SLOW = { woocommerce: [{ path: '/products', fault: 'slow', delay_ms: 700 }] };

/** From the first start on, because a person who reads Arabic begins there too. */
export async function arabic(checks, place) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place, { faults: SLOW }));
  let window;
  try {
    window = await checks.step('the window opens on an empty folder', () => Window.open(place));
    checks.watch(window, place);
    await checks.step('the settings turn it around', async () => {
      await speak(window, 'ar');
      expect((await window.run(() => document.documentElement.dir)) === 'rtl', 'it still runs from the left');
    });
    await lookAt(checks, window, place, '17-settings');
    await wizard(checks, window, place, sandbox);
    await atWork(checks, window, place);
    await checks.also('the store’s side of a pair stands at the right', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
      const [store, odoo] = await window.run(() => [...document.querySelectorAll('[role=columnheader] .side')].map((head) => head.getBoundingClientRect().x));
      expect(store > odoo, `store at ${store}, Odoo at ${odoo}`);
    });
  } finally {
    await window?.close();
    await sandbox.stop();
  }
}

/** On a profile that has everything: the words are what is checked. */
export function french(checks, place) {
  return atDesk(checks, place, async (window) => {
    await checks.step('the settings change the language', () => speak(window, 'fr'));
    await lookAt(checks, window, place, '17-settings');
    await atWork(checks, window, place);
  });
}

async function wizard(checks, window, place, sandbox) {
  await checks.step('it welcomes', async () => {
    await go(window, 'welcome');
    await window.find('heading', window.t('setup.headline'));
  });
  await lookAt(checks, window, place, '01-welcome');
  await checks.step('the kind of store leads to the addresses', () => chooseKind(window));
  await lookAt(checks, window, place, '02-wizard-address');
  await checks.step('both sides are tested, one with a wrong secret', async () => {
    await giveAddresses(window, sandbox);
    await giveStoreKeys(window, sandbox.store.login, 'wrong');
    await giveOdooKeys(window, sandbox.odoo);
    await lookAt(checks, window, place, '03-wizard-keys');
    await testBoth(window);
  });
  await checks.also('what is wrong is told in words', async () => {
    const { store } = await sides(window);
    const missing = missingOfError(window, await errorShown(window, store));
    expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
  });
  await lookAt(checks, window, place, '04-wizard-wrong-secret');
  await checks.step('the right secret leads to the companies', async () => {
    await window.click('button', window.t('setup.change_keys'));
    await giveStoreKeys(window, sandbox.store.login, sandbox.store.secret);
    await testBoth(window);
    await window.click('button', window.t('setup.to_company'));
    await window.find('region', window.t('connections.company'));
  });
  await lookAt(checks, window, place, '06-wizard-company');
  await checks.step('the first fetch shows how far it is', async () => {
    await window.click('button', window.t('setup.finish'));
    await window.find('heading', window.t('runs.reading'));
  });
  await lookAt(checks, window, place, '07-fetch');
  await checks.step('it leads to the mapping', () => mappingFilled(window, 120_000));
}

/** The screens of the daily work. */
async function atWork(checks, window, place) {
  await checks.also('the day is read', async () => {
    await go(window, 'today');
    await dayShown(window);
  });
  await lookAt(checks, window, place, '40-today');
  await checks.also('the palette opens, and Escape closes it', async () => {
    await findBy(window, 'balloon', /balloon/iu);
  });
  await lookAt(checks, window, place, '41-palette');
  await checks.also('the history is read', async () => {
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
    await go(window, 'history');
    await window.reads(window.t('history.log'));
  });
  await lookAt(checks, window, place, '45-history');
  await checks.step('the mapping is filled', async () => {
    await go(window, 'mapping');
    await mappingFilled(window);
  });
  await lookAt(checks, window, place, '09-mapping');
  await lookLarge(window, place, '09-mapping');
  await checks.also('a pattern shows a sample of its pairs', () => showSample(window));
  await lookAt(checks, window, place, '32-mapping-sample');
  await checks.also('what was learned opens, and Escape leads back', async () => {
    await window.press(Key.ESCAPE);
    await window.click('button', window.t('learned.title'));
    await window.reads(window.t('tier.keys_agree'));
  });
  await lookAt(checks, window, place, '34-learned');
  await checks.also('the mapping is there again', async () => {
    await window.press(Key.ESCAPE);
    await mappingFilled(window);
  });
  for (const [number, tab] of [['11', 'mapped'], ['12', 'unmatched'], ['13', 'conflicts']]) {
    await checks.also(`the list “${tab}” opens`, () => openTab(window, tab));
    await lookAt(checks, window, place, `${number}-mapping-${tab}`);
  }
  await checks.also('a key says its keys', async () => {
    await window.pressShifted('?');
    await window.find('dialog');
  });
  await lookAt(checks, window, place, '18-keys');
  await checks.also('Escape closes them', async () => {
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
  });
  await checks.also('the orders are listed', async () => {
    await go(window, 'orders');
    await window.find('listbox', window.t('orders.list'));
    await openBlocked(window);
  });
  await lookAt(checks, window, place, '14-orders-blocked');
  await lookLarge(window, place, '14-orders-blocked');
  await checks.also('the connections are listed', async () => {
    await go(window, 'connections');
    await until('two connections', async () => (await window.all('option')).length === 2);
  });
  await lookAt(checks, window, place, '16-connections');
}
