// The screens as a person goes through them, in whatever language the window speaks.
import { until } from '../processes.mjs';
import { pattern, plain, WORDS } from '../words.mjs';

/** How the shop's kind is called; a product's name, the same in every language. */
const KIND = 'WooCommerce';

const NUMBER = /[\d,.\s\u202f\u00a0]+/;

/** Screens of the rail whose names are not among the window's own words. */
const NAMES = { today: 'today.title', history: 'history.title', maps: 'maps.title', audit: 'audit.title' };

/** A screen of the rail. */
export async function go(window, name) {
  const rail = await window.find('navigation', window.t('shell.main'));
  // What needs somebody is said after the name.
  await window.click('button', new RegExp(`^${window.t(NAMES[name] ?? `shell.${name}`)}`, 'u'), rail);
}

/** Accepts every proposal of the maps. */
export async function acceptMaps(window) {
  await until('there are proposals', async () => (await proposals(window)) > 0);
  await window.pressShifted('A');
  await until('no proposal is left', async () => (await proposals(window)) === 0);
}

/** Whether the maps offer to accept proposals: the button that does is there. */
export function proposals(window) {
  return window.run(() => [...document.querySelectorAll('main .bar button kbd')].filter((key) => key.textContent === '⇧A').length);
}

/** Waits for the day, as the window opens on it. */
export async function dayShown(window, within_ms) {
  await window.find('heading', window.t('today.title'));
  await until('the day is read', async () => (await window.all('heading', window.t('today.connections'))).length > 0, within_ms);
}

/** Types into the palette, opened by its keys, and answers what it offers. */
export async function findBy(window, text, fits) {
  await window.pressWithControl('k');
  const box = await window.find('combobox', window.t('find.label'));
  await box.sendKeys(text);
  return until('the palette found it', async () => {
    const options = await window.all('option', fits);
    return options.length > 0 && options;
  });
}

/** Settings: one choice, by the key of its group and the words of the option. */
export async function choose(window, group, option) {
  const choice = await window.find('region', window.t('settings.look'));
  await window.click('radio', option, choice);
  await until(`${group} is ${option}`, async () => {
    const [radio] = await window.all('radio', option);
    return radio && (await radio.getAttribute('aria-checked')) === 'true';
  });
}

const OWN_NAME = { en: 'English', fr: 'Français', ar: 'العربية' };

/** Switches the language in the settings, and leaves them open. */
export async function speak(window, language) {
  await go(window, 'settings');
  await window.click('radio', OWN_NAME[language]);
  window.language = language;
  await window.find('heading', window.t('settings.title'));
}

/** Both sides of the wizard. */
export async function sides(window) {
  return {
    store: await window.find('region', window.t('setup.your_store')),
    odoo: await window.find('region', window.t('setup.your_odoo')),
  };
}

/** From the welcome to the two addresses. */
export async function chooseKind(window) {
  await window.click('button', KIND);
  await window.find('heading', window.t('setup.wizard_title'));
}

/** Types both addresses and goes on to the keys. */
export async function giveAddresses(window, sandbox) {
  const { store, odoo } = await sides(window);
  await window.fill(window.t('connections.address'), sandbox.store.url, store);
  await window.fill(window.t('connections.address'), sandbox.odoo.url, odoo);
  await window.click('button', window.t('common.continue'));
  await way(window, 'kind.odoo.api_key.title');
}

/** The card of a way to sign in; what stands at its end is said with its name. */
function way(window, title, within) {
  return window.find('radio', new RegExp(`^${window.t(title)}`, 'u'), within);
}

/** Types the keys of the store. */
export async function giveStoreKeys(window, login, secret) {
  const { store } = await sides(window);
  await (await way(window, 'kind.woocommerce.password.title', store)).click();
  await window.fill(window.t('kind.woocommerce.password.login'), login, store);
  await window.fill(window.t('kind.woocommerce.password.secret'), secret, store);
}

/** Types the keys of Odoo. */
export async function giveOdooKeys(window, account) {
  const { odoo } = await sides(window);
  await (await way(window, 'kind.odoo.api_key.title', odoo)).click();
  await window.fill(window.t('kind.odoo.api_key.login'), account.login, odoo);
  await window.fill(window.t('kind.odoo.api_key.secret'), account.secret, odoo);
}

/** Tests both sides and waits for the answers. */
export async function testBoth(window) {
  await window.click('button', window.t('setup.test_both'));
  await until('both tests are done', async () => {
    const busy = await window.run(() => document.querySelectorAll('main [aria-busy=true]').length);
    const { store, odoo } = await sides(window);
    const texts = await Promise.all([window.text(store), window.text(odoo)]);
    return busy === 0 && texts.every((text) => text.includes(window.t('check.address')) && !text.includes(window.t('connections.testing')));
  });
}

/** The numbers on the tabs of the mapping, by key. */
export async function tabCounts(window) {
  const counts = {};
  for (const tab of ['to_review', 'mapped', 'unmatched', 'conflicts']) {
    const label = window.t(`review.tab.${tab}`);
    const found = await window.find('tab', new RegExp(`^${label}${NUMBER.source}$`, 'u'));
    counts[tab] = Number((await window.text(found)).replace(label, '').replace(/\D/g, ''));
  }
  return counts;
}

