// What must hold of `wording.ts`.
import { describe, expect, it } from 'vitest';
import type { BlockerView, LedgerLine, OrderDetail, OrderRow, PairRow } from '../../api/types';
import { blockerHints, blockerTitle, inShort, isNothing, lineName, toImport } from './wording';

describe('figures', () => {
  it('are nothing only when every digit is zero', () => {
    expect(['0', '0.000', '-0.00', ''].map(isNothing)).toEqual([true, true, true, true]);
    expect(['0.001', '-0.10', '10'].map(isNothing)).toEqual([false, false, false]);
  });

  it('of a difference are said without their sign, which the sentence does not need', () => {
    const blocker: BlockerView = {
      kind: 'total_does_not_add_up', params: { difference: '-0.001', currency: 'KWD' }, listing: null, candidate: null, alsoBlocks: 0,
    };
    expect(blockerTitle(blocker)).toBe('The total is 0.001 KWD off');
  });
});

describe('a row', () => {
  const row = (change: Partial<OrderRow>) => ({ pieces: '3', blockers: [], ...change }) as unknown as OrderRow;

  it('says what holds it back, or how much was ordered', () => {
    expect(inShort(row({}))).toBe('3 pieces');
    expect(inShort(row({ blockers: ['no_lines'] }))).toBe('no lines');
    expect(inShort(row({ blockers: ['unlinked_line', 'total_does_not_add_up'] }))).toBe('2 blockers');
  });
});

describe('an order alone', () => {
  const row = (state: OrderRow['state']) => ({ key: '7', state }) as OrderRow;
  const detail = (key: string, stage: string | null) =>
    ({ row: { key }, import: stage === null ? null : { stage } }) as unknown as OrderDetail;

  it('is imported, or goes on where it stopped or where its invoice waits', () => {
    expect(toImport(row('waiting'), null)).toBe('one');
    expect(toImport(row('failed'), detail('7', 'created'))).toBe('on');
    expect(toImport(row('imported'), detail('7', 'uninvoiced'))).toBe('on');
  });

  it('has nothing to import where it is done, held back, or not read yet', () => {
    expect(toImport(row('imported'), detail('7', 'done'))).toBeUndefined();
    expect(toImport(row('imported'), detail('8', 'uninvoiced'))).toBeUndefined();
    expect(toImport(row('blocked'), detail('7', null))).toBeUndefined();
    expect(toImport(row('imported'), null)).toBeUndefined();
  });
});

describe('a blocker', () => {
  it('names the candidate with what speaks for it, and what else it holds back', () => {
    const blocker = {
      kind: 'unlinked_line', params: { name: 'Cup' }, listing: 'L1', candidate: { sku: 'CUP-1', name: 'Cup' }, alsoBlocks: 2,
    } as unknown as BlockerView;
    const pair = {
      evidence: [{ tag: 'same_gtin', params: {}, against: false }, { tag: 'price_factor', params: {}, against: true }],
    } as unknown as PairRow;
    expect(blockerHints(blocker, pair)).toEqual(['Best candidate CUP-1: same EAN', 'Also blocks 2 other orders']);
    expect(blockerHints(blocker, undefined)[0]).toBe('Best candidate CUP-1');
    expect(blockerHints({ ...blocker, candidate: null, alsoBlocks: 0 }, undefined)[0]).toMatch(/^No candidate yet/);
  });
});

describe('a line', () => {
  it('says its kind before its name', () => {
    const line = (kind: LedgerLine['kind'], name: string) => lineName({ kind, name } as LedgerLine);
    expect(line('goods', 'Cup')).toBe('Cup');
    expect(line('shipping', 'Flat rate')).toBe('Delivery: Flat rate');
    expect(line('fee', '')).toBe('Fee');
  });
});
