// What must hold of `draft.svelte.ts`.
import { describe, expect, it } from 'vitest';
import { Failure } from '../api/client';
import type { CheckView, ConnectionDraft, ConnectionView } from '../api/types';
import { Draft, hostOf, type DraftPort } from './draft.svelte';
import { checkOf, connectionOf, draftPortOf, errorOf } from './fixtures';

const view = (draft: ConnectionDraft): ConnectionView =>
  connectionOf(draft.slug ?? 'shop', 'store', {
    name: draft.name === '' ? 'shop.example.com' : draft.name,
    kind: draft.kind,
    url: 'https://shop.example.com/',
    login: draft.login,
    database: draft.database,
    state: 'untested',
  });

const port = (answer: CheckView) => draftPortOf(view, () => answer);

function typed(backend: DraftPort): Draft {
  const draft = new Draft('store', backend);
  draft.begin('woocommerce');
  draft.way = 'password';
  draft.url = ' shop.example.com ';
  draft.login = 'tandem';
  draft.secret = 'abcd EFGH';
  return draft;
}

describe('a connection being made', () => {
  it('sends its secret once and forgets it', async () => {
    const backend = port(checkOf(null));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect(backend.saveConnection.mock.calls[0]?.[0]).toMatchObject({ slug: null, url: 'shop.example.com', secret: 'abcd EFGH', database: null });
    expect(draft.secret, 'nothing of it stays on screen').toBe('');
    expect([draft.slug, draft.passed]).toEqual(['shop', true]);
  });

  it('keeps the secret of the keychain when it is tried again', async () => {
    const backend = port(checkOf(errorOf('connection.firewall')));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect([draft.passed, draft.failure?.code]).toEqual([false, 'connection.firewall']);
    await draft.saveAndTest();
    expect(backend.saveConnection.mock.calls[1]?.[0]).toMatchObject({ slug: 'shop', secret: null });
  });

  it('takes the name the shop gives itself, unless it was given one', async () => {
    const backend = port(checkOf(null, { title: 'Party Centre' }));
    const unnamed = typed(backend);
    await unnamed.saveAndTest();
    expect(unnamed.name).toBe('Party Centre');
    expect(backend.saveConnection).toHaveBeenCalledTimes(2);
    await unnamed.saveAndTest();
    expect(unnamed.name, 'and keeps it from then on').toBe('Party Centre');
  });

  it('tells what is missing before anything is sent', () => {
    const draft = new Draft('store', port(checkOf(null)));
    draft.begin('woocommerce');
    expect(draft.gaps, 'the easiest way asks for a yes in the browser').toEqual(['url', 'consent']);
    draft.way = 'password';
    expect(draft.gaps).toEqual(['url', 'login', 'secret']);
    draft.url = 'not an address';
    expect(draft.addressGap).toBe(true);
    for (const url of ['shop.example.com', 'https://example.com/shop', 'http://localhost:8069', '192.168.1.5:8069']) {
      draft.url = url;
      expect(draft.addressGap, url).toBe(false);
    }
  });

  it('asks for the database only when the server wants to hear it', async () => {
    const draft = typed(port(checkOf(errorOf('connection.database_needed'), { databases: ['a', 'b'] })));
    expect(draft.wantsDatabase).toBe(false);
    await draft.saveAndTest();
    expect([draft.wantsDatabase, draft.databases]).toEqual([true, ['a', 'b']]);
  });

  it('says what stopped saving itself, and keeps the secret for the next try', async () => {
    const backend = port(checkOf(null));
    backend.saveConnection.mockRejectedValueOnce(new Failure(errorOf('vault.locked')));
    const draft = typed(backend);
    await draft.saveAndTest();
    expect([draft.failure?.code, draft.secret, draft.busy]).toEqual(['vault.locked', 'abcd EFGH', false]);
    expect(backend.testSaved).not.toHaveBeenCalled();
  });
});

