// Proposals that look alike: which pattern is in front, a sample of it, and what "accept all" leaves out.
import type { BulkDone, PairRow, PatternSample, PatternView, ReviewPage, ReviewQuery } from '../../api/types';
import { EVERYTHING, question } from './filters';

/** What patterns ask of the backend. */
export interface PatternsPort {
  patterns(): Promise<PatternView[]>;
  sample(pattern: string, rows: number): Promise<PatternSample>;
  page(query: ReviewQuery): Promise<ReviewPage>;
  acceptAll(query: ReviewQuery, seen: string | null): Promise<BulkDone>;
}

/** Rows of a sample at first, and as many more each time. */
const SAMPLE_ROWS = 5;

/** As many rows that are left out are named. */
const NAMED = 3;

/** A single pair is quicker by hand. */
const SEVERAL = 2;

/** The first pattern of which several can be accepted. */
function firstToAccept(all: readonly PatternView[]): PatternView | undefined {
  return all.find(({ takes }) => takes >= SEVERAL);
}

/** Key evidence, which patterns are made of; names alone count where there is no key. */
const KEYS: readonly string[] = ['same_gtin', 'same_sku', 'same_canonical_sku', 'gtin_differs', 'sku_differs'];

const CONFIDENCE: readonly PatternView['confidence'][] = ['sure', 'likely', 'possible', 'weak'];

/** What can be accepted stands first, the surest of it before the largest; the order is kept otherwise. */
function rank({ acceptable, confidence }: PatternView): number {
  return CONFIDENCE.indexOf(confidence) + (acceptable ? 0 : CONFIDENCE.length);
}

/** Whether a pair follows a pattern. */
export function follows(row: PairRow, pattern: PatternView): boolean {
  if (row.linked || row.verdict !== pattern.verdict || row.confidence !== pattern.confidence) return false;
  const keys = (tags: readonly string[]) => KEYS.filter((key) => tags.includes(key)).join(' ');
  return keys(row.evidence.map(({ tag }) => tag)) === keys(pattern.evidence);
}

/** The patterns of the open proposals. Nothing is accepted unseen: first the sample, then all. */
export class PatternsState {
  all = $state.raw<readonly PatternView[]>([]);
  /** The sample is on the screen. */
  open = $state(false);
  /** All of a pattern are being accepted. */
  busy = $state(false);
  sample = $state.raw<PatternSample | null>(null);
  /** Names of some that ask first. */
  named = $state.raw<readonly string[]>([]);
  failure = $state.raw<unknown>(null);
  /** True for the pattern of the pair that was accepted last. */
  followsLast = $state(false);

  #id = $state<string | null>(null);
  #rows = SAMPLE_ROWS;
  #turn = 0;
  readonly #port: PatternsPort;
  /** Writes that are still to come change the sample: it waits for them. */
  readonly #saved: () => Promise<unknown>;

  constructor(port: PatternsPort, saved: () => Promise<unknown>) {
    this.#port = port;
    this.#saved = saved;
  }

  /** The pattern in front. */
  readonly current = $derived.by(() => this.all.find(({ id }) => id === this.#id) ?? firstToAccept(this.all) ?? this.all[0]);

  /** How many "accept all" would take. */
  get count(): number {
    const { current, sample } = this;
    return sample?.total ?? current?.takes ?? 0;
  }

  /** Those that another listing claims too. */
  get taken(): number {
    const { current, sample } = this;
    return current?.acceptable && sample ? Math.max(0, current.rows - current.guarded - sample.total) : 0;
  }

  /** Whether all of it may be accepted now: its sample is on the screen. */
  get ready(): boolean {
    return this.open && !this.busy && this.sample !== null && this.sample.total > 0 && this.current?.acceptable === true;
  }

  /** Asks which patterns there are; old ones stay until it is answered. */
  async ask(): Promise<void> {
    await this.#saved();
    try {
      const all = (await this.#port.patterns()).toSorted((one, two) => rank(one) - rank(two));
      const chosen = all.find(({ id }) => id === this.#id);
      this.all = all;
      if (this.followsLast && (!chosen || chosen.takes < SEVERAL)) this.#choose(null);
      this.failure = null;
    } catch (error) {
      // Old patterns do no harm; whoever wants to look at them is told.
      this.failure = error;
      return;
    }
    if (this.open) await this.#read();
  }

  /** Brings the pattern of a pair that was accepted by hand in front. */
  follow(row: PairRow): void {
    const pattern = this.all.find((each) => each.acceptable && follows(row, each));
    if (!pattern || pattern.takes < SEVERAL) return;
    this.#choose(pattern.id);
    this.followsLast = true;
  }

  /** Brings a pattern in front, and its sample if one is on the screen. */
  choose(id: string): void {
    if (id === this.current?.id && this.#id === id) return;
    this.#choose(id);
    if (this.open) void this.#read();
  }

  /** Brings the next pattern in front. */
  step(by: 1 | -1): void {
    const at = this.all.findIndex(({ id }) => id === this.current?.id);
    const next = this.all[(at + by + this.all.length) % Math.max(1, this.all.length)];
    if (next) this.choose(next.id);
  }

  /** Puts the sample on the screen. */
  show(): Promise<void> {
    if (!this.current) return Promise.resolve();
    this.open = true;
    this.#rows = SAMPLE_ROWS;
    return this.#read();
  }

  /** Shows more of the pattern. */
  more(): Promise<void> {
    this.#rows += SAMPLE_ROWS;
    return this.#read();
  }

  /** Takes the sample from the screen. */
  close(): void {
    this.open = false;
    this.sample = null;
    this.failure = null;
  }

  /** Accepts all of the pattern in front. */
  async accept(): Promise<BulkDone | null> {
    const id = this.current?.id;
    if (!this.ready || id === undefined) return null;
    this.busy = true;
    try {
      const done = await this.#port.acceptAll(question('to_review', { ...EVERYTHING, pattern: id }, 0, 0), this.sample?.set ?? null);
      this.close();
      this.followsLast = false;
      return done;
    } finally {
      this.busy = false;
    }
  }

  #choose(id: string | null): void {
    this.#id = id;
    this.followsLast = false;
    this.#rows = SAMPLE_ROWS;
    this.sample = null;
    this.named = [];
  }

  async #read(): Promise<void> {
    const turn = (this.#turn += 1);
    const pattern = this.current;
    if (!pattern) {
      this.close();
      return;
    }
    try {
      await this.#saved();
      const guarded = question('to_review', { ...EVERYTHING, pattern: pattern.id, guarded: true }, 0, NAMED);
      const [sample, left] = await Promise.all([this.#port.sample(pattern.id, this.#rows), pattern.guarded > 0 ? this.#port.page(guarded) : null]);
      if (turn !== this.#turn) return;
      this.sample = sample;
      this.named = (left?.rows ?? []).map(({ listing }) => listing.name);
      this.failure = null;
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    }
  }
}
