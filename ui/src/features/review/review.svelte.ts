// The mapping review: which pairs are shown, which one is in focus, and what the manager decides about it.
import { untrack } from 'svelte';
import type {
  BulkDone,
  DecideAction,
  DecisionDone,
  DecisionInput,
  PairDetail,
  PairRow,
  ReviewCounts,
  ReviewQuery,
  Tab,
  Undone,
  VariantCard,
} from '../../api/types';
import { PagedRows } from '../../parts/paged_rows.svelte';
import { EVERYTHING, foreseen, leaves, likelyTabs, narrows, question, type Filters, type Move } from './filters';
import { FindState } from './find.svelte';
import { FilesState, type FilesPort } from './files.svelte';
import { HistoryState, type HistoryPort, type HistoryTeller } from './history.svelte';
import { PatternsState, type PatternsPort } from './patterns.svelte';
import { Selection, type BulkPort, type BulkTeller } from './selection.svelte';

/** What the review asks of the backend. Every promise rejects with the backend's error. */
export interface ReviewPort extends PatternsPort, BulkPort, HistoryPort, FilesPort {
  /** Somebody is about to type into a search box. */
  prepareSearch(): Promise<null>;
  counts(query: ReviewQuery): Promise<ReviewCounts>;
  detail(listing: string, variant: number | null): Promise<PairDetail>;
  decide(decision: DecisionInput): Promise<DecisionDone>;
  undo(): Promise<Undone | null>;
  search(text: string): Promise<VariantCard[]>;
  /** Where the pictures are; nothing is asked by naming them. */
  listingPicture(listing: string): string;
  variantPicture(variant: number): string;
}

/** What a person is told; the words are the screen's. */
export interface Teller extends BulkTeller, HistoryTeller {
  decided(action: DecideAction, name: string): void;
  cleared(orders: number, name: string): void;
  /** A pattern was accepted as one step. */
  acceptedAll(done: BulkDone): void;
  notAcceptedAll(error: unknown): void;
  notSaved(name: string, error: unknown): void;
  undone(undone: Undone | null): void;
}

/** A decision that was painted, so that it can be taken back in the same place. */
interface Step extends Move {
  row: PairRow;
  index: number;
  asked: number;
}

/** Several events in one moment make one read. */
const SETTLE_MS = 60;

/** Whoever decides pair after pair is not to wait for reads; what is painted holds until then. */
const PAUSE_MS = 400;

/** Rows of a page: a screen of them, and what may be scrolled to next. */
const PAGE_ROWS = 60;

/** How far from its place a pair is looked for after a fresh read. */
const NEAR_ROWS = 400;

/** A decision paints at once and is saved afterwards, in the order it was made; when that fails, the row comes back. */
export class ReviewState {
  tab = $state<Tab>('to_review');
  filters = $state.raw<Filters>(EVERYTHING);
  counts = $state.raw<ReviewCounts | null>(null);
  /** Place of the pair in focus. */
  index = $state(0);
  /** The variant looked at instead of the row's own. */
  chosen = $state<number | null>(null);
  /** Other rows are there and not yet painted: until they are, the pair before stays in front. */
  settling = $state(false);
  /** The pair for which Accept asks first. */
  asking = $state.raw<PairRow | null>(null);
  /** The last decision that can be named. */
  last = $state.raw<{ action: DecideAction; name: string } | null>(null);

  readonly list: PagedRows<PairRow>;
  readonly find: FindState;
  readonly patterns: PatternsState;
  readonly selection: Selection;
  readonly history: HistoryState;
  readonly files: FilesState;

  #detail = $state.raw<PairDetail | null>(null);
  /** The pair after the one in focus: whoever decides sees it at once. */
  #ahead = $state.raw<PairDetail | null>(null);
  /** What was known when that was asked for: it holds as long as nothing was decided since. */
  #aheadKnown = -1;
  /** Grows with each decision, and with each change from elsewhere. */
  #known = 0;
  #detailError = $state.raw<unknown>(null);
  #port: ReviewPort;
  #tell: Teller;
  #asked = 0;
  #turn = 0;
  #counting = 0;
  #looking: Promise<void> = Promise.resolve();
  /** Until the answer to the newest question stands on the screen. */
  #showing: Promise<void> = Promise.resolve();
  #painted: () => Promise<void>;
  #saves: Promise<unknown> = Promise.resolve();
  #unsaved = 0;
  #steps: Step[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #decidedAt = -PAUSE_MS;

