// An order's road into Odoo: what it is or would be there, the plan of an import, the run, what came of it.
import type {
  ChangeView,
  CustomerCard,
  JournalLine,
  MapInput,
  MapsSettled,
  MapsView,
  MapKind,
  MessageView,
  OdooOrder,
  OrderDetail,
  OrderPlan,
  RunView,
} from '../../api/types';
import { type PapersPort, PapersState } from './papers.svelte';

/** What is asked of the backend. Every promise rejects with the backend's error. */
export interface SellingPort {
  readonly papers: PapersPort;
  plan(keys: string[]): Promise<OrderPlan>;
  start(keys: string[]): Promise<RunView>;
  cancel(run: number): Promise<unknown>;
  detail(key: string): Promise<OrderDetail>;
  inOdoo(key: string): Promise<OdooOrder | null>;
  journal(key: string): Promise<JournalLine[]>;
  messages(key: string): Promise<MessageView[]>;
  changes(key: string): Promise<ChangeView[]>;
  apply(key: string, change: string): Promise<ChangeView[]>;
  customers(key: string): Promise<CustomerCard[]>;
  maps(): Promise<MapsView>;
  settle(rows: MapInput[]): Promise<MapsSettled>;
  clear(kind: MapKind, key: string): Promise<MapsSettled>;
}

/** What a person is told; the words are the screen's. */
export interface SellingTeller {
  settled(ordersCleared: number, undo: () => void): void;
  applied(): void;
  failed(error: unknown): void;
}

/** Where the dialog of an import stands. */
export type ImportStep = 'closed' | 'planning' | 'plan' | 'running' | 'done';

/** Orders of a plan, and results, that are listed one by one. */
export const LISTED_MAX = 100;

/** Rests on an order this long before Odoo is asked about it: whoever scrolls past asks nothing. */
const REST_MS = 150;

export class SellingState {
  odoo = $state.raw<OdooOrder | null>(null);
  journal = $state.raw<readonly JournalLine[]>([]);
  messages = $state.raw<readonly MessageView[]>([]);
  changes = $state.raw<readonly ChangeView[]>([]);
  /** Why Odoo's side of the order in focus could not be read. */
  failure = $state.raw<unknown>(null);
  /** The change or map row at work. */
  saving = $state(false);

  step = $state<ImportStep>('closed');
  plan = $state.raw<OrderPlan | null>(null);
  /** Why there is no plan, or why it did not start. */
  planFailure = $state.raw<unknown>(null);
  run = $state.raw<RunView | null>(null);
  cancelling = $state(false);
  /** What came of the orders that are listed. */
  results = $state.raw<readonly OrderDetail[]>([]);

  /** Its documents in Odoo. */
  readonly papers: PapersState;

