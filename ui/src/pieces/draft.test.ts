// What must hold of `draft.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../api/client';
import type { AppError, CheckView, ConnectionDraft, ConnectionView, FactsView } from '../api/types';
import { Draft, hostOf, type DraftPort } from './draft.svelte';

const error = (code: AppError['code']): AppError => ({ code, params: {}, details: '', retryable: false });

const facts = (change: Partial<FactsView> = {}): FactsView => ({
  title: null,
  product: null,
  platform: null,
  currency: null,
  currencyDecimals: null,
  priceDecimals: null,
  pricesIncludeTax: null,
  taxRounding: null,
  timeZone: null,
  skewSeconds: null,
  user: null,
  database: null,
  databases: [],
  companies: [],
  modules: [],
  ...change,
});

const check = (failure: AppError | null, found: Partial<FactsView> = {}): CheckView => ({ steps: [], facts: facts(found), failure });

const view = (draft: ConnectionDraft): ConnectionView => ({
  slug: draft.slug ?? 'shop',
  name: draft.name === '' ? 'shop.example.com' : draft.name,
  kind: draft.kind,
  side: 'store',
  url: 'https://shop.example.com/',
  login: draft.login,
  database: draft.database,
  bound: null,
  state: 'untested',
  check: null,
  checkedAt: null,
  fetchedAt: null,
});

function port(answer: CheckView) {
  return {
    saveConnection: vi.fn((draft: ConnectionDraft) => Promise.resolve(view(draft))),
    testConnection: vi.fn<DraftPort['testConnection']>(() => Promise.resolve(answer)),
    testSaved: vi.fn<DraftPort['testSaved']>(() => Promise.resolve(answer)),
  } satisfies DraftPort;
}

function typed(backend: DraftPort): Draft {
  const draft = new Draft('store', backend);
  draft.begin('woocommerce');
  draft.url = ' shop.example.com ';
  draft.login = 'tandem';
  draft.secret = 'abcd EFGH';
  return draft;
}

describe('a connection being made', () => {
  it('sends its secret once and forgets it', async () => {
    const backend = port(check(null));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect(backend.saveConnection.mock.calls[0]?.[0]).toMatchObject({ slug: null, url: 'shop.example.com', secret: 'abcd EFGH', database: null });
    expect(draft.secret, 'nothing of it stays on screen').toBe('');
    expect([draft.slug, draft.passed]).toEqual(['shop', true]);
  });

  it('keeps the secret of the keychain when it is tried again', async () => {
    const backend = port(check(error('connection.firewall')));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect([draft.passed, draft.failure?.code]).toEqual([false, 'connection.firewall']);
    await draft.saveAndTest();
    expect(backend.saveConnection.mock.calls[1]?.[0]).toMatchObject({ slug: 'shop', secret: null });
  });

  it('takes the name the shop gives itself, unless it was given one', async () => {
    const backend = port(check(null, { title: 'Party Centre' }));
    const unnamed = typed(backend);
    await unnamed.saveAndTest();
    expect(unnamed.name).toBe('Party Centre');
    expect(backend.saveConnection).toHaveBeenCalledTimes(2);
    await unnamed.saveAndTest();
    expect(unnamed.name, 'and keeps it from then on').toBe('Party Centre');
  });

  it('tells what is missing before anything is sent', () => {
    const draft = new Draft('store', port(check(null)));
    draft.begin('woocommerce');
    expect(draft.gaps).toEqual(['url', 'login', 'secret']);
    draft.url = 'not an address';
    expect(draft.addressGap).toBe(true);
    for (const url of ['shop.example.com', 'https://example.com/shop', 'http://localhost:8069', '192.168.1.5:8069']) {
      draft.url = url;
      expect(draft.addressGap, url).toBe(false);
    }
  });

  it('asks for the database only when the server wants to hear it', async () => {
    const draft = typed(port(check(error('connection.database_needed'), { databases: ['a', 'b'] })));
    expect(draft.wantsDatabase).toBe(false);
    await draft.saveAndTest();
    expect([draft.wantsDatabase, draft.databases]).toEqual([true, ['a', 'b']]);
  });

  it('says what stopped saving itself, and keeps the secret for the next try', async () => {
    const backend = port(check(null));
    backend.saveConnection.mockRejectedValueOnce(new Failure(error('vault.locked')));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect([draft.failure?.code, draft.secret, draft.busy]).toEqual(['vault.locked', 'abcd EFGH', false]);
    expect(backend.testSaved).not.toHaveBeenCalled();
  });
});

describe('a connection being changed', () => {
  it('is not saved when it does not work: a healthy one is not lost to a typing mistake', async () => {
    const backend = port(check(error('connection.host_unknown')));
    const draft = new Draft('store', backend);
    draft.resume({ ...view({ slug: 'shop', name: 'Shop', kind: 'woocommerce', url: '', login: 'ck_1', secret: null, database: null }), slug: 'shop' });
    expect(draft.way, 'a consumer key is known by its beginning').toBe('key_pair');
    expect(draft.gaps, 'its secret is in the keychain').toEqual([]);
    await draft.saveIfItWorks();
    expect(backend.saveConnection).not.toHaveBeenCalled();
    expect(draft.passed).toBe(false);
  });

  it('is saved and its test kept when it works', async () => {
    const backend = port(check(null));
    const draft = typed(backend);
    draft.slug = 'shop';
    await draft.saveIfItWorks();
    expect(backend.testSaved).toHaveBeenCalledWith('shop');
    expect([draft.passed, draft.secret]).toEqual([true, '']);
  });
});

describe('an address', () => {
  it('is shown by its host', () => {
    expect([hostOf('https://shop.example.com/kw/'), hostOf('localhost:8069'), hostOf('')]).toEqual(['shop.example.com', 'localhost:8069', '']);
  });
});
