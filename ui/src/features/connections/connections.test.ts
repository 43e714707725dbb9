// What must hold of `connections.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../api/client';
import type { CompanyView, ConnectionView } from '../../api/types';
import { checkOf, connectionOf, draftPortOf, errorOf } from '../../pieces/fixtures';
import { ConnectionsState, type ConnectionsPort } from './connections.svelte';

const COMPANY: CompanyView = { id: 1, name: 'Party', currency: 'KWD', warehouses: [{ id: 7, name: 'Main', code: 'WH' }] };
const FOUND = { currency: 'KWD', currencyDecimals: 3, companies: [COMPANY] };
const connection = (slug: string, side: 'store' | 'odoo', change: Partial<ConnectionView> = {}) =>
  connectionOf(slug, side, { check: checkOf(null, FOUND), ...change });

function port() {
  const all = [connection('shop', 'store', { bound: { odoo: 'odoo', company: 1, warehouses: [7] } }), connection('odoo', 'odoo')];
  return {
    connections: vi.fn(() => Promise.resolve(all)),
    ...draftPortOf((draft) => connection(draft.slug ?? 'new', 'store'), () => checkOf(null, FOUND)),
    healthHistory: vi.fn<ConnectionsPort['healthHistory']>(() => Promise.resolve([])),
    removeConnection: vi.fn(() => Promise.resolve(null)),
    bindStore: vi.fn(() => Promise.resolve(connection('shop', 'store'))),
    trustCertificate: vi.fn((slug: string) => Promise.resolve(connection(slug, 'store'))),
    forgetCertificate: vi.fn((slug: string) => Promise.resolve(connection(slug, 'store'))),
    renewKey: vi.fn((slug: string) => Promise.resolve(connection(slug, 'odoo'))),
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
    backend.connections.mockRejectedValueOnce(new Failure(errorOf('cache.failed')));
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
    expect(backend.checkNow).toHaveBeenCalledTimes(1);
    expect(state.testing.size).toBe(0);
  });

  it('that could not be run says why', async () => {
    const backend = port();
    backend.checkNow.mockRejectedValueOnce(new Failure(errorOf('vault.secret_missing')));
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
    backend.testConnection.mockResolvedValueOnce(checkOf(errorOf('connection.host_unknown')));
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
    backend.removeConnection.mockRejectedValueOnce(new Failure({ ...errorOf('input.still_bound'), params: { stores: 'shop' } }));
    const state = await started(backend);
    state.asking = 'remove';
    expect(await state.remove()).toBe(false);
    expect([state.problem?.code, state.asking]).toEqual(['input.still_bound', null]);
  });
});

describe('a certificate that nobody vouches for', () => {
  it('is trusted for this connection only, which is then tested again', async () => {
    const backend = port();
    const state = await started(backend);
    state.asking = 'trust';
    await state.trust('AB:CD');
    expect(backend.trustCertificate).toHaveBeenCalledWith('odoo', 'AB:CD');
    expect(backend.checkNow).toHaveBeenCalledWith('odoo');
    expect(state.asking).toBeNull();
  });

  it('is trusted no longer when the person says so', async () => {
    const backend = port();
    const state = await started(backend);
    await state.forgetCertificate();
    expect([backend.forgetCertificate.mock.calls, backend.checkNow.mock.calls]).toEqual([[['odoo']], [['odoo']]]);
  });
});

describe('a locked keychain', () => {
  it('is what is wrong while it lasts, whatever the last test found', async () => {
    const backend = port();
    backend.connections.mockResolvedValue([connection('odoo', 'odoo', { health: { state: 'waiting_for_keychain', since: null, lastChecked: null } })]);
    const state = await started(backend);
    expect(state.failure?.code).toBe('vault.locked');
  });
});

describe('a key that ends', () => {
  it('is renewed with the key alone where that is enough', async () => {
    const backend = port();
    const state = await started(backend);
    state.startRenewing();
    expect(await state.renew('')).not.toBeNull();
    expect(backend.renewKey).toHaveBeenCalledWith('odoo', null);
    expect(state.asking).toBeNull();
  });

  it('asks for the password where it is needed, and says so in the same place', async () => {
    const backend = port();
    backend.renewKey.mockRejectedValueOnce(new Failure(errorOf('connection.password_needed')));
    const state = await started(backend);
    state.startRenewing();
    expect(await state.renew('')).toBeNull();
    expect([state.asking, state.renewProblem?.code, state.problem]).toEqual(['renew', 'connection.password_needed', null]);
    await state.renew('once');
    expect(backend.renewKey).toHaveBeenLastCalledWith('odoo', 'once');
  });
});

describe('what changed', () => {
  it('is that of the connection in front, even when answers overtake each other', async () => {
    const backend = port();
    let late: (() => void) | undefined;
    backend.healthHistory.mockImplementation(async (slug) => {
      if (slug === 'odoo') await new Promise<void>((resolve) => (late = resolve));
      return [{ at: '2026-11-20T09:00:00Z', fact: 'version', was: '10.9', is: slug }];
    });
    const state = new ConnectionsState(backend);
    const reading = state.read();
    await vi.waitFor(() => expect(late).toBeDefined());
    state.select('shop');
    await vi.waitFor(() => expect(state.history).toHaveLength(1));
    late?.();
    await reading;
    expect(state.history[0]?.is).toBe('shop');
  });
});
