// What must hold of `binding.svelte.ts`.
import { describe, expect, it } from 'vitest';
import type { CompanyView } from '../api/types';
import { BindingChoice } from './binding.svelte';

const COMPANIES: CompanyView[] = [
  { id: 1, name: 'Bahrain', currency: 'BHD', warehouses: [{ id: 4, name: 'Manama', code: 'BAH' }] },
  {
    id: 2,
    name: 'Kuwait',
    currency: 'KWD',
    warehouses: [
      { id: 1, name: 'Main', code: 'WH' },
      { id: 2, name: 'Salmiya', code: 'SAL' },
    ],
  },
  { id: 3, name: 'Office', currency: 'KWD', warehouses: [] },
];

describe('the choice of company and warehouses', () => {
  it('suggests the company with the currency of the store, with all its warehouses', () => {
    const choice = new BindingChoice();
    choice.offer(COMPANIES, 'KWD', null);
    expect(choice.bindingTo('odoo')).toEqual({ odoo: 'odoo', company: 2, warehouses: [1, 2] });
  });

  it('keeps what was saved', () => {
    const choice = new BindingChoice();
    choice.offer(COMPANIES, 'BHD', { odoo: 'odoo', company: 2, warehouses: [2] });
    expect(choice.bindingTo('odoo')).toEqual({ odoo: 'odoo', company: 2, warehouses: [2] });
  });

  it('starts again with all warehouses when another company is chosen', () => {
    const choice = new BindingChoice();
    choice.offer(COMPANIES, 'KWD', null);
    choice.tick(2, false);
    choice.choose(1);
    expect(choice.warehouses).toEqual([4]);
  });

  it('wants a warehouse where there are some, and none where there is none', () => {
    const choice = new BindingChoice();
    choice.offer(COMPANIES, 'KWD', null);
    choice.tick(1, false);
    choice.tick(2, false);
    expect([choice.gap, choice.bindingTo('odoo')]).toEqual(['warehouses', null]);
    choice.choose(3);
    expect(choice.bindingTo('odoo')).toEqual({ odoo: 'odoo', company: 3, warehouses: [] });
  });

  it('has a gap while no company is known', () => {
    const choice = new BindingChoice();
    choice.offer([], 'KWD', null);
    expect(choice.gap).toBe('company');
  });
});
