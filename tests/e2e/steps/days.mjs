// The day, the palette, the history, and orders narrowed and looked into: on real data, from the keyboard too.
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { Key } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { until } from '../processes.mjs';
import { tandem } from '../sandbox.mjs';
import { dayShown, findBy, go, mappingFilled, orderState } from './pages.mjs';

export function days(checks, place) {
  return atDesk(checks, place, async (window, sandbox) => {
    await day(checks, window, place);
    await palette(checks, window, place);
    await narrowed(checks, window, place);
    await inFull(checks, window, place);
    await chronicle(checks, window, place);
    await ofTheStore(checks, window, place);
    await checks.step('store and Odoo stop', () => sandbox.stop());
    await trouble(checks, window, place);
  });
}

async function day(checks, window, place) {
  await checks.step('it opens on the day', () => dayShown(window));
  await checks.also('the numbers are those of the command line', async () => {
    const { orders, mapping } = JSON.parse(await tandem(place, ['--json', 'today']));
    const text = await window.text();
    for (const number of [orders.waiting, mapping.mapped, mapping.toReview]) expect(text.includes(`${number}`), `${number} is not there`);
  });
  await lookAt(checks, window, place, '40-today');
  await lookLarge(window, place, '40-today');
  await checks.step('the first need is done by keyboard: blocked orders', async () => {
    await window.press(Key.ENTER);
    await window.find('heading', window.t('orders.title'));
    await until('a blocked order is shown', async () => (await orderState(window)).chip === window.t('orders.state.blocked'));
  });
}

async function palette(checks, window, place) {
  const { number, total } = await checks.step('the palette finds an order by its number', async () => {
    const state = await orderState(window);
    const number = state.number.replace(/\D/g, '');
    const options = await findBy(window, number, new RegExp(number, 'u'));
    return { number, total: options.length };
  });
  expect(total > 0, number);
  await lookAt(checks, window, place, '41-palette');
  await checks.also('Enter opens it', async () => {
    await window.press(Key.ENTER);
    await window.gone('dialog');
    await until('the order is shown', async () => (await orderState(window)).number.includes(number));
  });
  await checks.also('a product is found, and opens in the mapping', async () => {
    await findBy(window, 'balloon', /balloon/iu);
    await window.press(Key.ENTER);
    await mappingFilled(window);
  });
  await checks.also('a setting is found, and has the keyboard', async () => {
    await findBy(window, '>density', new RegExp(window.t('command.set_density'), 'u'));
    await window.press(Key.ENTER);
    await until('the setting has the focus', () => window.run(() => document.activeElement?.closest('#setting-density') !== null));
  });
  await checks.also('nothing found is said, and Escape closes it', async () => {
    await window.pressWithControl('k');
    await (await window.find('combobox', window.t('find.label'))).sendKeys('zzzzqq');
    await window.reads(window.t('find.none', { text: 'zzzzqq' }));
    await window.press(Key.ESCAPE);
    await window.gone('dialog');
  });
}

/** How many orders the list has. */
const listed = (window) => window.run(() => Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize') ?? 0));

async function narrowed(checks, window, place) {
  const all = await checks.step('the orders open', async () => {
    await go(window, 'orders');
    return until('orders are listed', () => listed(window));
  });
  await checks.also('an amount narrows the list, and the counts with it', async () => {
    await window.click('button', new RegExp(`^${window.t('orders.filter.total')}`, 'u'));
    await window.fill(window.t('orders.total.min'), '40');
    await until('fewer orders', async () => {
      const now = await listed(window);
      return now > 0 && now < all;
    });
  });
  await lookAt(checks, window, place, '42-orders-narrowed');
  await checks.also('what is no amount is said', async () => {
    await window.fill(window.t('orders.total.min'), 'forty');
    await window.reads(window.t('orders.total.wrong'));
  });
  await checks.also('one button takes all filters back', async () => {
    await window.fill(window.t('orders.total.min'), '40');
    await window.press(Key.ESCAPE);
    await window.click('button', window.t('orders.filter.clear'));
    await until('all orders', async () => (await listed(window)) === all);
  });
  await checks.also('words that nothing fits are said', async () => {
    await window.press('/');
    await window.press('zzzzqq');
    await window.find('heading', window.t('orders.empty.search'));
  });
  await lookAt(checks, window, place, '43-orders-nothing');
  await checks.also('and are taken back', async () => {
    await window.click('button', window.t('orders.empty.search.next'));
    await until('all orders', async () => (await listed(window)) === all);
  });
}

async function inFull(checks, window, place) {
  await checks.step('the text of an order unfolds, without its secrets', async () => {
    await (await window.find('listbox', window.t('orders.list'))).click();
    await window.press('w');
    const raw = await window.find('region', window.t('orders.raw'));
    const text = await window.text(raw);
    expect(text.includes('"order_key": "••••••"'), 'the key of the order is shown');
  });
  await lookAt(checks, window, place, '44-orders-raw');
  await checks.also('what is about a person can be left out everywhere', async () => {
    const before = await window.text(await window.find('region', window.t('orders.raw')));
    const email = /"email": "([^"]+@[^"]+)"/u.exec(before)?.[1];
    await window.click('button', window.t('orders.personal.hide'));
    await until('the text is read again', async () => !(await window.text(await window.find('region', window.t('orders.raw')))).includes(email ?? '@'));
    const pane = await window.find('region', window.t('orders.inspector'));
    expect(!(await window.text(pane)).includes('@'), 'an address is still shown');
    await window.click('button', window.t('orders.personal.show'));
  });
  await lookLarge(window, place, '44-orders-raw');
}

async function chronicle(checks, window, place) {
  await checks.step('the history has the fetch, and shows it in full', async () => {
    await go(window, 'history');
    const list = await window.find('listbox', window.t('history.list'));
    await until('a line is there', async () => (await window.all('option', undefined, list)).length > 0);
    await window.reads(window.t('history.log'));
    await window.reads(window.t('step.store_orders'));
  });
  await lookAt(checks, window, place, '45-history');
  await lookLarge(window, place, '45-history');
  await checks.also('filters that leave nothing say so, and are taken back', async () => {
    await window.click('radio', new RegExp(`^${window.t('history.filter.failed')}`, 'u'));
    await window.find('heading', window.t('history.empty.filter'));
    await window.click('button', window.t('history.empty.next'));
    await window.reads(window.t('history.log'));
  });
}

async function ofTheStore(checks, window, place) {
  await checks.also('the settings of the store name its Odoo and its company', async () => {
    await go(window, 'settings');
    await window.click('radio', /Party Centre|shop/iu);
    await window.reads(window.t('settings.store.sells'));
    const text = await window.text();
    expect(!text.includes(window.t('common.not_known')), 'something of it is not known');
  });
  await lookAt(checks, window, place, '46-settings-store');
}

async function trouble(checks, window, place) {
  await checks.also('a fetch that stops calls for a person, at the top of the day', async () => {
    await go(window, 'today');
    await dayShown(window);
    await window.click('button', window.t('shell.fetch_now'));
    await window.reads(window.t('shell.fetch_failed'), 90_000);
    await until('the day says so', async () => (await window.text()).includes(window.t('today.errors.text#one', { count: 1 })));
  });
  await lookAt(checks, window, place, '47-today-trouble');
  await checks.also('it stands in the history with its error', async () => {
    await go(window, 'history');
    await window.press('f');
    await window.reads(window.t('history.state.failed'));
    expect((await window.all('alert')).length > 0, 'no error is shown');
  });
  await lookAt(checks, window, place, '48-history-failed');
}
