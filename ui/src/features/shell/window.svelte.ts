// What the window as a whole knows: which store is in front, how its runs stand, how the person wants it.
import { errorOf, events, mutate, query } from '../../api/client';
import type { AppError, AppInfo, AppSettings, ConnectionView, FollowUp, HealthState, OrdersQuery, RunView } from '../../api/types';
import { speak, systemLocale } from '../../i18n';
import { letterKeys } from '../../parts/keys.svelte';
import type { Route } from '../../route';

/** What this state asks of the backend. */
export interface WindowPort {
  appInfo: typeof query.appInfo;
  settings: typeof query.settings;
  connections: typeof query.connections;
  runs: typeof query.runs;
  runsAtWork: typeof query.runsAtWork;
  followUps: typeof query.followUps;
  ordersPage: typeof query.ordersPage;
  startFetch: typeof mutate.startFetch;
  cancelRun: typeof mutate.cancelRun;
  saveSettings: typeof mutate.saveSettings;
}

export const windowPort: WindowPort = {
  appInfo: query.appInfo,
  settings: query.settings,
  connections: query.connections,
  runs: query.runs,
  runsAtWork: query.runsAtWork,
  followUps: query.followUps,
  ordersPage: query.ordersPage,
  startFetch: mutate.startFetch,
  cancelRun: mutate.cancelRun,
  saveSettings: mutate.saveSettings,
};

/** Only the number of orders that are held back is asked for. */
const COUNTS_ONLY: OrdersQuery = {
  states: [], statuses: [], reason: null, text: '', customer: '', placedFrom: null, placedBefore: null, totalMin: null, totalMax: null, offset: 0, limit: 0,
};

export class WindowState {
  /** Nothing until the window has started. */
  info = $state.raw<AppInfo | null>(null);
  settings = $state.raw<AppSettings | null>(null);
  connections = $state.raw<readonly ConnectionView[]>([]);
  /** Short name of the store in front. */
  store = $state<string | null>(null);
  /** Fetches of that store, newest first. */
  runs = $state.raw<readonly RunView[]>([]);
  /** Whether the runs of the store in front were read. */
  runsKnown = $state(false);
  /** Runs at work, of whatever store. */
  working = $state.raw<readonly RunView[]>([]);
  /** What goes on behind the answer to a step over many pairs, of whatever store. */
  following = $state.raw<readonly FollowUp[]>([]);
  /** Orders of the store in front that are held back. */
  blocked = $state(0);
  route = $state.raw<Route>({ page: 'today' });
  /** What kept the window from starting. */
  startProblem = $state.raw<AppError | null>(null);
  /** What kept a fetch from starting. */
  fetchProblem = $state.raw<AppError | null>(null);
  cancelling = $state(false);
  starting = $state(false);
  /** The stopped run that the person has read about. */
  #putAside = $state<number | null>(null);

  /** Told when a fetch came to its end well, of the store in front or of another one. */
  onFetched: ((run: RunView) => void) | null = null;
  /** Told when an import ended that nobody looks at. */
  onImported: ((run: RunView) => void) | null = null;

  readonly #port: WindowPort;
  #asked = 0;

  constructor(port: WindowPort = windowPort) {
    this.#port = port;
  }

