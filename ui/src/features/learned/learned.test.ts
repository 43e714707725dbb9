// What must hold of `learned.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import type { LearnedView, LearnedWord, ReviewCounts, WordInput } from '../../api/types';
import { LearnedState, tooLong } from './learned.svelte';

const word = (store: string, odoo: string): LearnedWord => ({ store, odoo, seen: 2, of: 3, takenBack: false });

function view(change: Partial<LearnedView> = {}): LearnedView {
  return { learnedAt: null, listings: 0, variants: 0, proven: 0, decisions: 0, priceFactor: null, tiers: [], words: [], own: [], outdated: false, ...change };
}

function learned(first: LearnedView) {
  const port = {
    learned: vi.fn(() => Promise.resolve(first)),
    changeWord: vi.fn<(input: WordInput) => Promise<LearnedView>>(() => Promise.resolve(view({ ...first, outdated: true }))),
    matchAgain: vi.fn(() => Promise.resolve({ tabs: { toReview: 7 } } as ReviewCounts)),
  };
  const tell = { matched: vi.fn(), failed: vi.fn() };
  return { state: new LearnedState(port, tell), port, tell };
}

describe('the word list', () => {
  it('takes a line only when both sides say something short', async () => {
    const { state, port } = learned(view());
    state.draft = { store: ' ct ', odoo: '' };
    await state.add();
    expect(port.changeWord).not.toHaveBeenCalled();
    state.draft = { store: 'one two three four five', odoo: 'pcs' };
    expect(state.addable).toBe(false);
    state.draft = { store: ' ct ', odoo: 'pcs' };
    await state.add();
    expect(port.changeWord).toHaveBeenCalledWith({ action: 'add', store: 'ct', odoo: 'pcs' });
    expect([state.draft.store, state.view?.outdated]).toEqual(['', true]);
  });

  it('keeps what was typed when it could not be saved', async () => {
    const { state, port, tell } = learned(view());
    port.changeWord.mockRejectedValueOnce({ code: 'cache.failed' });
    state.draft = { store: 'ct', odoo: 'pcs' };
    await state.add();
    expect(tell.failed).toHaveBeenCalledWith({ code: 'cache.failed' });
    expect(state.draft.store).toBe('ct');
  });

  it('counts pieces, whatever stands between them', () => {
    expect([tooLong('a b  c d'), tooLong(' a b c d e')]).toEqual([false, true]);
  });
});

it('finds words on either side, and shows the first of many', async () => {
  const many = Array.from({ length: 80 }, (_, n) => word(`w${n}`, n === 70 ? 'Balloon' : `o${n}`));
  const { state } = learned(view({ words: many }));
  await state.read();
  expect([state.found.length, state.shown.length]).toEqual([80, 60]);
  state.showAll = true;
  expect(state.shown.length).toBe(80);
  state.text = 'balloon';
  expect(state.shown.map(({ store }) => store)).toEqual(['w70']);
});

it('matches again once at a time, says what is left, and reads what was learned then', async () => {
  const { state, port, tell } = learned(view({ outdated: true }));
  await Promise.all([state.match(), state.match()]);
  expect(port.matchAgain).toHaveBeenCalledOnce();
  expect(tell.matched).toHaveBeenCalledWith(7);
  expect([port.learned.mock.calls.length, state.matching]).toEqual([1, false]);
});
