// What must hold of the audit page.
import { describe, expect, it, vi } from 'vitest';
import type { AuditRow, AuditView } from '../../api/types';
import { AuditState } from './audit.svelte';
import { daysOf, isDay } from './days';

const row = (change: Partial<AuditRow>): AuditRow => ({
  key: 'k', number: '1', customer: 'Ann', placedAt: '2030-01-01T00:00:00Z', status: 'processing', kind: 'missing', total: '1.000', currency: 'KWD',
  sales: [], odooTotal: null, difference: null, blockers: [], ...change,
});
const view = (rows: AuditRow[]): AuditView => ({
  from: '', to: '', storeOrders: 3, odooOrders: 1, accounted: 3, findings: [{ kind: 'missing', orders: 1 }, { kind: 'equal', orders: 1 }], rows,
});

describe('a period', () => {
  it('has so many days, today among them', () => {
    expect(daysOf('week', Date.UTC(2030, 2, 3, 23))).toEqual({ from: '2030-02-25', to: '2030-03-03' });
    expect(['2030-02-28', '2030-02-30', '30-1-1', ''].map(isDay)).toEqual([true, false, false, false]);
  });

  it('that is typed is asked for only when it is whole', async () => {
    const ask = vi.fn(() => Promise.resolve(view([])));
    const audit = new AuditState(ask, () => Date.UTC(2030, 2, 3));
    await audit.choose('between');
    audit.from = '2030-03-09';
    await audit.run();
    expect(ask).not.toHaveBeenCalled();
    audit.from = '2030-03-01';
    await audit.run();
    expect(ask).toHaveBeenCalledExactlyOnceWith('2030-03-01', '2030-03-03');
  });
});

describe('findings', () => {
  it('of an older question are dropped', async () => {
    let late: (view: AuditView) => void = () => undefined;
    const ask = vi.fn(() => Promise.resolve(view([row({}), row({ key: 'b', kind: 'duplicate' })])));
    ask.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const audit = new AuditState(ask);
    const first = audit.run();
    await audit.choose('week');
    late(view([]));
    await first;
    expect(audit.rows).toHaveLength(2);
    audit.show('duplicate');
    expect(audit.selected?.key).toBe('b');
    expect(audit.count('missing')).toBe(1);
  });
});
