// Proposals that look alike: why they wait, a sample of them, all accepted in one step, taken back in one; and what was learned.
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { Key } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { until } from '../processes.mjs';
import { go, mappingFilled, pairInFocus, showSample, tabCounts } from './pages.mjs';

const SHOP_WORD = 'lollipop stick';
const ODOO_WORD = 'candy stick';

export function patterns(checks, place) {
  return atDesk(checks, place, async (window) => {
    await checks.step('the mapping is filled', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
    });
    await pair(checks, window, place);
    await pattern(checks, window, place);
    await learned(checks, window, place);
  }, { listings: 600 });
}

async function pair(checks, window, place) {
  await checks.also('a pair says how sure it is, and why it was not linked by itself', async () => {
    const pane = await window.find('region', window.t('review.pair'));
    const text = await window.text(pane);
    const sure = ['likely', 'possible', 'weak'].map((word) => window.t(`confidence.${word}`));
    expect(sure.some((word) => text.includes(word)), 'no word says how sure it is');
    expect(text.includes(window.t('review.reasons')), 'nothing says why it waits');
    expect(text.includes(window.t('account.words')), 'nothing says which words agree');
  });
  await lookAt(checks, window, place, '31-mapping-pair');
}

async function pattern(checks, window, place) {
  const before = await tabCounts(window);
  const all = await checks.step('a pattern shows a sample of its pairs', async () => {
    const count = await showSample(window);
    expect(count > 1, `it would accept ${count}`);
    const sample = await window.find('region', window.t('pattern.sample.pairs'));
    const shown = await window.run((of) => of.querySelectorAll('li').length, sample);
    expect(shown > 0 && shown <= count, `${shown} of ${count} are shown`);
    return count;
  });
  await lookAt(checks, window, place, '32-mapping-sample');
  await lookLarge(window, place, '32-mapping-sample');
  await checks.also('arrows lead through the patterns, Escape back to the pairs', async () => {
    await window.press(Key.ESCAPE);
    await window.gone('region', window.t('pattern.sample.pairs'));
    await until('the pairs have the focus', () => window.run(() => document.activeElement?.getAttribute('role') === 'grid'));
    expect((await tabCounts(window)).to_review === before.to_review, 'something was decided');
  });
  await checks.step('Shift A shows the sample first, and then accepts all of it', async () => {
    await window.pressShifted('a');
    const sample = await window.find('region', window.t('pattern.sample.pairs'));
    await until('the sample is read', async () => (await sample.getAttribute('aria-busy')) === 'false');
    expect((await tabCounts(window)).to_review === before.to_review, 'they were accepted unseen');
    await window.pressShifted('a');
    await until('all of them are mapped', async () => {
      const now = await tabCounts(window);
      return now.to_review === before.to_review - all && now.mapped === before.mapped + all;
    });
    await window.reads(window.t(`pattern.accepted#${all === 1 ? 'one' : 'other'}`, { count: all }));
  });
  await lookAt(checks, window, place, '33-mapping-accepted');
  await checks.step('one undo takes all of them back', async () => {
    await window.press('z');
    await until('the counts are as before', async () => {
      const now = await tabCounts(window);
      return now.to_review === before.to_review && now.mapped === before.mapped;
    });
    await window.reads(window.t(`pattern.undone#${all === 1 ? 'one' : 'other'}`, { count: all }));
  });
  await checks.also('the pair in focus stays when the rest gets a new order', async () => {
    for (let moved = 0; moved < 3; moved += 1) await window.press('j');
    const { row } = await pairInFocus(window);
    expect(row > 3, `the focus is on row ${row}`);
    await window.press('a');
    await until('the next pair has its place', async () => {
      if ((await window.all('dialog')).length > 0) await window.click('button', window.t('review.ask.accept'));
      const now = await pairInFocus(window);
      return now.row === row && (await tabCounts(window)).to_review === before.to_review - 1;
    });
  });
}

async function learned(checks, window, place) {
  await checks.step('what was learned is one press away', async () => {
    await window.click('button', window.t('learned.title'));
    await window.find('heading', window.t('learned.title'));
    await window.reads(window.t('tier.keys_agree'));
  });
  await checks.also('a word is put on the list', async () => {
    await window.press('n');
    await window.press(SHOP_WORD, Key.TAB, ODOO_WORD, Key.ENTER);
    await window.find('button', window.t('learned.own.remove', { store: SHOP_WORD, odoo: ODOO_WORD }));
    await window.reads(window.t('learned.outdated'));
  });
  await lookAt(checks, window, place, '34-learned');
  await checks.also('matching again takes it in', async () => {
    await window.press(Key.ESCAPE);
    await go(window, 'settings');
    // What was learned belongs to the store.
    await window.find('heading', window.t('settings.title'));
    await window.click('radio', /Party Centre/u);
    await window.click('button', window.t('learned.open'));
    await window.click('button', window.t('learned.match'));
    await window.reads(window.t('learned.matched'), 120_000);
    await until('nothing is left to take in', async () => !(await window.text()).includes(window.t('learned.outdated')));
  });
  await checks.also('it is taken off the list', async () => {
    await window.click('button', window.t('learned.own.remove', { store: SHOP_WORD, odoo: ODOO_WORD }));
    await window.reads(window.t('learned.own.none'));
  });
}
