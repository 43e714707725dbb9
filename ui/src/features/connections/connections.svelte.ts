// The saved connections: which one is in front, its test, and what is being changed about it.
import { SvelteSet } from 'svelte/reactivity';
import { errorOf, events, mutate, query } from '../../api/client';
import type { AppError, ConnectionView, FactsView, HealthChange } from '../../api/types';
import { BindingChoice } from '../../pieces/binding.svelte';
import { Draft, draftPort, type DraftPort } from '../../pieces/draft.svelte';

/** What this state asks of the backend. */
export interface ConnectionsPort extends DraftPort {
  connections: typeof query.connections;
  healthHistory: typeof query.healthHistory;
  removeConnection: typeof mutate.removeConnection;
  bindStore: typeof mutate.bindStore;
  trustCertificate: typeof mutate.trustCertificate;
  forgetCertificate: typeof mutate.forgetCertificate;
  renewKey: typeof mutate.renewKey;
}

export const connectionsPort: ConnectionsPort = {
  ...draftPort,
  connections: query.connections,
  healthHistory: query.healthHistory,
  removeConnection: mutate.removeConnection,
  bindStore: mutate.bindStore,
  trustCertificate: mutate.trustCertificate,
  forgetCertificate: mutate.forgetCertificate,
  renewKey: mutate.renewKey,
};

/** What is asked before something is done to the connection in front. */
export type Asking = 'remove' | 'trust' | 'renew';

/** No server was asked: the keychain did not give the key. */
const LOCKED: AppError = { code: 'vault.locked', params: {}, details: '', retryable: true };

export class ConnectionsState {
  all = $state.raw<readonly ConnectionView[]>([]);
  /** Whether they were read: before that, none is not known to be none. */
  known = $state(false);
  selected = $state<string | null>(null);
  /** Connections whose test is under way. */
  readonly testing = new SvelteSet<string>();
  /** What stopped the last thing that was done to the connection in front. */
  problem = $state.raw<AppError | null>(null);
  /** What kept the list from being read. */
  listProblem = $state.raw<AppError | null>(null);
  editing = $state.raw<Draft | null>(null);
  /** The choice of company and warehouses, while it is open, and the Odoo it is made in. */
  binding = $state.raw<BindingChoice | null>(null);
  bindingOdoo = $state<string | null>(null);
  asking = $state<Asking | null>(null);
  /** What kept the key from being renewed; told where the password is asked for. */
  renewProblem = $state.raw<AppError | null>(null);
  busy = $state(false);
  /** What changed of the connection in front, newest first. */
  history = $state.raw<readonly HealthChange[]>([]);
  /** Whether the records that were not understood are shown instead of the test. */
  showsProblems = $state(false);

  #historyOf: string | null = null;
  readonly #port: ConnectionsPort;

  constructor(port: ConnectionsPort = connectionsPort) {
    this.#port = port;
  }

  listen(): () => void {
    return events.onStale(['connections'], () => void this.read());
  }

  async read(): Promise<void> {
    try {
      this.all = await this.#port.connections();
      this.known = true;
      this.listProblem = null;
      if (!this.current) this.selected = this.ordered[0]?.slug ?? null;
    } catch (thrown) {
      this.listProblem = errorOf(thrown);
    }
    await this.readHistory();
  }

