// Pairs that were chosen, and one decision about all of them: looked at first, then done to exactly those.
import type { BulkInput, BulkPreview, DecideAction, ReviewQuery, StepDone } from '../../api/types';

/** What bulk steps ask of the backend. */
export interface BulkPort {
  bulkPreview(input: BulkInput): Promise<BulkPreview>;
  bulkDecide(input: BulkInput, set: string): Promise<StepDone>;
}

/** What a person is told about a bulk step. */
export interface BulkTeller {
  decidedAll(action: DecideAction, done: StepDone): void;
  notDecidedAll(error: unknown): void;
}

/** A bulk step that waits for a yes. */
export interface Asked {
  action: DecideAction;
  input: BulkInput;
  /** `null` until it is known what it would do. */
  preview: BulkPreview | null;
  failure: unknown;
}

/** Chosen one by one, or all that the filters leave: then those that are not wanted are named. */
export class Selection {
  asked = $state.raw<Asked | null>(null);
  /** The step is under way. */
  busy = $state(false);

  #all = $state(false);
  /** Chosen ones; beside `all`, it is empty. */
  #keys = $state.raw<readonly string[]>([]);
  readonly #port: BulkPort;
  readonly #tell: BulkTeller;
  /** Decisions on their way change what a step would do. */
  readonly #after: <T>(work: () => Promise<T>) => Promise<T>;
  #turn = 0;

  constructor(port: BulkPort, tell: BulkTeller, after: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#port = port;
    this.#tell = tell;
    this.#after = after;
  }

  /** Whether all that the filters leave are chosen, on all pages. */
  get all(): boolean {
    return this.#all;
  }

  /** How many are chosen, of as many as there are. */
  count(total: number): number {
    return this.#all ? total : this.#keys.length;
  }

  has(key: string): boolean {
    return this.#all || this.#keys.includes(key);
  }

  /** Chooses a pair, or takes it out; out of all of them, only this one is left in. */
  toggle(key: string): void {
    const others = this.#keys.filter((other) => other !== key);
    this.#keys = this.#all ? [key] : others.length < this.#keys.length ? others : [...others, key];
    this.#all = false;
  }

  chooseAll(all: boolean): void {
    this.#all = all;
    this.#keys = [];
  }

  clear(): void {
    this.chooseAll(false);
    this.asked = null;
    this.#turn += 1;
  }

  /** A pair was decided about: it is no longer chosen. */
  drop(key: string): void {
    if (this.#keys.includes(key)) this.#keys = this.#keys.filter((other) => other !== key);
  }

  /** Asks what a step would do; nothing is done before `confirm`. */
  async ask(action: DecideAction, query: ReviewQuery): Promise<void> {
    if (this.busy || (!this.#all && this.#keys.length === 0)) return;
    const turn = (this.#turn += 1);
    const input: BulkInput = { query, listings: this.#all ? null : [...this.#keys], action };
    this.asked = { action, input, preview: null, failure: null };
    try {
      const preview = await this.#after(() => this.#port.bulkPreview(input));
      if (turn === this.#turn) this.asked = { action, input, preview, failure: null };
    } catch (failure) {
      if (turn === this.#turn) this.asked = { action, input, preview: null, failure };
    }
  }

  /** Leaves everything as it is. */
  cancel(): void {
    if (this.busy) return;
    this.asked = null;
    this.#turn += 1;
  }

  /** Does what was looked at. Answers whether it was done; what changed since is refused by the backend. */
  async confirm(): Promise<boolean> {
    const { asked } = this;
    if (!asked?.preview || this.busy) return false;
    const { set } = asked.preview;
    this.busy = true;
    try {
      const done = await this.#after(() => this.#port.bulkDecide(asked.input, set));
      this.#tell.decidedAll(asked.action, done);
      return true;
    } catch (error) {
      this.#tell.notDecidedAll(error);
      return false;
    } finally {
      this.busy = false;
      this.clear();
    }
  }
}
