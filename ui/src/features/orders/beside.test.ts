// What must hold of the ledger's Odoo column and its arithmetic.
import { describe, expect, it } from 'vitest';
import type { LedgerLine, OdooLine, OdooOrder, OrderDetail } from '../../api/types';
import { added, less } from './amounts';
import { beside, inOdoo } from './beside';

const ledger = (total: string, gross: string) => ({ total, gross }) as LedgerLine;
const line = (row: number | null, untaxed: string, total: string, rounding = false) => ({ row, untaxed, total, rounding, name: 'x' }) as OdooLine;
const order = (pricesIncludeTax: boolean, lines: LedgerLine[]) => ({ pricesIncludeTax, ledger: lines }) as OrderDetail;
const odoo = (lines: OdooLine[]) => ({ lines, shipments: [] }) as unknown as OdooOrder;

describe('amounts', () => {
  it('are added to the last decimal, beyond what a float could hold', () => {
    expect(added(['0.1', '0.20', '-0.300'])).toBe('0.000');
    expect(added(['9007199254740993.001', '0.001'])).toBe('9007199254740993.002');
    expect(less('0.05', '1.000')).toBe('-0.950');
    expect(less('-0.001', '-0.002')).toBe('0.001');
    expect(added([])).toBe('0');
  });
});

describe('the column', () => {
  it('adds up the lines that stand for one row, in the way of prices of the order', () => {
    const split = odoo([line(0, '3.00', '3.33'), line(0, '1.00', '1.11'), line(1, '2.00', '2.22')]);
    expect(beside(order(true, [ledger('4.00', '4.44'), ledger('2.00', '2.23')]), split).rows).toEqual([
      { amount: '4.44', difference: '0.00' },
      { amount: '2.22', difference: '-0.01' },
    ]);
    expect(beside(order(false, [ledger('4.00', '4.44'), ledger('2.00', '2.23')]), split).rows[1]).toEqual({ amount: '2.00', difference: '0.00' });
  });

  it('keeps apart what no row stands for', () => {
    const { rows, others } = beside(order(true, [ledger('1.00', '1.00')]), odoo([line(null, '0.01', '0.01', true), line(7, '5.00', '5.00')]));
    expect(rows).toEqual([null]);
    expect(others.map(({ amount, line: { rounding } }) => [amount, rounding])).toEqual([['0.01', true], ['5.00', false]]);
  });
});

describe('the time line', () => {
  it('tells only what is proved', () => {
    const step = (phase: 'intent' | 'confirmed' | 'failed') => ({ at: '2030-01-01T00:00:00Z', step: 'confirm' as const, phase, reference: null, detail: '' });
    expect(inOdoo([step('intent'), step('failed'), step('confirmed')], null, []).map(({ text }) => text)).toEqual(['Odoo: Confirmed']);
  });
});
