// What must hold of `wizard.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../api/client';
import type { AppError, CheckView, CompanyView, ConnectionView, RunView } from '../../api/types';
import { checkOf, connectionOf, draftPortOf, errorOf, KINDS } from '../../pieces/fixtures';
import { Wizard, type WizardPort } from './wizard.svelte';

const COMPANY: CompanyView = { id: 1, name: 'Party', currency: 'KWD', warehouses: [{ id: 7, name: 'Main', code: 'WH' }] };
const REFUSED = errorOf('connection.credentials_refused');

const tested = (kind: string, failure: AppError | null = null): CheckView =>
  checkOf(failure, { currency: 'KWD', currencyDecimals: 3, companies: kind === 'odoo' ? [COMPANY] : [] });

const saved = (kind: string, change: Partial<ConnectionView> = {}) =>
  connectionOf(kind, kind === 'odoo' ? 'odoo' : 'store', { url: `https://${kind}.example.com/`, check: tested(kind), ...change });

function port(connections: ConnectionView[] = []) {
  return {
    kinds: vi.fn(() => Promise.resolve(KINDS)),
    connections: vi.fn(() => Promise.resolve(connections)),
    ...draftPortOf((draft) => saved(draft.kind), tested),
    bindStore: vi.fn((store: string) => Promise.resolve(saved(store))),
    startFetch: vi.fn(() => Promise.resolve({} as RunView)),
  } satisfies WizardPort;
}

async function atKeys(backend = port()): Promise<Wizard> {
  const wizard = new Wizard(backend);
  await wizard.start();
  wizard.chooseStore('woocommerce');
  wizard.store.url = 'shop.example.com';
  wizard.odoo.url = 'odoo.example.com';
  await wizard.next();
  for (const draft of [wizard.store, wizard.odoo]) {
    draft.way = draft.side === 'odoo' ? 'api_key' : 'password';
    draft.login = 'tandem';
    draft.secret = 'secret';
  }
  return wizard;
}

describe('the road to the first fetch', () => {
  it('leads from the kind to a bound store that is being read', async () => {
    const backend = port();
    const wizard = await atKeys(backend);
    expect(wizard.stage).toBe('keys');
    await wizard.next();
    expect([wizard.stage, wizard.canGoOn]).toEqual(['test', true]);
    expect(await wizard.next()).toBeNull();
    expect(wizard.stage).toBe('company');
    expect(await wizard.next()).toBe('woocommerce');
    expect(backend.bindStore).toHaveBeenCalledWith('woocommerce', { odoo: 'odoo', company: 1, warehouses: [7] });
    expect(backend.startFetch, 'the first one reads everything').toHaveBeenCalledWith('woocommerce', true);
  });

  it('does not go on past a gap, and shows it from then on', async () => {
    const wizard = new Wizard(port());
    await wizard.start();
    wizard.chooseStore('woocommerce');
    wizard.odoo.url = 'odoo.example.com';
    expect(wizard.insisted).toBe(false);
    await wizard.next();
    expect([wizard.stage, wizard.insisted, wizard.gaps]).toEqual(['address', true, { store: true, odoo: false }]);
  });

  it('stops at a test that fails, on its side only', async () => {
    const backend = port();
    backend.testSaved.mockImplementation((slug) => Promise.resolve(tested(slug, slug === 'woocommerce' ? REFUSED : null)));
    const wizard = await atKeys(backend);
    await wizard.next();
    expect([wizard.gaps, wizard.store.failure?.code]).toEqual([{ store: true, odoo: false }, 'connection.credentials_refused']);
    await wizard.next();
    expect(wizard.stage).toBe('test');
  });

  it('stays at the company when binding or the fetch is refused, and says why', async () => {
    const backend = port();
    backend.startFetch.mockRejectedValueOnce(new Failure({ ...REFUSED, code: 'engine.busy' }));
    const wizard = await atKeys(backend);
    await wizard.next();
    await wizard.next();
    expect(await wizard.next()).toBeNull();
    expect([wizard.stage, wizard.problem?.code, wizard.finishing]).toEqual(['company', 'engine.busy', false]);
  });

  it('leads back one station at a time', async () => {
    const wizard = await atKeys();
    wizard.back();
    expect(wizard.stage).toBe('address');
    wizard.back();
    wizard.back();
    expect(wizard.stage).toBe('kind');
  });
});

describe('what was left half done', () => {
  it('goes on at the company when both sides worked', async () => {
    const wizard = new Wizard(port([saved('odoo'), saved('woocommerce')]));
    await wizard.start();
    expect([wizard.stage, wizard.choice.company]).toEqual(['company', 1]);
  });

  it('goes on at the keys when a side did not work', async () => {
    const wizard = new Wizard(port([saved('odoo'), saved('woocommerce', { state: 'stopped', check: tested('woocommerce', REFUSED) })]));
    await wizard.start();
    expect([wizard.stage, wizard.store.slug, wizard.odooIsThere]).toEqual(['keys', 'woocommerce', true]);
  });

  it('uses the Odoo that is there for a second store, without testing it again', async () => {
    const bound = saved('woocommerce', { bound: { odoo: 'odoo', company: 1, warehouses: [] } });
    const backend = port([saved('odoo'), bound]);
    const wizard = new Wizard(backend);
    await wizard.start();
    expect([wizard.stage, wizard.store.slug, wizard.odooIsThere]).toEqual(['kind', null, true]);
    await wizard.testBoth();
    expect(backend.testSaved.mock.calls.map(([slug]) => slug)).not.toContain('odoo');
  });

  it('lets another Odoo be typed instead', async () => {
    const wizard = new Wizard(port([saved('odoo')]));
    await wizard.start();
    wizard.anotherOdoo();
    expect([wizard.odooIsThere, wizard.odoo.slug, wizard.odoo.url, wizard.odoo.kind]).toEqual([false, null, '', 'odoo']);
  });
});