/** How many decisions are in force. A tab is no measure of it: a rejected listing comes back with its next candidate. */
export async function decidedPairs(window) {
  const bar = await window.find('progressbar', pattern(window.t('review.progress')));
  return Number(await bar.getAttribute('aria-valuenow'));
}

/** Waits until a list of the mapping is shown whole: as many pairs as its tab says. */
export async function listed(window, tab, within_ms) {
  await until(
    `the list ${tab}`,
    async () => {
      const wanted = (await tabCounts(window))[tab];
      const rows = await window.run(() => Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') ?? 0));
      const label = await window.run(() => document.querySelector('[role=tab][aria-selected=true]')?.textContent ?? '');
      return label.includes(window.t(`review.tab.${tab}`)) && rows === wanted + 1;
    },
    within_ms,
  );
  await mappingFilled(window, within_ms);
}

/** Opens a list of the mapping. */
export async function openTab(window, tab, within_ms) {
  await window.click('tab', new RegExp(`^${window.t(`review.tab.${tab}`)}${NUMBER.source}$`, 'u'));
  await listed(window, tab, within_ms);
}

/** Waits until the mapping shows pairs. */
export async function mappingFilled(window, within_ms) {
  return until(
    'the mapping shows pairs',
    async () => {
      const [grid] = await window.all('grid', window.t('review.grid'));
      const rows = grid ? await window.all('row', undefined, grid) : [];
      const [pair] = await window.all('region', window.t('review.pair'));
      return rows.length > 1 && pair && (await pair.getAttribute('aria-busy')) === 'false';
    },
    within_ms,
  );
}

/** Shows the sample of the pattern in front, and answers how many pairs it would accept at once. */
export async function showSample(window) {
  await window.press('p');
  const sample = await window.find('region', window.t('pattern.sample.pairs'));
  await until('the sample is read', async () => (await sample.getAttribute('aria-busy')) === 'false');
  const band = await window.find('region', window.t('pattern.title'));
  return Number((await window.text(band)).match(/(\d[\d,.\s\u202f\u00a0]*)⇧A/u)?.[1].replace(/\D/g, '') ?? 0);
}

/** Which listing is in focus, and how many candidates it has. */
export function pairInFocus(window) {
  return window.run((label) => {
    const pane = document.querySelector(`section[aria-label="${label}"]`);
    const active = document.querySelector('[role=grid] [aria-selected=true]');
    return {
      // Variations share a name; name, variation and SKU together are one listing.
      listing: `${pane?.querySelector('.head .name')?.innerText ?? ''}|${pane?.querySelector('table td')?.innerText ?? ''}`,
      busy: pane?.getAttribute('aria-busy') === 'true',
      row: Number(active?.getAttribute('aria-rowindex') ?? 0),
      candidates: pane?.querySelectorAll('[role=radio]').length ?? 0,
    };
  }, window.t('review.pair'));
}

/** Number and state of the order in focus. */
export function orderState(window) {
  return window.run((label) => {
    const pane = document.querySelector(`section[aria-label="${label}"]`);
    return { number: pane?.querySelector('h2')?.textContent.trim() ?? '', chip: pane?.querySelector('header .chip')?.textContent.trim() ?? '' };
  }, window.t('orders.inspector'));
}

/** As many orders as are gone through for one that is held back. */
const ORDERS_LOOKED_AT = 120;

/** Goes down the orders to the first one that is held back, and that `fits` when it is shown. */
export async function openBlocked(window, fits = async () => true) {
  const shown = () => until('an order is shown', async () => {
    const state = await orderState(window);
    return state.number !== '' && state.chip !== '' && state;
  });
  for (let looked = 0; looked < ORDERS_LOOKED_AT; looked += 1) {
    const { number, chip } = await shown();
    if (chip === window.t('orders.state.blocked')) {
      await window.find('heading', new RegExp(`^${window.t('orders.blockers')}`, 'u'));
      if (await fits()) return;
    }
    await window.press('j');
    await until('the next order', async () => (await orderState(window)).number !== number);
  }
  throw new Error(`none of ${ORDERS_LOOKED_AT} orders is held back like that`);
}

/** Waits until an error stands on the screen; answers its code, words and steps. */
export async function errorShown(window, within) {
  const [alert] = await until('an error on the screen', async () => {
    const found = await window.all('alert', undefined, within);
    return found.length > 0 && found;
  });
  const code = await window.run((of) => of.querySelector('summary bdi')?.textContent.trim() ?? '', alert);
  return { code, text: await window.text(alert) };
}

/**
 * Which words of an error do not stand in the text: title, what happened, and each next step. Where the catalogue has
 * others for a reason or a kind of server, any of them will do.
 */
export function missingOfError(window, { code, text }) {
  const stands = (sentence) => new RegExp(pattern(plain(sentence)).source.slice(1, -1), 'su').test(text);
  return ['title', 'what', 'next'].flatMap((part) => {
    const key = `error.${code}.${part}`;
    const told = Object.keys(WORDS[window.language]).filter((known) => known === key || known.startsWith(`${key}.`));
    const missing = told.map((known) => window.t(known).split('\n').filter((sentence) => !stands(sentence)));
    return missing.some((sentences) => sentences.length === 0) ? [] : window.t(key).split('\n');
  });
}
