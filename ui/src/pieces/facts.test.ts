// What must hold of `facts.ts`.
import { describe, expect, it } from 'vitest';
import type { FactsView } from '../api/types';
import { factsOf as rowsOf, keyDaysLeft } from './facts';
import { factsOf } from './fixtures';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const row = (id: string, facts: Partial<FactsView>, other: Partial<FactsView> | null = null, side: 'store' | 'odoo' = 'store') =>
  rowsOf(factsOf(facts), side === 'odoo' ? 'odoo' : 'woocommerce', side, other && factsOf(other), NOW).find((fact) => fact.id === id);

describe('a fact', () => {
  it('that is not known is never guessed', () => {
    const unknown = rowsOf(null, 'woocommerce', 'store', null);
    expect(unknown.length).toBeGreaterThan(5);
    expect(unknown.every(({ value }) => value === null)).toBe(true);
  });

  it('about decimals is compared in three places', () => {
    const kwd = { currency: 'KWD', currencyDecimals: 3, standardDecimals: 3 };
    expect(row('currency', kwd, kwd)).toMatchObject({ value: 'KWD, 3 decimals', good: 'as in Odoo and by the standard' });
    expect(row('currency', { ...kwd, currencyDecimals: 2 }, kwd)).toMatchObject({ off: '3 decimals by the standard · 3 decimals in Odoo' });
    expect(row('currency', kwd, { ...kwd, currency: 'USD' })).toMatchObject({ off: 'another currency' });
    expect(row('currency', kwd)).toMatchObject({ good: 'as by the standard' });
    expect(row('currency', { currency: 'KWD' }), 'decimals that are not known are not invented').toMatchObject({ value: 'KWD' });
  });

  it('about prices says when they are kept with fewer decimals than the currency has', () => {
    expect(row('prices', { priceDecimals: 2, currencyDecimals: 3 })).toMatchObject({ value: '2 decimals', off: 'fewer than the currency has' });
    expect(row('prices', { priceDecimals: 3, currencyDecimals: 3 })?.off).toBeNull();
  });

  it('about rounding says how the other side does it', () => {
    expect(row('rounding', { taxRounding: 'line' }, { taxRounding: 'total' })).toMatchObject({ value: 'on each line', off: 'Odoo: on the whole order' });
    expect(row('rounding', { taxRounding: 'line' }, { taxRounding: 'line' })).toMatchObject({ good: 'same as Odoo' });
  });

  it('about the clock says when it is off by more than is good', () => {
    expect(row('clock', { skewSeconds: -2 })).toMatchObject({ value: '2 seconds behind this computer', good: 'close enough' });
    expect(row('clock', { skewSeconds: 400 })?.off).toBe('more than is good');
  });

  it('about rights is in our words where the vendor’s are known', () => {
    expect(row('rights', { permissions: ['product.product:read', 'sale.order:read', 'sale.order:create', 'x_own:read'] }, null, 'odoo')?.value).toBe(
      'products: read · orders: read, create · x_own: read',
    );
  });

  it('about the way in keeps the code of a later version', () => {
    expect([row('way', { way: 'basic' })?.value, row('way', { way: 'new_way' })?.value]).toEqual(['key pair in the sign-in header', 'new_way']);
  });
});

describe('a key', () => {
  it('asks for attention in its last fourteen days', () => {
    expect(keyDaysLeft('2026-12-04T10:00:00Z', NOW)).toBe(13);
    expect(keyDaysLeft('2027-02-04T10:00:00Z', NOW)).toBeNull();
    expect(keyDaysLeft(null, NOW)).toBeNull();
    expect(row('key', { keyExpiresAt: '2026-12-04T10:00:00Z' })).toMatchObject({ value: 'Dec 4, 2026', off: 'in 13 days' });
  });
});
