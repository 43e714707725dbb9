// What must hold of `account.ts`.
import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../api/types';
import { ofHundred } from '../../pieces/share';
import { cautionSentences, contrastRows, lookedWords, measuredWords, wordRows } from './account';

function account(change: Partial<AccountView> = {}): AccountView {
  return { same: [], met: [], onlyStore: [], onlyOdoo: [], contrasts: [], priceFactor: null, ...change };
}

describe('the account of a pair', () => {
  it('says what differs, and that a side says nothing', () => {
    const [row] = contrastRows(account({ contrasts: [{ difference: 'count', store: '', odoo: 'carton of 12' }] }));
    expect(row).toMatchObject({ label: 'Count', store: 'not said', odoo: 'carton of 12', marked: true });
  });

  it('says which words were taken for one, and how they came to be', () => {
    const [row] = wordRows(account({ met: [{ store: 'ct', odoo: 'pcs', origin: 'learned' }] }));
    expect(row).toMatchObject({ store: 'ct', odoo: 'pcs', text: 'learned here' });
  });

  it('counts the words that agree, names them, and puts the others on their side', () => {
    const [row] = wordRows(account({ same: ['red', 'cup'], onlyOdoo: ['ctn'] }));
    expect(row).toMatchObject({ text: '2 words agree', full: 'red, cup', store: '', odoo: 'Only here: ctn' });
    expect(wordRows(account({ onlyStore: ['cup'] }))[0]?.text).toBe('no word in common');
  });

  it('calls a price usual only near the usual ratio', () => {
    expect(wordRows(account({ priceFactor: '1.0' }))[0]?.text).toBe('as usual here');
    expect(wordRows(account({ priceFactor: '12.0' }))[0]?.text).toBe('12.0× off the usual');
  });
});

describe('a measured share', () => {
  it('is never rounded up to all of a hundred', () => {
    expect([ofHundred(10_000), ofHundred(9_993), ofHundred(9_990)]).toEqual(['99.99', '99.93', '99.9']);
  });

  it('tells what was seen here from what was seen elsewhere, and from nothing', () => {
    expect(measuredWords({ shareBp: 9990, checked: 12, wrong: 0 })).toBe('right 99.9 of 100 times here');
    expect(measuredWords({ shareBp: 9990, checked: 0, wrong: 0 })).toContain('elsewhere');
    expect(measuredWords(null)).toContain('nobody');
    expect(lookedWords({ shareBp: 9720, checked: 143, wrong: 1 })).toBe('143 pairs looked at, 1 wrong');
  });
});

it('says why a pair waits in the finest words there are, each once', () => {
  expect(cautionSentences({ cautions: ['key_in_part', 'key_in_part'], reasons: ['name_only'] })).toEqual(['Only a part of the SKU agrees.']);
  expect(cautionSentences({ cautions: [], reasons: ['name_only'] })).toEqual(['Only the names speak for it.']);
});
