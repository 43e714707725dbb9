// What must hold of `window.svelte.ts`.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../api/client';
import type { AppError, AppInfo, AppSettings, ConnectionView, FollowUp, RunView } from '../../api/types';
import { speak, speech } from '../../i18n';
import { letterKeys } from '../../parts/keys.svelte';
import { connectionOf, runOf } from '../../pieces/fixtures';
import { WindowState, type WindowPort } from './window.svelte';

const INFO: AppInfo = { version: '0.1.0', sandbox: false, dataFolder: '/data', vault: 'ready', readOnly: false, cacheRebuiltFrom: null };
const SETTINGS: AppSettings = { language: 'en', theme: 'system', density: 'regular', digits: 'western', textSize: '100', letterKeys: true, keepRunning: true, notifyFailures: true, notifyBlocked: true };

const store = (slug: string, bound = true) => connectionOf(slug, 'store', { bound: bound ? { odoo: 'odoo', company: 1, warehouses: [] } : null });
const run = (change: Partial<RunView> = {}) => runOf({ store: 'a', ...change });

function port(connections: ConnectionView[] = [store('a'), store('b')], runs: RunView[] = []) {
  return {
    appInfo: vi.fn(() => Promise.resolve(INFO)),
    settings: vi.fn(() => Promise.resolve(SETTINGS)),
    connections: vi.fn(() => Promise.resolve(connections)),
    runs: vi.fn((slug: string) => Promise.resolve(runs.filter((one) => one.store === slug))),
    runsAtWork: vi.fn(() => Promise.resolve(runs.filter((one) => one.state === 'running'))),
    followUps: vi.fn((): Promise<FollowUp[]> => Promise.resolve([])),
    ordersPage: vi.fn((slug: string) =>
      Promise.resolve({ total: 0, rows: [], counts: { all: 9, waiting: 4, blocked: slug === 'a' ? 4 : 1, imported: 0, differs: 0, failed: 0, notYet: 1, closed: 0 }, statuses: [] }),
    ),
    startFetch: vi.fn((slug: string) => Promise.resolve(run({ id: 9, store: slug }))),
    cancelRun: vi.fn(() => Promise.resolve(null)),
    saveSettings: vi.fn(() => Promise.resolve(null)),
  } satisfies WindowPort;
}

const refusal = (code: 'engine.run_busy' | 'cache.failed') => new Failure({ code, params: {}, details: '', retryable: false });
const CLOSED: AppError = { code: 'connection.port_closed', params: {}, details: '', retryable: true };

afterEach(() => {
  vi.restoreAllMocks();
  speak('en', 'western');
  letterKeys.on = true;
  delete document.documentElement.dataset['theme'];
  delete document.documentElement.dataset['density'];
  delete document.documentElement.dataset['text'];
});

describe('the window', () => {
  it('starts with the first store that sells from an Odoo', async () => {
    const state = new WindowState(port([store('new', false), store('a')]));
    await state.start();
    expect([state.store, state.route]).toEqual(['a', { page: 'today' }]);
  });

  it('knows what goes on behind an answer, each store its own', async () => {
    const backend = port();
    backend.followUps.mockResolvedValueOnce([{ store: 'a', judged: 10, orders: 40 }]);
    const state = new WindowState(backend);
    await state.start();
    expect(state.follows?.judged).toBe(10);
    await state.choose('b');
    expect([state.follows, state.following.length]).toEqual([null, 1]);
  });

  it('starts with setting up when there is none', async () => {
    const state = new WindowState(port([store('new', false)]));
    await state.start();
    expect([state.current, state.route]).toEqual([null, { page: 'setup' }]);
  });

  it('says what kept it from starting, and can try again', async () => {
    const backend = port();
    backend.appInfo.mockRejectedValueOnce(refusal('cache.failed'));
    const state = new WindowState(backend);
    await state.start();
    expect([state.startProblem?.code, state.info]).toEqual(['cache.failed', null]);
    await state.start();
    expect([state.startProblem, state.info]).toEqual([null, INFO]);
  });

  it('asks for nothing before the data is open, and speaks the language of the system until then', async () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ar-LY', 'en']);
    const backend = port();
    let open: (info: AppInfo) => void = () => undefined;
    backend.appInfo.mockReturnValueOnce(new Promise((done) => (open = done)));
    const state = new WindowState(backend);
    const started = state.start();
    await Promise.resolve();
    expect([speech.locale, backend.settings.mock.calls.length, backend.connections.mock.calls.length]).toEqual(['ar', 0, 0]);
    open(INFO);
    await started;
    expect([speech.locale, state.info]).toEqual(['en', INFO]);
  });

  it('falls back to another store when the one in front is removed', async () => {
    const backend = port();
    const state = new WindowState(backend);
    await state.start();
    backend.connections.mockResolvedValueOnce([store('b')]);
    await state.refreshConnections();
    expect(state.store).toBe('b');
  });
});

