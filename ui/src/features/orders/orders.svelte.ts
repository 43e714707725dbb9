// The orders the store has: which are shown, which one is in focus, and what clears its blockers.
import type {
  BlockerView,
  DecisionDone,
  DecisionInput,
  OrderCounts,
  OrderDetail,
  OrderRow,
  OrderState,
  OrdersPage,
  OrdersQuery,
  PairDetail,
  PairRow,
  RawRecord,
  StatusCount,
  Undone,
} from '../../api/types';
import { PagedRows } from '../../parts/paged_rows.svelte';
import { Chosen } from './chosen.svelte';
import { asQuery, EVERYTHING, narrows, type Narrowing } from './narrowing';

/** What the orders ask of the backend. Every promise rejects with the backend's error. */
export interface OrdersPort {
  page(query: OrdersQuery): Promise<OrdersPage>;
  keys(query: OrdersQuery): Promise<string[]>;
  detail(key: string): Promise<OrderDetail>;
  raw(key: string, hidePersonal: boolean): Promise<RawRecord>;
  pair(listing: string, variant: number): Promise<PairDetail>;
  decide(decision: DecisionInput): Promise<DecisionDone>;
  undo(): Promise<Undone | null>;
}

/** What a person is told; the words are the screen's. */
export interface Teller {
  linked(name: string, sku: string, ordersCleared: number): void;
  notLinked(name: string, error: unknown): void;
  undone(undone: Undone | null): void;
  notUndone(error: unknown): void;
  notChosen(error: unknown): void;
}

/** One state, or all orders. */
export type StateFilter = OrderState | 'all';

/** A candidate that asks before it is accepted. */
export interface Question {
  blocker: BlockerView;
  pair: PairRow;
}

/** Several events in one moment make one read. */
const SETTLE_MS = 60;

/** Rows of a page: a screen of them, and what may be scrolled to next. */
const PAGE_ROWS = 60;

/** How many candidates of one order are looked at ahead, for their reasons. */
const PAIRS_AHEAD = 6;

/** Orders are read only here; the one thing decided is which Odoo product a line is. */
export class OrdersState {
  filter = $state<StateFilter>('all');
  text = $state('');
  /** Days, amounts, customer, status. */
  narrowing = $state.raw<Narrowing>(EVERYTHING);
  counts = $state.raw<OrderCounts | null>(null);
  /** The store's own statuses, with how many orders each would show. */
  statuses = $state.raw<readonly StatusCount[]>([]);
  /** Whether what is about a person is left out of the order in focus. */
  hidePersonal = $state(false);
  /** Place of the order in focus. */
  index = $state(0);
  /** The listing whose link is being saved. */
  saving = $state<string | null>(null);
  asking = $state.raw<Question | null>(null);
  /** The pairs behind the blockers of the order in focus, by listing: their evidence, and whether they ask first. */
  pairs = $state.raw<Readonly<Partial<Record<string, PairRow>>>>({});

  readonly list: PagedRows<OrderRow>;
  readonly chosen: Chosen;

  #detail = $state.raw<OrderDetail | null>(null);
  #detailError = $state.raw<unknown>(null);
  #port: OrdersPort;
  #tell: Teller;
  #asked = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until the answer to the newest question stands on the screen. */
  #showing: Promise<void> = Promise.resolve();
  #painted: () => Promise<void>;

  /** `painted` is answered once what was just changed stands on the screen. */
  constructor(port: OrdersPort, tell: Teller, painted: () => Promise<void>, now: () => number = Date.now) {
    this.#port = port;
    this.#tell = tell;
    this.#painted = painted;
    const query = (offset: number, limit: number): OrdersQuery => {
      const states = this.filter === 'all' ? [] : [this.filter];
      return { states, reason: null, text: this.text.trim(), ...asQuery(this.narrowing, now()), offset, limit };
    };
    this.chosen = new Chosen({
      row: (index) => this.list.row(index),
      keys: () => port.keys(query(0, 0)),
      failed: (error) => tell.notChosen(error),
    });
    this.list = new PagedRows(async (offset, limit) => {
      const asked = this.#asked;
      const page = await port.page(query(offset, limit));
      if (asked === this.#asked) {
        this.counts = page.counts;
        this.statuses = page.statuses;
      }
      return page;
    }, PAGE_ROWS);
    this.list.focus = () => this.index;
  }

  /** The row in focus. */
  readonly selected = $derived.by(() => this.list.row(this.index));

  /** The order in full, once it is there. */
  get detail(): OrderDetail | null {
    return this.#detail?.row.key === this.selected?.key ? this.#detail : null;
  }

  /** Why the order in full could not be read. */
  get detailError(): unknown {
    return this.#detailError;
  }

  /** Shows the orders of one state, or all. */
  async show(filter: StateFilter): Promise<void> {
    this.filter = filter;
    await this.ask();
  }

  /** Searches as it is typed. */
  async search(text: string): Promise<void> {
    this.text = text;
    await this.ask();
  }

  /** Narrows the list to days, amounts, a customer, a status. */
  async narrow(narrowing: Narrowing): Promise<void> {
    this.narrowing = narrowing;
    await this.ask();
  }

  /** Whether words or a filter narrow the list; its states do not count. */
  get narrowed(): boolean {
    return this.text.trim() !== '' || narrows(this.narrowing);
  }

