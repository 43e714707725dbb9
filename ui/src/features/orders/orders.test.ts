// What must hold of `orders.svelte.ts`.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlockerView, OrderDetail, OrderRow, OrdersPage, OrdersQuery, PairRow } from '../../api/types';
import { EVERYTHING } from './narrowing';
import { OrdersState, type OrdersPort, type Teller } from './orders.svelte';

function order(n: number, change: Partial<OrderRow> = {}): OrderRow {
  return {
    key: `K${n}`, number: `${1000 + n}`, customer: `Customer ${n}`, total: '9.500', currency: 'KWD', state: 'waiting',
    status: 'processing', placedAt: '2030-01-01T10:00:00Z', pieces: '1', blockers: [], ...change,
  };
}

function detail(row: OrderRow, blockers: BlockerView[] = []): OrderDetail {
  return {
    row, modifiedAt: row.placedAt, email: null, phone: null, guest: true, billing: [], shipping: [], payment: '',
    paidAt: null, coupons: [], note: null, pricesIncludeTax: false, ledger: [], discountTotal: '0.000',
    netTotal: row.total, taxes: [], taxTotal: '0.000', rounding: '0.000', refunds: [], timeline: [], addedUp: row.total, difference: '0.000', refunded: '0.000', blockers, adminUrl: null, import: null,
  };
}

const candidate = {
  key: 7, template: 7, name: 'Odoo cup', variation: '', sku: 'CUP7', barcode: null, price: null, currency: null,
  onHand: null, reserved: null, unit: null, active: true,
};

function unlinked(listing = 'L7'): BlockerView {
  return { kind: 'unlinked_line', params: { name: 'Cup' }, listing, candidate, alsoBlocks: 0 };
}

const pairRow = (guarded: boolean) => ({ listing: { key: 'L7' }, variant: candidate, guarded, evidence: [] }) as unknown as PairRow;

let orders: OrderRow[];
let blockers: Map<string, BlockerView[]>;
let guarded: boolean;
let port: { [K in keyof OrdersPort]: ReturnType<typeof vi.fn<OrdersPort[K]>> };
let tell: { [K in keyof Teller]: ReturnType<typeof vi.fn<Teller[K]>> };
let state: OrdersState;

function answer(query: OrdersQuery): OrdersPage {
  const fitting = orders.filter(
    (row) => (query.states.length === 0 || query.states.includes(row.state)) && row.number.includes(query.text),
  );
  const counts = { all: orders.length, waiting: 0, blocked: 0, imported: 0, differs: 0, failed: 0, notYet: 0, closed: 0 };
  return { total: fitting.length, rows: fitting.slice(query.offset, query.offset + query.limit), counts, statuses: [{ status: 'processing', orders: orders.length }] };
}

const numbers = () => Array.from({ length: state.list.total }, (_, at) => state.list.row(at)?.number);

beforeEach(async () => {
  orders = [order(0), order(1, { state: 'blocked', blockers: ['unlinked_line'] }), order(2, { state: 'closed' })];
  blockers = new Map([['K1', [unlinked()]]]);
  guarded = false;
  port = {
    page: vi.fn((query: OrdersQuery) => Promise.resolve(answer(query))),
    detail: vi.fn((key: string) => {
      const row = orders.find((each) => each.key === key);
      return row ? Promise.resolve(detail(row, blockers.get(key))) : Promise.reject(new Error('unknown'));
    }),
    keys: vi.fn((query: OrdersQuery) => Promise.resolve(answer({ ...query, offset: 0, limit: 99 }).rows.map(({ key }) => key))),
    raw: vi.fn(() => Promise.resolve({ text: '{}', fetchedAt: null, secrets: 0, personal: 0 })),
    pair: vi.fn(() => Promise.resolve({ row: pairRow(guarded), fields: [], reasons: [], cautions: [], tier: null, measured: null, account: null, candidates: [], waitingOrders: 1 })),
    decide: vi.fn(() => {
      blockers.clear();
      orders = orders.map((row) => (row.key === 'K1' ? { ...row, state: 'waiting', blockers: [] } : row));
      return Promise.resolve({ ordersCleared: 2, undoable: 1 });
    }),
    undo: vi.fn(() => Promise.resolve({ listing: 'L7', name: 'Cup', action: 'accept' as const, together: 1, undoable: 0 })),
  };
  tell = { linked: vi.fn(), notLinked: vi.fn(), undone: vi.fn(), notUndone: vi.fn(), notChosen: vi.fn() };
  state = new OrdersState(port, tell, () => Promise.resolve());
  await state.ask();
});

describe('the list', () => {
  it('shows one state, with the counts of all', async () => {
    await state.show('blocked');
    expect(numbers()).toEqual(['1001']);
    expect(state.counts?.all).toBe(3);
    expect(port.page).toHaveBeenLastCalledWith(expect.objectContaining({ states: ['blocked'] }));
  });

  it('searches as it is typed and drops answers to older words', async () => {
    let late: (page: OrdersPage) => void = () => undefined;
    port.page.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const first = state.search('1');
    await state.search('1002');
    late({ total: 1, rows: [order(50)], counts: { all: 99, waiting: 0, blocked: 0, imported: 0, differs: 0, failed: 0, notYet: 0, closed: 0 }, statuses: [] });
    await first;
    expect(numbers()).toEqual(['1002']);
    expect(state.counts?.all).toBe(3);
  });

  it('is narrowed to days, amounts and a status, and opening an order takes that back', async () => {
    await state.narrow({ ...EVERYTHING, days: 'today', min: '12,5', status: 'processing' });
    expect(port.page).toHaveBeenLastCalledWith(expect.objectContaining({ totalMin: '12.5', statuses: ['processing'], totalMax: null }));
    expect([state.narrowed, state.statuses[0]?.orders]).toEqual([true, 3]);
    await state.open('K2');
    expect(port.page).toHaveBeenLastCalledWith(expect.objectContaining({ totalMin: null, placedFrom: null, statuses: [] }));
    await state.widen();
    expect(state.narrowed).toBe(false);
  });

  it('opens an order that another page asks for', async () => {
    expect(await state.open('K2')).toBe(true);
    expect(state.selected?.number).toBe('1002');
  });
});

