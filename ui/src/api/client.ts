// The port to the backend: reads, changes and events. Features know this file and nothing behind it.
import { failureOf } from './errors';
import { backend, listen } from './tauri';
import type { AppError, ConsentEnded, RunView, Stale } from './types';

export type * from './types';

/** A call that did not work. What to say about it is in `./errors`. */
export class Failure extends Error {
  constructor(readonly error: AppError) {
    super(error.code);
    this.name = 'Failure';
  }
}

/** Whatever a call was rejected with, as an error that has words. */
export function errorOf(thrown: unknown): AppError {
  return thrown instanceof Failure ? thrown.error : failureOf(thrown);
}

/** Reads, and the tags that say when their answer is out of date. */
const READS = {
  appInfo: ['app'],
  settings: ['settings'],
  kinds: [],
  connections: ['connections'],
  healthHistory: ['connections'],
  problems: ['runs'],
  runs: ['runs'],
  reviewPage: ['review'],
  reviewCounts: ['review'],
  pairDetail: ['review'],
  patterns: ['review'],
  patternSample: ['review'],
  learned: ['review'],
  searchVariants: [],
  prepareSearch: [],
  bulkPreview: ['review'],
  decisionHistory: ['review'],
  previewImport: [],
  ordersPage: ['orders'],
  orderDetail: ['orders'],
  orderRaw: ['orders'],
  ordersShown: ['orders'],
  today: ['orders', 'review', 'connections', 'runs'],
  history: ['runs', 'review'],
  run: ['runs'],
  runsAtWork: ['runs'],
  followUps: ['follow_ups'],
  decisionsOf: ['review'],
  find: [],
  keptPictures: ['settings'],
  keptData: ['settings'],
  supportText: [],
  backups: [],
  lookAtBackup: [],
  orderPlan: ['orders', 'maps'],
  orderInOdoo: ['orders', 'maps'],
  orderJournal: ['orders'],
  orderCustomers: ['orders'],
  orderMessages: ['orders'],
  orderChanges: ['orders'],
  maps: ['maps', 'orders'],
  tryMap: ['maps', 'orders'],
  customerWays: ['settings'],
  customerPlan: ['settings', 'orders'],
  audit: ['orders'],
} as const satisfies Partial<Record<keyof typeof backend, readonly Stale[]>>;

/**
 * Changes, and the tags of the reads that they always put out of date. The backend also says so by event, for changes
 * made elsewhere, for what only some changes touch, and for what follows later.
 */
const CHANGES = {
  saveSettings: ['settings'],
  testConnection: [],
  testSaved: ['connections'],
  checkNow: ['connections'],
  acceptShop: ['connections'],
  trustCertificate: ['connections'],
  forgetCertificate: ['connections'],
  makeKey: ['connections'],
  renewKey: ['connections'],
  beginConsent: [],
  cancelConsent: [],
  saveConnection: ['connections'],
  removeConnection: ['connections', 'review', 'orders', 'runs'],
  bindStore: ['connections'],
  startFetch: ['runs'],
  cancelRun: ['runs'],
  decide: ['review'],
  acceptAll: ['review'],
  matchAgain: ['review', 'orders'],
  changeWord: ['review'],
  undo: ['review', 'orders'],
  clearPictures: ['settings'],
  saveSupport: [],
  backUp: [],
  restore: ['connections', 'review', 'orders', 'maps', 'settings'],
  bulkDecide: ['review'],
  undoStep: ['review', 'orders'],
  importLinks: ['review'],
  exportLinks: [],
  exportAudit: [],
  showFile: [],
  saveDocument: [],
  readTerms: ['maps', 'orders'],
  settleMaps: ['maps', 'orders'],
  acceptMaps: ['maps', 'orders'],
  clearMap: ['maps', 'orders'],
  startImport: ['runs', 'orders'],
  applyChange: ['orders'],
  saveCustomerWays: ['settings'],
  tellCustomers: ['runs', 'orders'],
  openUrl: [],
  openSandbox: [],
} as const satisfies Partial<Record<keyof typeof backend, readonly Stale[]>>;

export type ReadName = keyof typeof READS;
export type ChangeName = keyof typeof CHANGES;

type Command = (typeof backend)[keyof typeof backend];
type Data<C extends Command> = Extract<Awaited<ReturnType<C>>, { status: 'ok' }>['data'];
type Calls<N extends keyof typeof backend> = {
  readonly [K in N]: (...args: Parameters<(typeof backend)[K]>) => Promise<Data<(typeof backend)[K]>>;
};

async function called(name: keyof typeof backend, args: readonly unknown[]): Promise<unknown> {
  const command = backend[name] as (...args: readonly unknown[]) => ReturnType<Command>;
  let answer: Awaited<ReturnType<Command>>;
  try {
    answer = await command(...args);
  } catch (thrown) {
    throw new Failure(failureOf(thrown));
  }
  if (answer.status === 'error') throw new Failure(failureOf(answer.error));
  return answer.data;
}

function calls<N extends keyof typeof backend>(names: Record<N, readonly Stale[]>): Calls<N> {
  const entries = Object.keys(names).map((name) => [
    name,
    async (...args: unknown[]) => {
      const data = await called(name as N, args);
      if (name in CHANGES) markStale(names[name as N]);
      return data;
    },
  ]);
  return Object.fromEntries(entries) as Calls<N>;
}

/** Reads. Each rejects with a `Failure`. */
export const query: Calls<ReadName> = calls(READS);

/** Changes. Each rejects with a `Failure`, and tells the reads it puts out of date. */
export const mutate: Calls<ChangeName> = calls(CHANGES);

type Unsubscribe = () => void;

const staleListeners = new Set<{ tags: ReadonlySet<Stale>; refetch: () => void }>();
const runListeners = new Set<(run: RunView) => void>();
const consentListeners = new Set<(ended: ConsentEnded) => void>();
const pending = new Set<Stale>();

/** A change and the event that follows it, or a burst of events, cause one refetch. */
const STALE_SETTLES_MS = 30;

function markStale(tags: readonly Stale[]): void {
  if (tags.length === 0) return;
  if (pending.size === 0) setTimeout(tellStale, STALE_SETTLES_MS);
  for (const tag of tags) pending.add(tag);
}

function tellStale(): void {
  const tags = new Set(pending);
  pending.clear();
  for (const listener of staleListeners) {
    if ([...listener.tags].some((tag) => tags.has(tag))) listener.refetch();
  }
}

export const events = {
  /** Starts listening to the backend; once, when the window opens. */
  async connect(): Promise<Unsubscribe> {
    return await listen((event) => {
      if (event.event === 'run') for (const listener of runListeners) listener(event.value);
      else if (event.event === 'consent') for (const listener of consentListeners) listener(event.value);
      else markStale(event.value);
    });
  },

  /** Calls `refetch` when the answer of one of these reads is out of date. */
  onStale(reads: readonly ReadName[], refetch: () => void): Unsubscribe {
    const listener = { tags: new Set(reads.flatMap((read): readonly Stale[] => READS[read])), refetch };
    staleListeners.add(listener);
    return () => staleListeners.delete(listener);
  },

  /** Hears how runs move, some ten times a second while one is at work. */
  onRun(listener: (run: RunView) => void): Unsubscribe {
    runListeners.add(listener);
    return () => runListeners.delete(listener);
  },

  /** Hears how a question in the browser ended. */
  onConsent(listener: (ended: ConsentEnded) => void): Unsubscribe {
    consentListeners.add(listener);
    return () => consentListeners.delete(listener);
  },
};
