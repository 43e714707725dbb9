// Connections, tests and runs for tests, as small as they can be.
import { vi } from 'vitest';
import type { AppError, CheckView, ConnectionDraft, ConnectionView, FactsView, KindView, RunStep, RunView } from '../api/types';
import type { DraftPort } from './draft.svelte';

export const KINDS: KindView[] = [
  { kind: 'woocommerce', side: 'store', label: 'WooCommerce', hasDatabase: false, hasConsent: true, makesKeys: false },
  { kind: 'odoo', side: 'odoo', label: 'Odoo', hasDatabase: true, hasConsent: false, makesKeys: true },
];

/** An error of this code. */
export function errorOf(code: AppError['code'], params: AppError['params'] = {}): AppError {
  return { code, params, details: '', retryable: false };
}

/** Nothing is known but what is changed. */
export function factsOf(change: Partial<FactsView> = {}): FactsView {
  return {
    title: null, product: null, platform: null, currency: null, currencyDecimals: null, standardDecimals: null, priceDecimals: null,
    pricesIncludeTax: null, taxRounding: null, timeZone: null, skewSeconds: null, user: null, database: null, databases: [], companies: [],
    modules: [], homeUrl: null, way: null, permissions: [], keyExpiresAt: null, orderStorage: null,
    ...change,
  };
}

/** A test that passed, or stopped at this error. */
export function checkOf(failure: AppError | null = null, found: Partial<FactsView> = {}): CheckView {
  return { steps: [], facts: factsOf(found), factsAreEarlier: false, factsAt: null, notices: [], failure };
}

/** A saved connection that is healthy. */
export function connectionOf(slug: string, side: 'store' | 'odoo', change: Partial<ConnectionView> = {}): ConnectionView {
  return {
    slug, name: slug, kind: side === 'odoo' ? 'odoo' : 'woocommerce', side, url: 'https://example.com/', login: 'tandem', database: null,
    bound: null, state: 'healthy', check: null, checkedAt: null, fetchedAt: null,
    health: { state: 'healthy', since: null, lastChecked: null }, pinned: null, way: null, keyExpiresAt: null, notices: [],
    ...change,
  };
}

/** A step of a run. */
export function stepOf(name: RunStep['name'], state: RunStep['state'], change: Partial<RunStep> = {}): RunStep {
  return {
    name, state, done: 0, total: null, changed: 0, problems: 0, elapsedMs: 0, rate: 0, secondsLeft: null, paused: false, waitingSeconds: null,
    ...change,
  };
}

/** A run at work. */
export function runOf(change: Partial<RunView> = {}): RunView {
  return {
    id: 1, kind: 'fetch', store: 'shop', state: 'running', steps: [], rate: 0, secondsLeft: null, startedAt: '', endedAt: null, error: null, log: [],
    ...change,
  };
}

/** What a draft asks: everything is saved as it was typed, and every test answers the same. */
export function draftPortOf(saved: (draft: ConnectionDraft) => ConnectionView, tested: (kind: string) => CheckView) {
  const known = (slug: string) => connectionOf(slug, slug === 'odoo' ? 'odoo' : 'store', { check: tested(slug) });
  return {
    saveConnection: vi.fn<DraftPort['saveConnection']>((draft) => Promise.resolve(saved(draft))),
    testConnection: vi.fn<DraftPort['testConnection']>((draft) => Promise.resolve(tested(draft.kind))),
    testSaved: vi.fn<DraftPort['testSaved']>((slug) => Promise.resolve(tested(slug))),
    checkNow: vi.fn<DraftPort['checkNow']>((slug) => Promise.resolve(known(slug))),
    makeKey: vi.fn<DraftPort['makeKey']>((draft) => Promise.resolve({ ...saved(draft), check: tested(draft.kind) })),
    acceptShop: vi.fn<DraftPort['acceptShop']>((slug) => Promise.resolve(known(slug))),
    beginConsent: vi.fn<DraftPort['beginConsent']>(() => Promise.resolve({ url: 'https://shop.example.com/wp-admin/authorize-application.php', until: '2026-11-21T10:00:00Z' })),
    cancelConsent: vi.fn<DraftPort['cancelConsent']>(() => Promise.resolve(null)),
    openUrl: vi.fn<DraftPort['openUrl']>(() => Promise.resolve(null)),
  } satisfies DraftPort;
}