describe('the order in focus', () => {
  it('comes with the pairs behind its blockers', async () => {
    state.select(1);
    await state.look();
    expect(state.detail?.row.key).toBe('K1');
    expect(state.pairs.L7?.guarded).toBe(false);
    expect(state.firstClearable?.listing).toBe('L7');
  });

  it('is not replaced by an answer about the one before', async () => {
    let late: (order: OrderDetail) => void = () => undefined;
    port.detail.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const first = state.look();
    await vi.waitFor(() => expect(port.detail).toHaveBeenCalledOnce());
    state.select(2);
    await state.look();
    late(detail(order(0)));
    await first;
    expect(state.detail?.row.key).toBe('K2');
  });

  it('is read behind the paint of the rows that were searched for', async () => {
    let paint: () => void = () => undefined;
    state = new OrdersState(port, tell, () => new Promise((resolve) => (paint = resolve)));
    const asked = state.search('100');
    await vi.waitFor(() => expect(numbers()).toHaveLength(3));
    const looking = state.look();
    await new Promise((turn) => setTimeout(turn));
    expect(port.detail).not.toHaveBeenCalled();
    paint();
    await Promise.all([asked, looking]);
    expect(state.detail?.row.key).toBe('K0');
  });

  it('keeps its reasons apart from a pair that cannot be read', async () => {
    port.pair.mockRejectedValue(new Error('gone'));
    state.select(1);
    await state.look();
    expect(state.detail?.blockers).toHaveLength(1);
    expect(state.detailError).toBeNull();
  });
});

describe('accepting a candidate', () => {
  beforeEach(async () => {
    state.select(1);
    await state.look();
  });

  it('links it, says how many orders it cleared, and reads the list again', async () => {
    await state.accept(unlinked());
    expect(port.decide).toHaveBeenCalledWith({ listing: 'L7', action: 'accept', variant: 7 });
    expect(tell.linked).toHaveBeenCalledWith('Cup', 'CUP7', 2);
    expect(state.selected).toMatchObject({ key: 'K1', state: 'waiting' });
    expect(state.saving).toBeNull();
  });

  it('asks first when the pair is guarded', async () => {
    guarded = true;
    await state.look();
    await state.accept(unlinked());
    expect(state.asking?.pair.guarded).toBe(true);
    expect(port.decide).not.toHaveBeenCalled();
    await state.answer(true);
    expect(port.decide).toHaveBeenCalledOnce();
  });

  it('is not done when the question is answered with no', async () => {
    guarded = true;
    await state.look();
    await state.accept(unlinked());
    await state.answer(false);
    expect(port.decide).not.toHaveBeenCalled();
    expect(state.asking).toBeNull();
  });

  it('that cannot be saved is said, and the blocker stays', async () => {
    port.decide.mockRejectedValueOnce({ code: 'cache.failed' });
    await state.accept(unlinked());
    expect(tell.notLinked).toHaveBeenCalledWith('Cup', { code: 'cache.failed' });
    expect(state.detail?.blockers).toHaveLength(1);
    expect(state.saving).toBeNull();
  });

  it('saves once, however often it is pressed', async () => {
    await Promise.all([state.accept(unlinked()), state.accept(unlinked())]);
    expect(port.decide).toHaveBeenCalledOnce();
  });

  it('can be taken back', async () => {
    await state.accept(unlinked());
    await state.undo();
    expect(tell.undone).toHaveBeenCalledWith(expect.objectContaining({ listing: 'L7' }));
    port.undo.mockRejectedValueOnce(new Error('locked'));
    await state.undo();
    expect(tell.notUndone).toHaveBeenCalledOnce();
  });
});

describe('orders that are chosen', () => {
  it('are one by one, a stretch, or exactly those that the filters leave', async () => {
    state.chosen.toggle(0);
    state.chosen.toggle(2);
    state.chosen.toggle(0);
    expect(state.chosen.keys).toEqual(['K2']);
    state.chosen.clear();
    state.chosen.extend(2, 1);
    state.chosen.extend(1, 0);
    expect(state.chosen.keys.toSorted()).toEqual(['K0', 'K1', 'K2']);
    await state.show('blocked');
    expect(state.chosen.count).toBe(0);
    await state.chosen.all();
    expect(state.chosen.keys).toEqual(['K1']);
  });

  it('are none of a list that was left before they were read', async () => {
    let late: (keys: string[]) => void = () => undefined;
    port.keys.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const all = state.chosen.all();
    await state.search('1001');
    late(['K0', 'K1', 'K2']);
    await all;
    expect([state.chosen.count, state.chosen.reading]).toEqual([0, false]);
    port.keys.mockRejectedValueOnce(new Error('gone'));
    await state.chosen.all();
    expect(tell.notChosen).toHaveBeenCalledOnce();
  });
});
