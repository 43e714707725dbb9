// What must hold of `connections.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../api/client';
import type { AppError, CheckView, CompanyView, ConnectionDraft, ConnectionView } from '../../api/types';
import { ConnectionsState, type ConnectionsPort } from './connections.svelte';

const COMPANY: CompanyView = { id: 1, name: 'Party', currency: 'KWD', warehouses: [{ id: 7, name: 'Main', code: 'WH' }] };
const error = (code: AppError['code']): AppError => ({ code, params: {}, details: '', retryable: false });

const check = (failure: AppError | null = null): CheckView => ({
  steps: [],
  failure,
  facts: {
    title: null,
    product: null,
    platform: null,
    currency: 'KWD',
    currencyDecimals: 3,
    priceDecimals: null,
    pricesIncludeTax: null,
    taxRounding: null,
    timeZone: null,
    skewSeconds: null,
    user: null,
    database: null,
    databases: [],
    companies: [COMPANY],
    modules: [],
  },
});

const connection = (slug: string, side: 'store' | 'odoo', change: Partial<ConnectionView> = {}): ConnectionView => ({
  slug,
  name: slug,
  kind: side === 'odoo' ? 'odoo' : 'woocommerce',
  side,
  url: 'https://example.com/',
  login: 'tandem',
  database: null,
  bound: null,
  state: 'healthy',
  check: check(),
  checkedAt: null,
  fetchedAt: null,
  ...change,
});

function port() {
  const all = [connection('shop', 'store', { bound: { odoo: 'odoo', company: 1, warehouses: [7] } }), connection('odoo', 'odoo')];
  return {
    connections: vi.fn(() => Promise.resolve(all)),
    saveConnection: vi.fn((draft: ConnectionDraft) => Promise.resolve(connection(draft.slug ?? 'new', 'store'))),
    testConnection: vi.fn(() => Promise.resolve(check())),
    testSaved: vi.fn(() => Promise.resolve(check())),
    removeConnection: vi.fn(() => Promise.resolve(null)),
    bindStore: vi.fn(() => Promise.resolve(connection('shop', 'store'))),
  } satisfies ConnectionsPort;
}

async function started(backend = port()): Promise<ConnectionsState> {
  const state = new ConnectionsState(backend);
  await state.read();
  return state;
}

describe('the list of connections', () => {
  it('has Odoo first, and moves without leaving its ends', async () => {
    const state = await started();
    expect(state.selected).toBe('odoo');
    state.move(-1);
    expect(state.selected).toBe('odoo');
    state.move(1);
    state.move(1);
    expect(state.selected).toBe('shop');
  });

  it('names what a store sells from', async () => {
    const state = await started();
    state.select('shop');
    expect(state.boundCompany).toEqual({ odoo: 'odoo', company: 'Party' });
  });

  it('says what kept it from being read', async () => {
    const backend = port();
    backend.connections.mockRejectedValueOnce(new Failure(error('cache.failed')));
    const state = await started(backend);
    expect([state.listProblem?.code, state.known]).toEqual(['cache.failed', false]);
  });
});

describe('a test', () => {
  it('is not begun twice', async () => {
    const backend = port();
    const state = await started(backend);
    const first = state.test('odoo');
    expect(state.testing.has('odoo')).toBe(true);
    await Promise.all([first, state.test('odoo')]);
    expect(backend.testSaved).toHaveBeenCalledTimes(1);
    expect(state.testing.size).toBe(0);
  });

  it('that could not be run says why', async () => {
    const backend = port();
    backend.testSaved.mockRejectedValueOnce(new Failure(error('vault.secret_missing')));
    const state = await started(backend);
    await state.test('odoo');
    expect(state.problem?.code).toBe('vault.secret_missing');
    state.select('shop');
    expect(state.problem, 'it was about the other one').toBeNull();
  });
});

describe('a change', () => {
  it('is saved only when it works', async () => {
    const backend = port();
    backend.testConnection.mockResolvedValueOnce(check(error('connection.host_unknown')));
    const state = await started(backend);
    state.startEditing();
    expect(await state.saveEdit()).toBe(false);
    expect(state.editing, 'the form stays open').not.toBeNull();
    expect(await state.saveEdit()).toBe(true);
    expect(state.editing).toBeNull();
  });

  it('of company and warehouses begins with what is saved', async () => {
    const backend = port();
    const state = await started(backend);
    state.select('shop');
    state.startBinding();
    expect([state.bindingOdoo, state.binding?.company, state.binding?.warehouses]).toEqual(['odoo', 1, [7]]);
    expect(await state.saveBinding()).toBe(true);
    expect(backend.bindStore).toHaveBeenCalledWith('shop', { odoo: 'odoo', company: 1, warehouses: [7] });
    expect(state.binding).toBeNull();
  });

  it('that is left is forgotten', async () => {
    const state = await started();
    state.startEditing();
    state.select('shop');
    expect(state.editing).toBeNull();
  });
});

describe('removing', () => {
  it('says why it was refused, and keeps the connection', async () => {
    const backend = port();
    backend.removeConnection.mockRejectedValueOnce(new Failure({ ...error('input.still_bound'), params: { stores: 'shop' } }));
    const state = await started(backend);
    state.asksToRemove = true;
    expect(await state.remove()).toBe(false);
    expect([state.problem?.code, state.asksToRemove]).toEqual(['input.still_bound', false]);
  });
});