  /** Reads what changed of the connection in front. Without it the rest of the screen still serves. */
  async readHistory(): Promise<void> {
    const slug = this.selected;
    if (slug !== this.#historyOf) this.history = [];
    this.#historyOf = slug;
    if (slug === null) return;
    try {
      const history = await this.#port.healthHistory(slug);
      if (slug === this.selected) this.history = history;
    } catch {
      // The list of connections asks at the same moment, and says what is wrong.
    }
  }

  get stores(): readonly ConnectionView[] {
    return this.all.filter((connection) => connection.side === 'store');
  }

  get odoos(): readonly ConnectionView[] {
    return this.all.filter((connection) => connection.side === 'odoo');
  }

  /** As they are listed. */
  get ordered(): readonly ConnectionView[] {
    return [...this.odoos, ...this.stores];
  }

  /** The one in front. */
  get current(): ConnectionView | null {
    return this.all.find((connection) => connection.slug === this.selected) ?? null;
  }

  /** Facts of the other side, for comparison: the Odoo of a store. */
  get otherFacts(): FactsView | null {
    const odoo = this.current?.bound?.odoo;
    return this.all.find((connection) => connection.slug === odoo)?.check?.facts ?? null;
  }

  /** The Odoo that the store in front sells from, and its company: nothing while that Odoo's companies are not known. */
  get boundCompany(): { odoo: string; company: string | null } | null {
    const bound = this.current?.bound;
    if (!bound) return null;
    const odoo = this.all.find((connection) => connection.slug === bound.odoo);
    const company = odoo?.check?.facts.companies.find((known) => known.id === bound.company);
    return { odoo: odoo?.name ?? bound.odoo, company: company?.name ?? null };
  }

  select(slug: string): void {
    if (slug === this.selected) return;
    this.selected = slug;
    this.problem = null;
    this.stopEditing();
    this.stopBinding();
    this.asking = null;
    this.showsProblems = false;
    void this.readHistory();
  }

  /** Selects the next or previous in the list. */
  move(step: number): void {
    const at = this.ordered.findIndex((connection) => connection.slug === this.selected);
    const next = this.ordered[Math.max(0, Math.min(this.ordered.length - 1, at + step))];
    if (next) this.select(next.slug);
  }

  async test(slug: string): Promise<void> {
    if (this.testing.has(slug)) return;
    this.testing.add(slug);
    if (slug === this.selected) this.problem = null;
    try {
      await this.#port.checkNow(slug);
      await this.read();
    } catch (thrown) {
      if (slug === this.selected) this.problem = errorOf(thrown);
    } finally {
      this.testing.delete(slug);
    }
  }

  async testAll(): Promise<void> {
    await Promise.all(this.all.map((connection) => this.test(connection.slug)));
  }

  startEditing(): void {
    if (!this.current) return;
    const draft = new Draft(this.current.side, this.#port);
    draft.resume(this.current);
    draft.check = null;
    this.editing = draft;
    this.showsProblems = false;
    this.stopBinding();
    this.problem = null;
  }

  stopEditing(): void {
    void this.editing?.stopAsking();
    this.editing = null;
  }

  /** Tests what is typed, and saves it if it works. Answers whether it was saved. */
  async saveEdit(): Promise<boolean> {
    const draft = this.editing;
    if (!draft) return false;
    await draft.saveIfItWorks();
    if (!draft.passed || draft !== this.editing) return false;
    this.stopEditing();
    await this.read();
    return true;
  }

  /** Opens the choice of company and warehouses, in the Odoo it has or the first one. */
  startBinding(): void {
    if (this.current?.side !== 'store') return;
    this.stopEditing();
    this.showsProblems = false;
    this.problem = null;
    this.binding = new BindingChoice();
    this.offer(this.current.bound?.odoo ?? this.odoos[0]?.slug ?? null);
  }

  /** Offers the companies of an Odoo. */
  offer(odoo: string | null): void {
    this.bindingOdoo = odoo;
    const facts = this.odoos.find((connection) => connection.slug === odoo)?.check?.facts;
    const saved = this.current?.bound?.odoo === odoo ? this.current.bound : null;
    this.binding?.offer(facts?.companies ?? [], this.current?.check?.facts.currency ?? null, saved);
  }

  stopBinding(): void {
    this.binding = null;
  }

  /** Saves the choice. Answers whether it was saved. */
  async saveBinding(): Promise<boolean> {
    const binding = this.bindingOdoo === null ? null : this.binding?.bindingTo(this.bindingOdoo);
    const store = this.current?.slug;
    if (!binding || store === undefined) return false;
    const saved = await this.#changing(() => this.#port.bindStore(store, binding));
    if (saved) this.stopBinding();
    return saved;
  }

  /** Removes the one in front. Answers whether it is gone. */
  async remove(): Promise<boolean> {
    const slug = this.current?.slug;
    if (slug === undefined) return false;
    const gone = await this.#changing(() => this.#port.removeConnection(slug));
    this.asking = null;
    return gone;
  }

  /** What is wrong with the connection in front. */
  get failure(): AppError | null {
    const locked = this.current?.health.state === 'waiting_for_keychain' ? LOCKED : null;
    return this.problem ?? locked ?? this.current?.check?.failure ?? null;
  }

  /** Trusts the certificate that the failure shows, and tests again. */
  async trust(fingerprint: string): Promise<void> {
    const slug = this.current?.slug;
    this.asking = null;
    if (slug === undefined) return;
    if (await this.#changing(() => this.#port.trustCertificate(slug, fingerprint))) await this.test(slug);
  }

  /** Trusts the certificate no longer, and tests again. */
  async forgetCertificate(): Promise<void> {
    const slug = this.current?.slug;
    if (slug === undefined) return;
    if (await this.#changing(() => this.#port.forgetCertificate(slug))) await this.test(slug);
  }

  /** Says that another name or address is the same shop or database as before. */
  async acceptAsSame(): Promise<boolean> {
    const slug = this.current?.slug;
    return slug !== undefined && (await this.#changing(() => this.#port.acceptShop(slug)));
  }

  /** Opens the question for the password with which a new key is made. */
  startRenewing(): void {
    this.renewProblem = null;
    this.asking = 'renew';
  }

  /** Has a new key made, with the password where one was typed. Answers the connection as it stands then. */
  async renew(password: string): Promise<ConnectionView | null> {
    const slug = this.current?.slug;
    if (slug === undefined || this.busy) return null;
    this.busy = true;
    this.renewProblem = null;
    try {
      const renewed = await this.#port.renewKey(slug, password === '' ? null : password);
      this.asking = null;
      this.problem = null;
      await this.read();
      return renewed;
    } catch (thrown) {
      this.renewProblem = errorOf(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }

  async #changing(change: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await change();
      await this.read();
      return true;
    } catch (thrown) {
      this.problem = errorOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