  readonly #port: SellingPort;
  readonly #tell: SellingTeller;
  #seen = '';
  #turn = 0;
  #asked = 0;
  #wanted: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: SellingPort, tell: SellingTeller) {
    this.#port = port;
    this.papers = new PapersState(port.papers);
    this.#tell = tell;
  }

  /** Reads Odoo's side of an order that came into focus, or changed. */
  look(order: OrderDetail | null): void {
    const seen = order === null ? '' : JSON.stringify([order.row.key, order.row.state, order.modifiedAt, order.import, order.blockers]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#forget();
    if (order === null) return;
    const { key } = order.row;
    this.#timer = setTimeout(() => void this.#read(key, order.import !== null), order.import === null ? 0 : REST_MS);
  }

  /** Reads it once more. */
  again(order: OrderDetail | null): void {
    this.#seen = '';
    this.look(order);
  }

  /** Shows what an import of these orders would do; of all that wait when none is named. */
  async propose(keys: readonly string[]): Promise<void> {
    this.#wanted = keys;
    const asked = (this.#asked += 1);
    this.step = 'planning';
    this.plan = null;
    this.planFailure = null;
    this.run = null;
    this.results = [];
    this.cancelling = false;
    try {
      const plan = await this.#port.plan([...keys]);
      if (asked !== this.#asked) return;
      this.plan = plan;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.planFailure = error;
    }
    this.step = 'plan';
  }

  /** Asks for the plan anew. */
  async replan(): Promise<void> {
    await this.propose(this.#wanted);
  }

  /** Does what the plan says, and nothing else. */
  async start(): Promise<void> {
    const { plan } = this;
    if (this.step !== 'plan' || plan === null || plan.orders.length === 0) return;
    this.step = 'running';
    try {
      this.hear(await this.#port.start(plan.orders.map(({ key }) => key)), true);
    } catch (error) {
      this.planFailure = error;
      this.step = 'plan';
    }
  }

  /** Stops it: orders at work come to the end of their step. */
  async cancel(): Promise<void> {
    if (this.run?.state !== 'running') return;
    this.cancelling = true;
    try {
      await this.#port.cancel(this.run.id);
    } catch (error) {
      this.cancelling = false;
      this.#tell.failed(error);
    }
  }

  /** A run moved; `own` says that it is the one just started. */
  hear(run: RunView, own = false): void {
    if (own ? run.id === this.run?.id : !this.#isOurs(run)) return;
    this.run = run;
    if (run.state !== 'running') void this.#finish();
  }

  /** Folds the dialog; a run goes on without it. */
  close(): void {
    this.#asked += 1;
    this.step = 'closed';
  }

  /** Ends what is still to come. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** Does one of the proposed changes. */
  async apply(key: string, change: string): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    const turn = this.#turn;
    try {
      const left = await this.#port.apply(key, change);
      if (turn === this.#turn) this.changes = left;
      this.#tell.applied();
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.saving = false;
    }
  }

  /** Settles a row of the maps, so that orders with it go on. */
  async settle(row: MapInput): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    try {
      const done = await this.#port.settle([row]);
      this.#tell.settled(done.ordersCleared, () => void this.#takeBack(row));
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.saving = false;
    }
  }

  /** What can be chosen for a row of the maps. */
  maps(): Promise<MapsView> {
    return this.#port.maps();
  }

  /** Customers of Odoo that an order could be of. */
  customers(key: string): Promise<CustomerCard[]> {
    return this.#port.customers(key);
  }

  /** Events may come before the answer that says which run it is. */
  #isOurs(run: RunView): boolean {
    if (this.step !== 'running' || run.kind !== 'import') return false;
    return this.run === null || (this.run.id === run.id && this.run.state === 'running');
  }

  #forget(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.papers.forget();
    this.odoo = null;
    this.journal = [];
    this.messages = [];
    this.changes = [];
    this.failure = null;
  }

  async #read(key: string, imported: boolean): Promise<void> {
    const turn = this.#turn;
    try {
      // What is known here comes first; the rest is asked of Odoo.
      if (imported) {
        const journal = await this.#port.journal(key);
        if (turn !== this.#turn) return;
        this.journal = journal;
      }
      const odoo = await this.#port.inOdoo(key);
      if (turn !== this.#turn) return;
      this.odoo = odoo;
      if (odoo?.there !== true) return;
      const [changes, messages] = await Promise.all([this.#port.changes(key), this.#port.messages(key)]);
      if (turn !== this.#turn) return;
      this.changes = changes;
      this.messages = messages;
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    }
  }

  async #finish(): Promise<void> {
    const asked = this.#asked;
    const listed = (this.plan?.orders ?? []).slice(0, LISTED_MAX);
    const read = await Promise.allSettled(listed.map(({ key }) => this.#port.detail(key)));
    if (asked !== this.#asked) return;
    this.results = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    this.step = 'done';
    this.cancelling = false;
  }

  async #takeBack(row: MapInput): Promise<void> {
    try {
      await this.#port.clear(row.kind, row.key);
    } catch (error) {
      this.#tell.failed(error);
    }
  }
}
