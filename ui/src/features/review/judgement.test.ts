// What must hold of `judgement.ts`.
import { describe, expect, it } from 'vitest';
import type { FieldRow } from '../../api/types';
import { guardWords, unguarded } from '../../pieces/guards';
import { pair } from './fixtures';
import { commonPrefix, relation, score, whys, within } from './judgement';

function field(change: Partial<FieldRow>): FieldRow {
  return { field: 'price', store: '1.000', odoo: '12.000', relation: 'same', params: {}, storeMarks: [], odooMarks: [], ...change };
}

describe('a score', () => {
  it('has two decimals', () => {
    expect([score(8600), score(9999), score(0)]).toEqual(['0.86', '1.00', '0.00']);
  });

  it('counts what lies within a range of bars', () => {
    expect(within([1, 2, 3, 4], 1, 3)).toBe('5');
  });
});

describe('reasons of a row', () => {
  it('give a guard the room of the name', () => {
    const guarded = pair(1, {
      evidence: [
        { tag: 'same_gtin', params: {}, against: false },
        { tag: 'name', params: { value: '8200' }, against: false },
        { tag: 'price_factor', params: { factor: '12.0', higher: 'odoo' }, against: true },
      ],
    });
    expect(whys(guarded).map(({ text, bad }) => [text, bad])).toEqual([
      ['EAN', false],
      ['price 12.0×', true],
    ]);
  });

  it('leave out a price that is no reason', () => {
    const near = pair(1, { evidence: [{ tag: 'same_sku', params: {}, against: false }, { tag: 'price_factor', params: { factor: '1.1' }, against: false }] });
    expect(whys(near).map(({ text }) => text)).toEqual(['SKU']);
  });

  it('say how many others are as good', () => {
    const several = pair(1, { verdict: 'ambiguous', otherCandidates: 2, evidence: [{ tag: 'name', params: { value: '7900' }, against: false }] });
    expect(whys(several).map(({ text }) => text)).toEqual(['name 0.79', '2 more']);
  });
});

describe('a relation', () => {
  it('says which side is higher, and which side is silent', () => {
    expect(relation(field({ relation: 'multiple', params: { factor: '12.0', higher: 'odoo' } })).text).toBe('Odoo 12.0× higher');
    expect(relation(field({ relation: 'missing', store: '' })).text).toBe('not in the store');
    expect(relation(field({ relation: 'missing', odoo: '' })).text).toBe('not in Odoo');
    expect(relation(field({ relation: 'missing', store: '', odoo: '' })).text).toBe('not known yet');
    expect(relation(field({ relation: 'alike', field: 'barcode' })).text).toBe('same, leading 0');
  });
});

describe('what names have in common', () => {
  it('ends with a word, so that the rest reads well', () => {
    expect(commonPrefix(['Ultra Hi Float (710ml) ctn', 'Ultra Hi Float (710ml)', 'Ultra Hi Float (473ml)'])).toBe('Ultra Hi Float ');
  });

  it('is empty for one name, and when a name would vanish', () => {
    expect(commonPrefix(['Ultra'])).toBe('');
    expect(commonPrefix(['Blue cup ', 'Blue cup big'])).toBe('');
  });
});

describe('a guard', () => {
  const price = (against: boolean) => ({ tag: 'price_factor' as const, params: { factor: '12.0', higher: 'odoo' }, against });
  const name = { tag: 'name_contradicts' as const, params: { store: '500 m', odoo: '500 yd' }, against: true };

  it('speaks of the price first, and of the name when the price is no reason', () => {
    expect(guardWords(pair(1, { evidence: [name, price(true)] })).warning).toBe('Price differs 12.0×.');
    expect(guardWords(pair(1, { evidence: [name, price(false)] })).what).toBe('500 m in the store, 500 yd in Odoo.');
  });

  it('leads to the first free candidate that nothing speaks against', () => {
    const candidate = (n: number, change: object) => ({ variant: pair(n).variant, scoreBp: 1, evidence: [], linkedTo: null, ...change });
    const all = [candidate(1, {}), candidate(2, { evidence: [price(true)] }), candidate(3, { linkedTo: 'Mug' }), candidate(4, {})];
    expect(unguarded(all as unknown as Parameters<typeof unguarded>[0], 1)).toBe(3);
  });
});