  /** Takes words and filters back. */
  async widen(): Promise<void> {
    this.narrowing = EVERYTHING;
    await this.search('');
  }

  /** The order in focus as the store sent it. */
  async raw(): Promise<RawRecord | null> {
    const key = this.selected?.key;
    return key === undefined ? null : await this.#port.raw(key, this.hidePersonal);
  }

  /** Puts the question anew, from the top. */
  async ask(): Promise<void> {
    const asked = (this.#asked += 1);
    // What is chosen was chosen out of another list.
    this.chosen.clear();
    const answered = this.list.reload();
    this.#showing = answered.then((newest) => (newest ? this.#painted() : undefined));
    if (await answered) this.select(0);
    await this.#showing;
    if (asked === this.#asked) await this.list.ahead();
  }

  /** Shows one order, found by its number or key among all. Answers whether it is there. */
  async open(key: string): Promise<boolean> {
    const { row } = await this.#port.detail(key);
    this.filter = 'all';
    this.narrowing = EVERYTHING;
    await this.search(row.number);
    const at = this.#place(key);
    if (at !== undefined) this.select(at);
    return at !== undefined;
  }

  /** Brings a row into focus. */
  select(index: number): void {
    this.index = Math.max(0, Math.min(index, this.list.total - 1));
  }

  /** Reads the order in focus, and the pairs behind its blockers. */
  async look(): Promise<void> {
    const key = this.selected?.key;
    const turn = (this.#turn += 1);
    if (key === undefined) return;
    // Whoever types waits for rows, and for nothing else.
    await this.#showing;
    if (turn !== this.#turn) return;
    try {
      const detail = await this.#port.detail(key);
      if (turn !== this.#turn) return;
      this.#detail = detail;
      this.#detailError = null;
      await this.#lookAhead(detail, turn);
    } catch (error) {
      if (turn === this.#turn) this.#detailError = error;
    }
  }

  /** The first blocker that can be cleared here. */
  get firstClearable(): BlockerView | undefined {
    return this.detail?.blockers.find((blocker) => blocker.listing !== null);
  }

  /** Links the blocker's listing to its candidate. A guarded pair asks first. */
  async accept(blocker: BlockerView): Promise<void> {
    const { listing, candidate } = blocker;
    if (listing === null || !candidate || this.saving !== null || this.asking) return;
    this.saving = listing;
    try {
      const pair = this.pairs[listing] ?? (await this.#port.pair(listing, candidate.key)).row;
      if (pair.guarded) this.asking = { blocker, pair };
      else await this.#link(blocker, pair);
    } catch (error) {
      this.#tell.notLinked(nameOf(blocker), error);
    } finally {
      this.saving = null;
    }
  }

  /** The answer to the question that a guarded candidate asked. */
  async answer(accept: boolean): Promise<void> {
    const question = this.asking;
    this.asking = null;
    if (!question || !accept) return;
    this.saving = question.blocker.listing;
    try {
      await this.#link(question.blocker, question.pair);
    } catch (error) {
      this.#tell.notLinked(nameOf(question.blocker), error);
    } finally {
      this.saving = null;
    }
  }

  /** Takes the last decision back. */
  async undo(): Promise<void> {
    try {
      const undone = await this.#port.undo();
      this.#tell.undone(undone);
      await this.#reread();
    } catch (error) {
      this.#tell.notUndone(error);
    }
  }

  /** Something changed elsewhere: reads again what is in view, soon. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#reread(), SETTLE_MS);
  }

  /** Ends what is still to come. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #link(blocker: BlockerView, pair: PairRow): Promise<void> {
    const variant = blocker.candidate;
    const done = await this.#port.decide({ listing: pair.listing.key, action: 'accept', variant: variant?.key ?? null });
    this.#tell.linked(nameOf(blocker), variant?.sku ?? variant?.name ?? '', done.ordersCleared);
    await this.#reread();
  }

  async #reread(): Promise<void> {
    const key = this.selected?.key;
    const { index } = this;
    const newest = await this.list.refresh();
    // Whoever moved on meanwhile stays where they are.
    if (!newest || key === undefined || this.index !== index || this.selected?.key === key) return;
    const at = this.#place(key);
    if (at === undefined) this.select(index);
    else this.index = at;
  }

  async #lookAhead(detail: OrderDetail, turn: number): Promise<void> {
    const clearable = detail.blockers.filter(({ listing, candidate }) => listing !== null && candidate !== null);
    const pairs = await Promise.all(
      clearable.slice(0, PAIRS_AHEAD).map(async ({ listing, candidate }) => {
        try {
          return (await this.#port.pair(listing ?? '', candidate?.key ?? 0)).row;
        } catch {
          // Its reasons are a help, not a need: accepting it reads the pair again and says what is wrong.
          return null;
        }
      }),
    );
    if (turn !== this.#turn) return;
    this.pairs = Object.fromEntries(pairs.filter((pair) => pair !== null).map((pair) => [pair.listing.key, pair]));
  }

  #place(key: string): number | undefined {
    for (let at = 0; at < Math.min(this.list.total, this.index + 400); at += 1) {
      if (this.list.row(at)?.key === key) return at;
    }
    return undefined;
  }
}

/** What the line was called when it was sold. */
function nameOf(blocker: BlockerView): string {
  return blocker.params.name ?? blocker.listing ?? '';
}
