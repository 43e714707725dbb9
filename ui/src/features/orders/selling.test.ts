// What must hold of an order's road into Odoo.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MapsView, OdooOrder, OrderDetail, OrderPlan, RunView } from '../../api/types';
import { Clearing } from './clearing.svelte';
import { SellingState, type SellingPort, type SellingTeller } from './selling.svelte';

const run = (id: number, state: RunView['state']): RunView => ({
  id, kind: 'import', store: 's', state, steps: [], rate: 0, secondsLeft: null, startedAt: '', endedAt: null, error: null, log: [],
});
const order = (key: string, change: Partial<OrderDetail> = {}) =>
  ({ row: { key, number: key, state: 'waiting' }, modifiedAt: '', import: null, blockers: [], ...change }) as unknown as OrderDetail;
const plan = (...keys: string[]) => ({ orders: keys.map((key) => ({ key })), blocked: [], found: 0, makes: [] }) as unknown as OrderPlan;
const maps = {
  read: true,
  rows: [{ kind: 'tax', key: '7', name: 'VAT', state: 'proposed', choice: { value: '2', label: '10%', detail: '10' }, tracking: null }],
  choices: [{ kind: 'tax', choices: [{ value: 'none', label: '', detail: '' }, { value: '2', label: '10%', detail: '10' }] }],
} as unknown as MapsView;

let port: { [K in Exclude<keyof SellingPort, 'papers'>]: ReturnType<typeof vi.fn<SellingPort[K]>> } & Pick<SellingPort, 'papers'>;
let tell: { [K in keyof SellingTeller]: ReturnType<typeof vi.fn<SellingTeller[K]>> };
let selling: SellingState;

beforeEach(() => {
  port = {
    plan: vi.fn((keys: string[]) => Promise.resolve(plan(...(keys.length === 0 ? ['A', 'B'] : keys)))),
    start: vi.fn(() => Promise.resolve(run(4, 'running'))),
    cancel: vi.fn(() => Promise.resolve(null)),
    detail: vi.fn((key: string) => Promise.resolve(order(key))),
    inOdoo: vi.fn(() => Promise.resolve({ there: false, lines: [] } as unknown as OdooOrder)),
    journal: vi.fn(() => Promise.resolve([])),
    messages: vi.fn(() => Promise.resolve([])),
    changes: vi.fn(() => Promise.resolve([])),
    apply: vi.fn(() => Promise.resolve([])),
    customers: vi.fn(() => Promise.resolve([{ key: 9, name: 'Mona', email: null, address: [] }])),
    papers: { save: vi.fn(), show: vi.fn() },
    maps: vi.fn(() => Promise.resolve(maps)),
    settle: vi.fn(() => Promise.resolve({ settled: 1, ordersCleared: 3, unused: [], maps })),
    clear: vi.fn(() => Promise.resolve({ settled: 0, ordersCleared: 0, unused: [], maps })),
  };
  tell = { settled: vi.fn(), applied: vi.fn(), failed: vi.fn() };
  selling = new SellingState(port, tell);
});

describe('an import', () => {
  it('runs exactly the orders of the plan that was seen', async () => {
    await selling.propose([]);
    await selling.start();
    expect(port.start).toHaveBeenCalledExactlyOnceWith(['A', 'B']);
    selling.hear(run(5, 'done'));
    expect(selling.step).toBe('running');
    selling.hear(run(4, 'done'));
    await vi.waitFor(() => expect(selling.step).toBe('done'));
    expect(selling.results.map(({ row }) => row.key)).toEqual(['A', 'B']);
  });

  it('that ends before its own answer comes is ended once', async () => {
    port.start.mockImplementationOnce(() => {
      selling.hear(run(4, 'done'));
      return Promise.resolve(run(4, 'running'));
    });
    await selling.propose(['A']);
    await selling.start();
    await vi.waitFor(() => expect(selling.step).toBe('done'));
    expect(selling.run?.state).toBe('done');
    expect(port.detail).toHaveBeenCalledOnce();
  });

  it('is not started from a plan that failed, is empty, or was left', async () => {
    port.plan.mockRejectedValueOnce(new Error('offline'));
    await selling.propose(['A']);
    await selling.start();
    port.plan.mockResolvedValueOnce(plan());
    await selling.replan();
    expect(port.plan).toHaveBeenLastCalledWith(['A']);
    await selling.start();
    const late = selling.propose([]);
    selling.close();
    await late;
    await selling.start();
    expect([selling.step, port.start.mock.calls.length]).toEqual(['closed', 0]);
  });
});

describe('the order in focus', () => {
  it('is asked about once while it stays as it is', async () => {
    vi.useFakeTimers();
    selling.look(order('A'));
    selling.look(order('A'));
    await vi.runAllTimersAsync();
    expect(port.inOdoo).toHaveBeenCalledExactlyOnceWith('A');
    selling.look(order('A', { modifiedAt: 'later' }));
    selling.look(order('B'));
    await vi.runAllTimersAsync();
    expect(port.inOdoo.mock.calls.map(([key]) => key)).toEqual(['A', 'B']);
    expect(port.journal).not.toHaveBeenCalled();
    vi.useRealTimers();
  });
});

describe('a blocker', () => {
  const blocker = (kind: 'not_mapped' | 'number_taken' | 'customer_ambiguous' | 'no_lines', params = {}) => ({ kind, params, listing: null, candidate: null, alsoBlocks: 0 });
  const toMaps = vi.fn();

  it('of the maps offers what speaks for itself first, and settles what is chosen', async () => {
    const clearing = new Clearing(selling, { failed: vi.fn(), toMaps });
    await clearing.ask('A', blocker('not_mapped', { map: 'tax', key: '7', name: 'VAT' }));
    expect(clearing.question?.kind === 'choice' && clearing.question.options.map(({ id }) => id)).toEqual(['2', 'none']);
    await clearing.answer('2');
    expect(port.settle).toHaveBeenCalledExactlyOnceWith([{ kind: 'tax', key: '7', value: '2', tracking: null }]);
    expect(tell.settled).toHaveBeenCalledWith(3, expect.any(Function));
  });

  it('without anything to choose from leads to the maps', async () => {
    port.maps.mockResolvedValueOnce({ rows: [], choices: [], read: false });
    await new Clearing(selling, { failed: vi.fn(), toMaps }).ask('A', blocker('not_mapped', { map: 'tax', key: '7' }));
    expect(toMaps).toHaveBeenCalledExactlyOnceWith('tax', '7');
  });

  it('that could double an order is asked about, and nothing is done without a yes', async () => {
    const clearing = new Clearing(selling, { failed: vi.fn(), toMaps });
    await clearing.ask('A', blocker('number_taken', { sale: 'S1' }));
    clearing.leave();
    await clearing.answer('yes');
    expect(port.settle).not.toHaveBeenCalled();
    await clearing.ask('A', blocker('number_taken', { sale: 'S1' }));
    await clearing.answer('yes');
    expect(port.settle).toHaveBeenCalledExactlyOnceWith([{ kind: 'anyway', key: 'A', value: 'yes', tracking: null }]);
    await clearing.ask('A', blocker('no_lines'));
    expect(clearing.question).toBeNull();
  });
});
