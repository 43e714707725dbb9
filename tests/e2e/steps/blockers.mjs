// What only a person can answer before an order goes in: which customer, import it all the same, it is this store.
import { expect } from '../checks.mjs';
import { Key, Window } from '../driver.mjs';
import { lookAt } from '../looks.mjs';
import { until } from '../processes.mjs';
import { inOdoo, joined, Sandbox, tandem } from '../sandbox.mjs';
import { go, orderState, speak } from './pages.mjs';

/** The mark of a store of the same kind at another address. */
const OTHER_STORE = 'tandem_abcdefgh23.order_1';
/** Made in Odoo by hand: a reference that nobody's tool made. */
const BY_HAND = '__import__.sale_by_hand';

export async function blockers(checks, place) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place));
  let window;
  try {
    await checks.step('the command line prepares the profile', () => joined(place, sandbox));
    const asked = await checks.step('Odoo has orders of the same numbers', () => prepared(place, sandbox));
    window = await checks.step('the window opens on it', () => Window.open(place));
    checks.watch(window, place);
    // First they are only looked at, from the right; then each is answered.
    await checks.step('it speaks Arabic', () => speak(window, 'ar'));
    for (const question of asked) await met(checks, window, place, question);
    await checks.step('it speaks English', () => speak(window, 'en'));
    for (const question of asked) {
      await met(checks, window, place, question);
      await answered(checks, window, question);
    }
    await severalGoIn(checks, window, place);
    await customersAreTold(checks, window, place);
  } finally {
    await window?.close();
    await sandbox.stop();
  }
}

/** Three orders of the store, each with a question of its own, beside some that are in Odoo. */
async function prepared(place, sandbox) {
  const read = async () => JSON.parse(await tandem(place, ['--json', 'orders', 'shop'])).rows;
  const open = (await read()).filter(({ state }) => ['waiting', 'blocked'].includes(state));
  const twice = open.find(({ blockers: held }) => held.includes('customer_ambiguous'));
  const others = open.filter(({ key }) => key !== twice?.key);
  const [byHand, elsewhere] = others;
  await inOdoo(sandbox.odoo, 'sale.order', 'load', [
    ['id', 'partner_id/.id', 'client_order_ref'],
    [
      [BY_HAND, '41', byHand.number],
      [OTHER_STORE, '41', elsewhere.number],
    ],
  ]);
  await tandem(place, ['fetch', 'shop']);
  await tandem(place, ['maps', 'shop', 'accept']);
  const taken = [twice?.number, byHand.number, elsewhere.number];
  const waiting = (await read()).filter(({ state, number }) => state === 'waiting' && !taken.includes(number));
  await tandem(place, ['orders', 'shop', 'import', ...waiting.slice(0, 3).map(({ number }) => number)]);
  const held = new Map((await read()).map((row) => [row.number, row.blockers]));
  const questions = [
    { way: 'customer', kind: 'customer_ambiguous', number: twice?.number },
    { way: 'anyway', kind: 'number_taken', number: byHand.number },
    { way: 'same_store', kind: 'looks_like_copy', number: elsewhere.number },
  ];
  for (const { kind, number } of questions) expect(held.get(number)?.includes(kind), `no order is held back by ${kind}: ${number} has ${held.get(number)}`);
  return questions;
}

async function shown(window, number) {
  await go(window, 'orders');
  await window.find('listbox', window.t('orders.list'));
  await window.fill(window.t('orders.search'), number);
  await until(`order ${number} is shown`, async () => (await orderState(window)).number.includes(number));
}

async function met(checks, window, place, { way, number }) {
  await checks.step(`${way}: the question is asked`, async () => {
    await shown(window, number);
    await window.click('button', new RegExp(`^${window.t(`selling.clear.${way}`)}`, 'u'));
    await window.find('dialog');
    if (way === 'customer') await until('customers to choose from', async () => (await window.all('option')).length > 1);
    else await window.reads(window.t(`selling.sure.${way}`));
  });
  await lookAt(checks, window, place, `60-asks-${way}`);
  await checks.step(`${way}: left alone, nothing changes`, async () => {
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
    await window.find('button', new RegExp(`^${window.t(`selling.clear.${way}`)}`, 'u'));
  });
}