  /** Reads what every screen needs, once the data is open. Until its settings are known, the system's language is spoken. */
  async start(): Promise<void> {
    this.startProblem = null;
    if (!this.settings) speak(systemLocale(navigator.languages), 'western');
    try {
      const info = await this.#port.appInfo();
      const [settings, connections] = await Promise.all([this.#port.settings(), this.#port.connections()]);
      this.#apply(settings);
      this.#take(connections);
      await Promise.all([this.#readRuns(), this.#readWorking(), this.#readFollowing(), this.#readBlocked()]);
      this.info = info;
      this.route = this.current ? { page: 'today' } : { page: 'setup' };
    } catch (thrown) {
      this.startProblem = errorOf(thrown);
    }
  }

  /** Keeps it current until the returned function is called. */
  listen(): () => void {
    const stop = [
      events.onStale(['connections'], () => void this.refreshConnections()),
      events.onStale(['runs'], () => void this.#readRuns()),
      events.onStale(['runsAtWork'], () => void this.#readWorking()),
      events.onStale(['followUps'], () => void this.#readFollowing()),
      events.onStale(['ordersPage'], () => void this.#readBlocked()),
      events.onStale(['settings'], () => void this.#readSettings()),
      events.onStale(['appInfo'], () => void this.#readInfo()),
      events.onRun((run) => this.hear(run)),
    ];
    return () => stop.forEach((end) => end());
  }

  /** Stores that sell from an Odoo: those one can work with. */
  get stores(): readonly ConnectionView[] {
    return this.connections.filter((connection) => connection.side === 'store' && connection.bound !== null);
  }

  /** How many connections need somebody, and how many of them have stopped. */
  get health(): { stopped: number; warning: number } {
    const count = (...states: HealthState[]) => this.connections.filter(({ health }) => states.includes(health.state)).length;
    return { stopped: count('stopped'), warning: count('warning', 'waiting_for_keychain') };
  }

  /** The store in front. */
  get current(): ConnectionView | null {
    return this.stores.find((connection) => connection.slug === this.store) ?? null;
  }

  /** The run at work, or the last one. */
  get run(): RunView | null {
    return this.runs[0] ?? null;
  }

  /** The import at work for the store in front. */
  get importing(): RunView | null {
    return this.working.find(({ kind, store }) => kind === 'import' && store === this.store) ?? null;
  }

  /** What goes on behind an answer for the store in front. */
  get follows(): FollowUp | null {
    return this.following.find(({ store }) => store === this.store) ?? null;
  }

  get running(): boolean {
    return this.run?.state === 'running';
  }

  /** Whether a fetch ever came to its end: before that there is nothing to review. */
  get everFetched(): boolean {
    return this.runs.some((run) => run.state === 'done');
  }

  /**
   * What is wrong with fetching: one that did not start, or the last one that stopped. Before both sides were read
   * once, the fetch's own screen says the latter.
   */
  get trouble(): AppError | null {
    if (this.fetchProblem) return this.fetchProblem;
    const run = this.run;
    return run?.state === 'failed' && this.everFetched && run.id !== this.#putAside ? run.error : null;
  }

  /** The person has read what is wrong. */
  dismissTrouble(): void {
    this.fetchProblem = null;
    this.#putAside = this.run?.id ?? null;
  }

  go(route: Route): void {
    this.route = route;
  }

  /** Brings another store to the front. */
  async choose(slug: string): Promise<void> {
    this.store = slug;
    this.runs = [];
    this.runsKnown = false;
    this.fetchProblem = null;
    // What was open belongs to the other store.
    if (this.route.page === 'orders' || this.route.page === 'mapping' || this.route.page === 'maps') this.route = { page: this.route.page };
    else if (this.route.page === 'learned' || this.route.page === 'setup') this.route = { page: 'mapping' };
    await Promise.all([this.#readRuns(), this.#readBlocked()]);
  }

  /** Reads both sides again; `full` reads everything, not only what changed. */
  async fetch(full: boolean): Promise<void> {
    if (this.store === null || this.starting) return;
    this.starting = true;
    this.fetchProblem = null;
    try {
      this.hear(await this.#port.startFetch(this.store, full));
    } catch (thrown) {
      this.fetchProblem = errorOf(thrown);
    } finally {
      this.starting = false;
    }
  }

  async cancel(): Promise<void> {
    const run = this.run;
    if (run?.state !== 'running') return;
    this.cancelling = true;
    try {
      await this.#port.cancelRun(run.id);
    } catch (thrown) {
      this.cancelling = false;
      this.fetchProblem = errorOf(thrown);
    }
  }

  /** A run moved. Those of other stores are read in full when their store comes to the front. */
  hear(run: RunView): void {
    const others = this.working.filter((other) => other.id !== run.id);
    const wasWorking = others.length < this.working.length;
    this.working = run.state === 'running' ? [...others, run] : others;
    if (run.kind === 'import') {
      // On the orders, the import says by itself how it went.
      if (wasWorking && run.state !== 'running' && this.route.page !== 'orders') this.onImported?.(run);
      return;
    }
    if (run.kind === 'customers') return;
    if (run.store !== this.store) {
      if (wasWorking && run.state === 'done') this.onFetched?.(run);
      return;
    }
    const known = this.runs.findIndex((other) => other.id === run.id);
    const ended = this.runs[known]?.state === 'running' && run.state !== 'running';
    this.runs = known < 0 ? [run, ...this.runs] : this.runs.with(known, run);
    if (run.state !== 'running') this.cancelling = false;
    if (ended && run.state === 'done') this.onFetched?.(run);
  }

  /** Changes a setting at once, and saves it. */
  async set(change: Partial<AppSettings>): Promise<void> {
    if (!this.settings) return;
    const before = this.settings;
    const wanted = { ...before, ...change };
    this.#apply(wanted);
    try {
      await this.#port.saveSettings(wanted);
    } catch (thrown) {
      this.#apply(before);
      throw thrown;
    }
  }

  async refreshConnections(): Promise<void> {
    try {
      this.#take(await this.#port.connections());
    } catch {
      // The connections page asks too, and says what is wrong; what is known stays.
    }
  }

  #take(connections: readonly ConnectionView[]): void {
    this.connections = connections;
    if (this.current) return;
    this.store = this.stores[0]?.slug ?? null;
    this.runs = [];
    if (this.store !== null) void Promise.all([this.#readRuns(), this.#readBlocked()]);
  }

  async #readWorking(): Promise<void> {
    try {
      this.working = await this.#port.runsAtWork();
    } catch {
      // Events bring them too; what is known stays.
    }
  }

  async #readFollowing(): Promise<void> {
    try {
      this.following = await this.#port.followUps();
    } catch {
      // What is known stays; the next event asks again.
    }
  }

  async #readBlocked(): Promise<void> {
    const store = this.store;
    if (store === null) return;
    try {
      const { counts } = await this.#port.ordersPage(store, COUNTS_ONLY);
      if (store === this.store) this.blocked = counts.blocked;
    } catch {
      // The orders ask too, and say what is wrong; the mark on the rail stays as it was.
    }
  }

  async #readRuns(): Promise<void> {
    const store = this.store;
    if (store === null) return;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const runs = await this.#port.runs(store);
      if (asked !== this.#asked || store !== this.store) return;
      this.runs = runs.filter(({ kind }) => kind !== 'import' && kind !== 'customers');
      this.runsKnown = true;
    } catch (thrown) {
      if (asked === this.#asked) this.fetchProblem = errorOf(thrown);
    }
  }

  async #readInfo(): Promise<void> {
    if (this.info === null) return;
    try {
      this.info = await this.#port.appInfo();
    } catch {
      // What was known of this process stays until it can be read again.
    }
  }

  async #readSettings(): Promise<void> {
    try {
      this.#apply(await this.#port.settings());
    } catch {
      // They stay as they are on screen until they can be read again.
    }
  }

  #apply(settings: AppSettings): void {
    this.settings = settings;
    speak(settings.language === 'system' ? systemLocale(navigator.languages) : settings.language, settings.digits);
    letterKeys.on = settings.letterKeys;
    const root = document.documentElement;
    if (settings.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = settings.theme;
    if (settings.density === 'compact') root.dataset['density'] = 'compact';
    else delete root.dataset['density'];
    if (settings.textSize === '100') delete root.dataset['text'];
    else root.dataset['text'] = settings.textSize;
  }
}
