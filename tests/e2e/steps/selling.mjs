// An order on its road into Odoo: what holds it back is cleared in place, it goes in, and both sides say the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { Key } from '../driver.mjs';
import { lookAt } from '../looks.mjs';
import { until } from '../processes.mjs';
import { pattern } from '../words.mjs';
import { acceptMaps, go, openBlocked, orderState, proposals, speak } from './pages.mjs';

const IMPORT_MS_MAX = 60_000;
const PRINT_MS_MAX = 20_000;

/** In English. */
export function selling(checks, place) {
  return sold(checks, place, 'en');
}

/** The same from the right. */
export function sellingArabic(checks, place) {
  return sold(checks, place, 'ar');
}

function sold(checks, place, language) {
  const downloads = place.downloads();
  return atDesk(checks, place, async (window) => {
    if (language !== 'en') await checks.step('it speaks the language', () => speak(window, language));
    await orderGoesIn(checks, window, place);
    await documentIsSaved(checks, window, place, downloads);
    await others(checks, window, place);
  });
}

const state = (window) => orderState(window);
const waits = async (window) => (await state(window)).chip === window.t('orders.state.waiting');

/** What clears the blocker in front: the key does, and a question is answered by what stands first. */
async function clearFirst(window) {
  const inspector = async () => window.text(await window.find('region', window.t('orders.inspector')));
  const before = await inspector();
  await window.press('f');
  const asked = await until('it is cleared, or asked about', async () => {
    const [dialog] = await window.all('dialog');
    if (dialog) return (await window.all('combobox', undefined, dialog)).length > 0 ? 'which' : 'sure';
    return (await inspector()) !== before && 'cleared';
  });
  if (asked === 'which') await window.press(Key.ENTER);
  if (asked === 'sure') await window.click('button', window.t('review.ask.accept'));
  await window.gone('dialog');
  await until('the reasons changed', async () => (await inspector()) !== before);
}

async function orderGoesIn(checks, window, place) {
  await checks.step('an order names rows of the maps that hold it back', async () => {
    await go(window, 'orders');
    await window.find('listbox', window.t('orders.list'));
    await openBlocked(window, async () => {
      const choices = (await window.all('button', window.t('selling.clear.map'))).length;
      const buttons = await window.run(() => [...document.querySelectorAll('.first li')].every((item) => item.querySelector('button')));
      return choices > 0 && buttons;
    });
  });
  await lookAt(checks, window, place, '50-order-held-back');
  const { number } = await state(window);
  await checks.step('each is cleared in place', async () => {
    for (let cleared = 0; cleared < 8 && !(await waits(window)); cleared += 1) await clearFirst(window);
    await until('the order waits', () => waits(window));
    expect((await state(window)).number === number, 'another order is shown');
  });
  await checks.also('what it would be in Odoo has the store’s total', () => window.reads(window.t('selling.ledger.will_be_equal')));
  await lookAt(checks, window, place, '51-order-would-be');
  await checks.step('the plan says what the import would do', async () => {
    await window.press('i');
    await window.find('dialog', window.t('selling.plan'));
    await window.reads(window.t('selling.plan.what'));
  });
  await lookAt(checks, window, place, '52-import-plan');
  await checks.step('it goes in', async () => {
    await window.click('button', window.t('selling.import#one', { count: '1' }));
    await window.reads(window.t('selling.done'), IMPORT_MS_MAX);
    await window.reads(window.t('selling.went_in#one', { count: '1' }));
  });
  await lookAt(checks, window, place, '53-import-done');
  await checks.step('both sides say the same', async () => {
    await window.click('button', new RegExp(`^${window.t('common.close')}`, 'u'));
    await until('it is imported', async () => (await state(window)).chip === window.t('orders.state.imported'));
    await window.reads(window.t('selling.ledger.equal'));
    await window.reads(window.t('selling.journal'));
  });
  await lookAt(checks, window, place, '54-order-imported');
}

/** Odoo prints the order, and the file lies where downloads do. */
async function documentIsSaved(checks, window, place, downloads) {
  await checks.step('PDF saved', async () => {
    const papers = await window.find('region', window.t('selling.documents'));
    await window.click('button', pattern(window.t('selling.document.save_of')), papers);
    await window.reads(window.t('selling.document.show'), PRINT_MS_MAX);
    const files = readdirSync(downloads);
    expect(files.length === 1 && /^S\d+\.pdf$/u.test(files[0]), `there is ${files.join(', ')}`);
    const head = readFileSync(join(downloads, files[0])).subarray(0, 4).toString();
    expect(head === '%PDF', `it begins with ${head}`);
  });
  await lookAt(checks, window, place, '57-document-saved');
}

async function others(checks, window, place) {
  await checks.step('a map shows what it makes of a real order', async () => {
    await go(window, 'maps');
    await window.find('heading', window.t('maps.title'));
    const effect = await window.find('region', window.t('maps.effect'));
    await window.press('2');
    await until('the second choice is meant', async () => {
      const chosen = (await window.all('radio', undefined, effect))[1];
      return chosen && (await chosen.getAttribute('aria-checked')) === 'true';
    });
    await window.press('1');
  });
  await lookAt(checks, window, place, '58-maps-effect');
  await checks.step('the maps accept what speaks for itself', async () => {
    await acceptMaps(window);
  });
  await lookAt(checks, window, place, '55-maps');
  await checks.also('what is chosen is taken back by a key', async () => {
    await window.press('z');
    await until('the proposals are back', async () => (await proposals(window)) > 0);
  });
  await checks.step('the audit accounts for every order', async () => {
    await go(window, 'audit');
    await window.reads(window.t('audit.accounted'), IMPORT_MS_MAX);
    const said = (await window.text(await window.find('region', window.t('audit.findings')))).replace(/[,\s]/gu, '');
    const [, one, all] = /(\d+)\D+?(\d+)/u.exec(said) ?? [];
    expect(one !== undefined && one === all && Number(one) > 0, `it says ${said.slice(0, 40)}`);
  });
  await lookAt(checks, window, place, '56-audit');
}