async function answered(checks, window, { way }) {
  await checks.step(`${way}: the answer clears it`, async () => {
    await window.click('button', new RegExp(`^${window.t(`selling.clear.${way}`)}`, 'u'));
    await window.find('dialog');
    if (way === 'customer') {
      await until('customers to choose from', async () => (await window.all('option')).length > 1);
      await window.press(Key.ENTER);
    } else await window.click('button', window.t(`selling.yes.${way}`));
    await window.gone('dialog');
    await window.gone('button', new RegExp(`^${window.t(`selling.clear.${way}`)}`, 'u'));
    await window.reads(window.t('selling.settled'));
  });
}

/** Orders that are chosen go in together, after what would be done was said. */
async function severalGoIn(checks, window, place) {
  await checks.step('orders are chosen by keys, all that are shown, or none', async () => {
    await go(window, 'orders');
    await window.fill(window.t('orders.search'), '');
    await window.click('radio', new RegExp(`^${window.t('orders.filter.blocked')}`, 'u'));
    await window.run(() => document.querySelector('[role=listbox].list').focus());
    const all = await until('the blocked ones', async () => {
      const [option] = await window.all('option');
      return option && Number(await option.getAttribute('aria-setsize'));
    });
    await window.pressWithControl('a');
    await window.reads(window.t('orders.chosen#other', { count: all }));
    await window.press(Key.ESCAPE);
    await window.gone('region', window.t('orders.chosen.title'));
    await window.press('x');
    await window.pressShifted(Key.ARROW_DOWN);
    await window.reads(window.t('orders.chosen#other', { count: 2 }));
  });
  await lookAt(checks, window, place, '61-orders-chosen');
  await checks.step('the plan is about those that are chosen', async () => {
    await window.press('i');
    await window.find('dialog', window.t('selling.plan'));
    await until('the plan', async () => /\d/u.test(await window.text(await window.find('dialog'))) && (await window.all('progressbar')).length === 0);
    const listed = await until('both are there', async () => {
      const numbers = await window.run(() => document.querySelectorAll('dialog[open] li bdi.num').length);
      return numbers > 0 && numbers;
    });
    expect(listed === 2, `the plan has ${listed} orders`);
  });
  await lookAt(checks, window, place, '62-orders-chosen-plan');
}

/** Asks what the store would be told of its customers. */
async function askOfCustomers(window) {
  await go(window, 'settings');
  await window.click('radio', /Party Centre|shop/iu);
  await window.click('button', window.t('customers.open'));
  await window.find('dialog', window.t('customers.plan'));
}

/** The other way: the store keeps who its customers are in Odoo, once somebody wants it and has seen it. */
async function customersAreTold(checks, window, place) {
  await checks.step('nothing is told of customers until somebody wants it', async () => {
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
    await go(window, 'settings');
    await window.click('radio', /Party Centre|shop/iu);
    const [open, wish] = [await window.find('button', window.t('customers.open')), await window.find('radiogroup', window.t('customers.way.mark'))];
    expect((await open.getAttribute('aria-disabled')) === 'true', 'it can be asked for');
    await window.click('radio', window.t('settings.on'), wish);
    await until('it can be asked for', async () => (await open.getAttribute('aria-disabled')) !== 'true');
  });
  await checks.step('the plan names them', async () => {
    await askOfCustomers(window);
    await window.reads(window.t('customers.part.mark'));
  });
  await lookAt(checks, window, place, '63-customers-plan');
  await checks.step('what was seen is written and read back', async () => {
    await window.click('button', /^Write \d+ change/u);
    await window.reads(window.t('customers.stands.told'), 60_000);
  });
  await lookAt(checks, window, place, '64-customers-told');
  await checks.also('then both sides agree', async () => {
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
    await askOfCustomers(window);
    await window.reads(window.t('customers.none'));
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
  });
}