describe('a connection being changed', () => {
  it('is not saved when it does not work: a healthy one is not lost to a typing mistake', async () => {
    const backend = port(checkOf(errorOf('connection.host_unknown')));
    const draft = new Draft('store', backend);
    draft.resume({ ...view({ slug: 'shop', name: 'Shop', kind: 'woocommerce', url: '', login: 'ck_1', secret: null, database: null, certificate: null }), slug: 'shop' });
    expect(draft.way, 'a consumer key is known by its beginning').toBe('key_pair');
    expect(draft.gaps, 'its secret is in the keychain').toEqual([]);
    await draft.saveIfItWorks();
    expect(backend.saveConnection).not.toHaveBeenCalled();
    expect(draft.passed).toBe(false);
  });

  it('is saved and its test kept when it works', async () => {
    const backend = port(checkOf(null));
    const draft = typed(backend);
    draft.slug = 'shop';
    await draft.saveIfItWorks();
    expect(backend.testSaved).toHaveBeenCalledWith('shop');
    expect([draft.passed, draft.secret]).toEqual([true, '']);
  });
});

describe('a yes in the browser', () => {
  const asking = async () => {
    const backend = port(checkOf(null));
    const draft = typed(backend);
    draft.way = 'consent';
    await draft.ask();
    return { backend, draft };
  };

  it('is waited for, and brings a connection that is tested', async () => {
    const { backend, draft } = await asking();
    expect(draft.asking?.url).toContain('authorize-application');
    expect(backend.openUrl).toHaveBeenCalledWith(draft.asking?.url);
    expect(draft.gaps, 'without an answer there is nothing to test').toEqual(['consent']);
    await draft.hear({ connection: 'shop', error: null });
    expect([draft.granted, draft.slug, draft.gaps, draft.asking]).toEqual([true, 'shop', [], null]);
    expect(draft.way, 'the chosen way stays open').toBe('consent');
  });

  it('that became a no is told', async () => {
    const { draft } = await asking();
    await draft.hear({ connection: null, error: errorOf('consent.denied') });
    expect([draft.granted, draft.failure?.code]).toEqual([false, 'consent.denied']);
  });

  it('that is waited for no longer is not heard', async () => {
    const { backend, draft } = await asking();
    await draft.stopAsking();
    expect(backend.cancelConsent).toHaveBeenCalledOnce();
    await draft.hear({ connection: null, error: errorOf('engine.cancelled') });
    expect(draft.failure).toBeNull();
  });
});

describe('a password that becomes a key', () => {
  const typedForKey = (backend: DraftPort) => {
    const draft = typed(backend);
    draft.begin('odoo');
    expect(draft.way, 'the easiest way comes first').toBe('make_key');
    return draft;
  };

  it('is used once and not kept', async () => {
    const backend = port(checkOf(null));
    const draft = typedForKey(backend);
    await draft.saveAndTest();
    expect(backend.makeKey.mock.calls[0]?.[0]).toMatchObject({ kind: 'odoo', login: 'tandem', secret: 'abcd EFGH' });
    expect(backend.saveConnection).not.toHaveBeenCalled();
    expect([draft.secret, draft.way, draft.passed]).toEqual(['', 'api_key', true]);
    await draft.saveAndTest();
    expect(backend.makeKey, 'a second test makes no second key').toHaveBeenCalledTimes(1);
  });

  it('that cannot, says why and waits for another try', async () => {
    const backend = port(checkOf(null));
    backend.makeKey.mockRejectedValueOnce(new Failure(errorOf('connection.two_factor')));
    const draft = typedForKey(backend);
    await draft.saveAndTest();
    expect([draft.failure?.code, draft.secret, draft.slug]).toEqual(['connection.two_factor', 'abcd EFGH', null]);
  });
});

describe('a certificate', () => {
  it('that a person trusts goes with the next try', async () => {
    const backend = port(checkOf(null));
    const draft = typed(backend);
    draft.certificate = 'AB:CD';
    await draft.saveAndTest();
    expect(backend.saveConnection.mock.calls[0]?.[0]).toMatchObject({ certificate: 'AB:CD' });
  });
});

describe('an address', () => {
  it('is shown by its host', () => {
    expect([hostOf('https://shop.example.com/kw/'), hostOf('localhost:8069'), hostOf('')]).toEqual(['shop.example.com', 'localhost:8069', '']);
  });
});