describe('a fetch', () => {
  it('is shown at once and followed to its end', async () => {
    const state = new WindowState(port());
    await state.start();
    state.onFetched = vi.fn();
    await state.fetch(false);
    expect([state.running, state.everFetched]).toEqual([true, false]);
    state.hear(run({ id: 9, rate: 212 }));
    expect([state.run?.rate, state.runs.length]).toEqual([212, 1]);
    state.hear(run({ id: 9, state: 'done' }));
    expect([state.running, state.everFetched]).toEqual([false, true]);
    expect(state.onFetched).toHaveBeenCalledTimes(1);
  });

  it('of another store is not shown here', async () => {
    const state = new WindowState(port());
    await state.start();
    state.hear(run({ store: 'b' }));
    expect(state.run).toBeNull();
  });

  it('of whatever store is known while it is at work, and told when it ended', async () => {
    const state = new WindowState(port());
    await state.start();
    state.onFetched = vi.fn();
    state.hear(run({ id: 7, store: 'b' }));
    expect(state.working.map(({ store }) => store)).toEqual(['b']);
    state.hear(run({ id: 7, store: 'b', state: 'done' }));
    expect(state.working).toEqual([]);
    expect(state.onFetched).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ store: 'b' }));
  });

  it('that is refused says why', async () => {
    const backend = port();
    backend.startFetch.mockRejectedValueOnce(refusal('engine.run_busy'));
    const state = new WindowState(backend);
    await state.start();
    await state.fetch(false);
    expect([state.fetchProblem?.code, state.starting]).toEqual(['engine.run_busy', false]);
  });

  it('that stops says why on every screen, until that was read', async () => {
    const failed = run({ id: 9, state: 'failed', error: CLOSED });
    const state = new WindowState(port([store('a')], [run({ state: 'done' })]));
    await state.start();
    state.hear(failed);
    expect(state.trouble?.code).toBe('connection.port_closed');
    state.dismissTrouble();
    expect(state.trouble).toBeNull();
    state.hear({ ...failed, id: 10 });
    expect(state.trouble?.code).toBe('connection.port_closed');
  });

  it('that stops before anything was read is told on its own screen only', async () => {
    const state = new WindowState(port([store('a')], [run({ state: 'failed', error: CLOSED })]));
    await state.start();
    expect([state.everFetched, state.trouble]).toEqual([false, null]);
  });

  it('is cancelled once it says so itself', async () => {
    const backend = port([store('a')], [run()]);
    const state = new WindowState(backend);
    await state.start();
    await state.cancel();
    expect(backend.cancelRun).toHaveBeenCalledWith(1);
    expect([state.cancelling, state.running]).toEqual([true, true]);
    state.hear(run({ state: 'cancelled' }));
    expect([state.cancelling, state.running]).toEqual([false, false]);
  });

  it('that a store had before is read when the store comes to the front', async () => {
    const state = new WindowState(port(undefined, [run({ store: 'b', state: 'done' })]));
    await state.start();
    expect(state.everFetched).toBe(false);
    expect(state.blocked).toBe(4);
    state.go({ page: 'orders', order: 'K1' });
    await state.choose('b');
    expect([state.everFetched, state.runsKnown, state.blocked]).toEqual([true, true, 1]);
    expect(state.route).toEqual({ page: 'orders' });
  });
});

describe('settings', () => {
  it('act at once', async () => {
    const state = new WindowState(port());
    await state.start();
    await state.set({ language: 'ar', digits: 'arabic_indic', theme: 'dark', density: 'compact', letterKeys: false });
    const root = document.documentElement;
    expect([speech.locale, speech.digits, root.dir, root.dataset['theme'], root.dataset['density'], letterKeys.on]).toEqual([
      'ar',
      'arabic_indic',
      'rtl',
      'dark',
      'compact',
      false,
    ]);
  });

  it('go back when they could not be saved', async () => {
    const backend = port();
    backend.saveSettings.mockRejectedValueOnce(refusal('cache.failed'));
    const state = new WindowState(backend);
    await state.start();
    await expect(state.set({ language: 'fr' })).rejects.toBeInstanceOf(Failure);
    expect([state.settings?.language, speech.locale]).toEqual(['en', 'en']);
  });
});

describe('an import', () => {
  it('is shown while it is at work, and told when nobody looks at it', async () => {
    const state = new WindowState(port());
    await state.start();
    const told = vi.fn();
    state.onImported = told;
    state.hear(run({ id: 5, kind: 'import', state: 'running' }));
    expect([state.importing?.id, state.run]).toEqual([5, null]);
    state.hear(run({ id: 5, kind: 'import', state: 'done' }));
    expect(state.importing).toBeNull();
    expect(told).toHaveBeenCalledOnce();
    state.go({ page: 'orders' });
    state.hear(run({ id: 6, kind: 'import', state: 'running' }));
    state.hear(run({ id: 6, kind: 'import', state: 'done' }));
    expect(told).toHaveBeenCalledOnce();
  });
});
