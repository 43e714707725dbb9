// The road from nothing to the first fetch: both sides at once, resumed where it was left.
import { errorOf, events, mutate, query } from '../../api/client';
import type { AppError, ConnectionView, KindView } from '../../api/types';
import { BindingChoice } from '../../pieces/binding.svelte';
import { Draft, draftPort, type DraftPort } from '../../pieces/draft.svelte';

/** Stations of the road, in order. The first fetch itself is shown by the screen after it. */
export const STAGES = ['kind', 'address', 'keys', 'test', 'company'] as const;
export type Stage = (typeof STAGES)[number];

/** What the wizard asks of the backend. */
export interface WizardPort extends DraftPort {
  kinds: typeof query.kinds;
  connections: typeof query.connections;
  bindStore: typeof mutate.bindStore;
  startFetch: typeof mutate.startFetch;
}

export const wizardPort: WizardPort = {
  ...draftPort,
  kinds: query.kinds,
  connections: query.connections,
  bindStore: mutate.bindStore,
  startFetch: mutate.startFetch,
};

export class Wizard {
  stage = $state<Stage>('kind');
  kinds = $state.raw<readonly KindView[]>([]);
  /** What kept the wizard from starting or finishing; a side's own trouble is in its draft. */
  problem = $state.raw<AppError | null>(null);
  /** Set once the person wanted to go on: from then on gaps are shown as mistakes. */
  insisted = $state(false);
  finishing = $state(false);
  /** Odoo connections that work already and may be used. */
  odoos = $state.raw<readonly ConnectionView[]>([]);

  readonly store: Draft;
  readonly odoo: Draft;
  readonly choice = new BindingChoice();
  readonly #port: WizardPort;

  constructor(port: WizardPort = wizardPort) {
    this.#port = port;
    this.store = new Draft('store', port);
    this.odoo = new Draft('odoo', port);
  }

  /** Hears how a question in the browser ends, until the returned function is called; leaving closes the question. */
  listen(): () => void {
    const end = events.onConsent((ended) => void this.store.hear(ended));
    return () => {
      end();
      void this.store.stopAsking();
    };
  }

  /** Reads what can be connected, and goes on with what was left half done. */
  async start(): Promise<void> {
    this.problem = null;
    try {
      const [kinds, connections] = await Promise.all([this.#port.kinds(), this.#port.connections()]);
      this.kinds = kinds;
      const odooKind = kinds.find((kind) => kind.side === 'odoo');
      if (odooKind) this.odoo.begin(odooKind.kind);
      this.#resume(connections);
    } catch (thrown) {
      this.problem = errorOf(thrown);
    }
  }

  get storeKinds(): readonly KindView[] {
    return this.kinds.filter((kind) => kind.side === 'store');
  }

  /** The product's own name of a kind. */
  labelOf(kind: string): string {
    return this.kinds.find((known) => known.kind === kind)?.label ?? kind;
  }

  /** Chooses what kind of store it is, and goes on to the address. */
  chooseStore(kind: string): void {
    this.store.begin(kind);
    this.go('address');
  }

  /** Whether an Odoo that works already is used, so that only the store is asked for. */
  get odooIsThere(): boolean {
    return this.odoo.passed && this.odoos.some((known) => known.slug === this.odoo.slug);
  }

  /** Lets the person type another Odoo instead of the one that is there. */
  anotherOdoo(): void {
    const kind = this.odoo.kind;
    this.odoo.slug = null;
    this.odoo.check = null;
    this.odoo.name = '';
    this.odoo.url = '';
    this.odoo.login = '';
    this.odoo.database = '';
    this.odoo.begin(kind);
    this.odoos = [];
  }

  /** What is missing before the next station, by side. */
  get gaps(): { store: boolean; odoo: boolean } {
    switch (this.stage) {
      case 'kind':
        return { store: this.store.kind === '', odoo: false };
      case 'address':
        return { store: this.store.addressGap, odoo: !this.odooIsThere && this.odoo.addressGap };
      case 'keys':
        return { store: this.store.gaps.length > 0, odoo: !this.odooIsThere && this.odoo.gaps.length > 0 };
      case 'test':
        return { store: !this.store.passed, odoo: !this.odoo.passed };
      case 'company':
        return { store: this.choice.gap !== null, odoo: false };
    }
  }

  get canGoOn(): boolean {
    return !this.gaps.store && !this.gaps.odoo;
  }

  get testing(): boolean {
    return this.store.busy || this.odoo.busy;
  }

  /** Goes to the next station if nothing is missing, and does what it needs. Answers the store's short name when the first fetch has begun. */
  async next(): Promise<string | null> {
    this.insisted = true;
    if (!this.canGoOn || this.testing) return null;
    if (this.stage === 'company') return await this.#finish();
    const stage = STAGES[STAGES.indexOf(this.stage) + 1];
    if (!stage) return null;
    this.go(stage);
    if (stage === 'test') await this.testBoth();
    return null;
  }

  back(): void {
    const stage = STAGES[STAGES.indexOf(this.stage) - 1];
    if (stage) this.go(stage);
  }

  go(stage: Stage): void {
    this.stage = stage;
    this.insisted = false;
    if (stage === 'company') this.choice.offer(this.odoo.companies, this.store.check?.facts.currency ?? null, null);
  }

  /** Tests both sides at once; one that was there and works is left alone. */
  async testBoth(): Promise<void> {
    await Promise.all([this.store.saveAndTest(), this.odooIsThere ? Promise.resolve() : this.odoo.saveAndTest()]);
  }

  async #finish(): Promise<string | null> {
    const { slug } = this.store;
    const binding = this.odoo.slug === null ? null : this.choice.bindingTo(this.odoo.slug);
    if (slug === null || binding === null) return null;
    this.finishing = true;
    this.problem = null;
    try {
      await this.#port.bindStore(slug, binding);
      await this.#port.startFetch(slug, true);
      return slug;
    } catch (thrown) {
      this.problem = errorOf(thrown);
      return null;
    } finally {
      this.finishing = false;
    }
  }

  #resume(connections: readonly ConnectionView[]): void {
    const odoos = connections.filter((connection) => connection.side === 'odoo');
    this.odoos = odoos.filter((connection) => connection.state === 'healthy');
    const odoo = this.odoos[0] ?? odoos[0];
    const store = connections.find((connection) => connection.side === 'store' && connection.bound === null);
    if (odoo) this.odoo.resume(odoo);
    if (store) this.store.resume(store);
    if (store?.state === 'healthy' && this.odoo.passed) this.go('company');
    else if (store) this.go('keys');
  }
}