  /** `painted` is answered once what was just changed stands on the screen. */
  constructor(port: ReviewPort, tell: Teller, painted: () => Promise<void>) {
    this.#port = port;
    this.#tell = tell;
    this.#painted = painted;
    this.find = new FindState((text) => port.search(text), () => this.prepareSearch());
    this.patterns = new PatternsState(port, () => this.#saves);
    this.list = new PagedRows(async (offset, limit) => {
      // Offsets count what the backend has: let it have every decision first.
      await this.#saves;
      return port.page(question(this.tab, this.filters, offset, limit));
    }, PAGE_ROWS);
    this.list.focus = () => this.index;
    this.selection = new Selection(port, tell, (work) => this.#saves.then(work));
    this.history = new HistoryState(port, tell, () => this.#saves);
    this.files = new FilesState(port);
  }

  /** Where the pictures of both sides are. */
  readonly pictures = { listing: (key: string) => this.#port.listingPicture(key), variant: (key: number) => this.#port.variantPicture(key) };

  /** The row in focus, as the list has it. */
  readonly selected = $derived.by(() => this.list.row(this.index));

  /** The pair in full, once it is there. */
  get detail(): PairDetail | null {
    if (this.settling) return this.#detail;
    const key = this.selected?.listing.key;
    const is = (detail: PairDetail | null) => detail?.row.listing.key === key;
    if (is(this.#detail)) return this.#detail;
    return this.chosen === null && is(this.#ahead) ? this.#ahead : null;
  }

  /** Why the pair in full could not be read. */
  get detailError(): unknown {
    return this.#detailError;
  }

  /** The two that are compared: the row, or the listing with the variant that was chosen. */
  get pair(): PairRow | undefined {
    return this.detail?.row ?? this.selected;
  }

  /** Whether the two that are compared are the link in force; beside a link, other candidates can be looked at. */
  get inForce(): boolean {
    const own = this.settling ? this.#detail?.row : this.selected;
    return this.pair?.linked === true && this.pair.variant?.key === own?.variant?.key;
  }

  /** Whether search or filters leave something out. */
  get narrowed(): boolean {
    return narrows(this.filters);
  }

  /** Shows another list. */
  async show(tab: Tab): Promise<void> {
    this.tab = tab;
    this.filters = EVERYTHING;
    this.patterns.close();
    await this.ask();
  }

  /** Changes search or filters. */
  async narrow(change: Partial<Filters>): Promise<void> {
    this.filters = { ...this.filters, ...change };
    // Patterns are those of all that is open, whatever is shown of it.
    if (await this.#put()) await this.#count();
  }

  /** Puts the question anew, from the top. Rows first, and all else behind their paint: whoever types waits for rows. */
  async ask(): Promise<void> {
    if (await this.#put()) await Promise.all([this.#count(), this.patterns.ask()]);
  }

  async #put(): Promise<boolean> {
    const asked = (this.#asked += 1);
    // Counts that are still on their way answer the question before.
    this.#counting += 1;
    // What is chosen was chosen out of another list.
    this.selection.clear();
    const answered = this.list.reload(() => (this.settling = true));
    this.#showing = answered.then((newest) => (newest ? this.#rowsPainted() : undefined));
    if (!(await answered)) return false;
    this.select(0);
    await this.#showing;
    if (asked !== this.#asked) return false;
    void this.list.ahead();
    return true;
  }

  async #rowsPainted(): Promise<void> {
    await this.#painted();
    this.settling = false;
  }

  /** Shows the list that has this listing, searched for, with it in focus. Answers whether it was found. */
  async open(listing: string): Promise<boolean> {
    const { row } = await this.#port.detail(listing, null);
    const storeText = row.listing.sku ?? row.listing.name;
    for (const tab of likelyTabs(row.linked, row.variant !== null)) {
      const page = await this.#port.page(question(tab, { ...EVERYTHING, storeText }, 0, 200));
      const at = page.rows.findIndex((found) => found.listing.key === listing);
      if (at < 0) continue;
      this.tab = tab;
      this.filters = { ...EVERYTHING, storeText };
      await this.ask();
      this.select(at);
      return true;
    }
    return false;
  }

  /** Brings a row into focus. */
  select(index: number): void {
    this.index = Math.max(0, Math.min(index, this.list.total - 1));
    this.chosen = null;
    if (this.find.open) this.find.stop();
  }

  /** Reads the pair in focus; called whenever the row in focus or the chosen variant changes. */
  look(): Promise<void> {
    const [listing, variant] = [this.selected?.listing.key, this.chosen];
    this.#looking = untrack(() => this.#read(listing, variant));
    return this.#looking;
  }

  /** Compares the listing with one of its candidates, or with any variant that was found. */
  choose(variant: number): void {
    this.chosen = variant;
    if (this.find.open) this.find.stop();
  }

  /** Decides about the pair in focus. Accepting a pair that is guarded asks first. */
  async decide(action: DecideAction): Promise<void> {
    // A key is quicker than the paint of other rows, and than the read of the variant it just chose: never accept the
    // one before.
    if (this.settling) await this.#showing;
    if (this.chosen !== null && this.pair?.variant?.key !== this.chosen) await this.#looking;
    const pair = this.pair;
    if (!pair || this.asking || (this.chosen !== null && pair.variant?.key !== this.chosen)) return;
    if (pair.listing.kind === 'parent' || (action !== 'ignore' && !pair.variant)) return;
    if (action === 'accept' && this.inForce) return;
    if (action === 'accept' && pair.guarded) {
      this.asking = pair;
      return;
    }
    await this.#carryOut(pair, action);
  }

  /** The answer to the question that Accept asked. */
  async answer(accept: boolean): Promise<void> {
    const pair = this.asking;
    this.asking = null;
    if (pair && accept) await this.#carryOut(pair, 'accept');
  }

  /** Accepts all of the pattern in front, as one step. Without its sample on the screen, it shows that first. */
  async acceptPattern(): Promise<void> {
    const { patterns } = this;
    if (!patterns.open) return patterns.show();
    if (!patterns.ready) return;
    const { pattern } = this.filters;
    await this.#queue(async () => {
      try {
        const done = await patterns.accept();
        if (!done) return;
        this.last = null;
        this.#tell.acceptedAll(done);
      } catch (error) {
        this.#tell.notAcceptedAll(error);
      }
    });
    // What was shown alone is no longer there.
    if (pattern !== null && !patterns.open) await this.narrow({ pattern: null, guarded: false });
  }

  /** Asks about one decision on all pairs that are chosen. */
  askAll(action: DecideAction): Promise<void> {
    return this.selection.ask(action, question(this.tab, this.filters, 0, 0));
  }

  /** Does what was asked, behind every decision before it. */
  async decideAll(): Promise<void> {
    this.last = null;
    if (await this.selection.confirm()) await this.#reread();
    else this.settle();
  }

  /** A search box has the focus: the first letter is not to wait. */
  prepareSearch(): void {
    this.#port.prepareSearch().catch(() => {
      // Whoever types is told what is wrong.
    });
  }

  /** Takes the last decision back and brings its pair into focus. */
  undo(): Promise<void> {
    return this.#queue(async () => {
      try {
        const undone = await this.#port.undo();
        this.#tell.undone(undone);
        if (undone) this.#takeBack(undone);
      } catch (error) {
        this.#tell.notUndone(error);
      }
    });
  }

  /** Something else changed the pairs, or a decision was saved: reads again what is in view, soon. */
  settle(): void {
    this.#known += 1;
    clearTimeout(this.#timer);
    const calm = this.#decidedAt + PAUSE_MS - performance.now();
    this.#timer = setTimeout(() => void this.#reread(), Math.max(SETTLE_MS, calm));
  }

  /** Ends what is still to come. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #read(listing: string | undefined, variant: number | null): Promise<void> {
    const turn = (this.#turn += 1);
    if (listing === undefined) return;
    await this.#showing;
    if (turn !== this.#turn) return;
    try {
      const detail = (variant === null && this.#aheadOf(listing)) || (await this.#port.detail(listing, variant));
      if (turn !== this.#turn) return;
      this.#detail = detail;
      this.#detailError = null;
      await this.#readAhead(turn);
    } catch (error) {
      if (turn === this.#turn) this.#detailError = error;
    }
  }

  async #readAhead(turn: number): Promise<void> {
    const next = this.list.row(this.index + 1)?.listing.key;
    if (next === undefined || this.#aheadOf(next)) return;
    const known = this.#known;
    try {
      const detail = await this.#port.detail(next, null);
      if (turn !== this.#turn) return;
      this.#ahead = detail;
      this.#aheadKnown = known;
    } catch {
      // It is read again when it comes into focus, and what is wrong is said then.
    }
  }

  /** This pair in full, if it was read ahead and nothing was decided since. */
  #aheadOf(listing: string): PairDetail | null {
    return this.#aheadKnown === this.#known && this.#ahead?.row.listing.key === listing ? this.#ahead : null;
  }

  async #count(): Promise<void> {
    const turn = (this.#counting += 1);
    await this.#saves;
    try {
      const counts = await this.#port.counts(question(this.tab, this.filters, 0, 0));
      if (turn === this.#counting) this.counts = counts;
    } catch {
      // The list asks at the same moment and shows what is wrong; old counts do no harm.
    }
  }

  async #reread(): Promise<void> {
    const key = this.selected?.listing.key;
    const { index } = this;
    // The order may be another one now; what is in focus stays put, and the rest stands around it.
    const newest = await this.list.refresh(() => {
      const focused = this.selected?.listing.key;
      return focused === undefined ? null : { at: this.index, is: ({ listing }) => listing.key === focused };
    });
    // Whoever moved on meanwhile stays where they are.
    if (newest && key !== undefined && this.index === index && this.selected?.listing.key !== key) {
      const at = this.#place(key);
      if (at === undefined) this.select(index);
      else this.index = at;
    }
    if (newest) await Promise.all([this.#count(), this.patterns.ask(), this.history.refresh()]);
  }

  async #carryOut(pair: PairRow, action: DecideAction): Promise<void> {
    const index = this.#place(pair.listing.key);
    const row = index === undefined ? undefined : this.list.row(index);
    if (index === undefined || !row) return;
    const step: Step = { row, index, tab: this.tab, action, inForce: this.inForce, asked: this.#asked };
    this.selection.drop(pair.listing.key);
    // Where a rejected pair goes is not known before it is read: its listing may have other candidates.
    this.#decidedAt = action === 'reject' ? -PAUSE_MS : performance.now();
    this.#known += 1;
    const name = pair.listing.name;
    const variant = action === 'ignore' ? null : (pair.variant?.key ?? null);
    // Queued before it is painted: whatever painting reads then waits for the write.
    const saved = this.#queue(async () => {
      try {
        const done = await this.#port.decide({ listing: pair.listing.key, action, variant });
        this.#steps.push(step);
        if (done.ordersCleared > 0) this.#tell.cleared(done.ordersCleared, name);
      } catch (error) {
        this.#restore(step);
        this.last = null;
        this.#tell.notSaved(name, error);
      }
    });
    this.#paint(step, name);
    if (action === 'accept') this.patterns.follow(pair);
    await saved;
  }

  #paint(step: Step, name: string): void {
    if (leaves(step)) {
      this.list.remove(step.index);
      this.select(step.index);
    } else {
      this.select(step.index + 1);
    }
    this.#foresee(step, 1);
    this.last = { action: step.action, name };
    this.#tell.decided(step.action, name);
  }

  /** The row is back where it was, unless another question was asked since; answers its place. */
  #restore(step: Step): number | undefined {
    this.#foresee(step, -1);
    if (step.asked !== this.#asked || !leaves(step)) return undefined;
    const already = this.#place(step.row.listing.key);
    if (already !== undefined) {
      // It came back by itself, with its next candidate.
      this.list.replace(already, step.row);
      return already;
    }
    const at = Math.min(step.index, this.list.total);
    this.list.insert(at, step.row);
    if (at <= this.index && this.list.total > 1) this.index += 1;
    return at;
  }

  #takeBack(undone: Undone): void {
    this.last = null;
    if (undone.together > 1) return;
    const at = this.#steps.findLastIndex(({ row, action }) => row.listing.key === undone.listing && action === undone.action);
    const step = at < 0 ? undefined : this.#steps.splice(at, 1)[0];
    const place = step && this.#restore(step);
    if (place !== undefined) this.select(place);
  }

  /** Where a listing stands, as far as it is near. */
  #place(listing: string): number | undefined {
    for (let away = 0; away <= NEAR_ROWS; away += 1) {
      for (const at of [this.index - away, this.index + away]) {
        if (this.list.row(at)?.listing.key === listing) return at;
      }
    }
    return undefined;
  }

  #foresee(step: Step, times: 1 | -1): void {
    // An answer that was counted before this moment would be wrong by one.
    this.#counting += 1;
    if (this.counts) this.counts = foreseen(this.counts, step, times);
  }

  /** One write after the other, in the order they were wished. */
  #queue(write: () => Promise<void>): Promise<void> {
    this.#unsaved += 1;
    const done = this.#saves.then(write).then(() => {
      this.#unsaved -= 1;
      if (this.#unsaved === 0) this.settle();
    });
    this.#saves = done;
    return done;
  }
}
