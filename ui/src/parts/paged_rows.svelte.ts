// Rows that come page by page, as a list scrolls to them.
import { opening, origin, withOneMore, without, type Pin } from './pin';

/** What a `VirtualList` shows: rows by index, with gaps where a page is still on the way. */
export interface RowSource<T> {
  readonly total: number;
  row(index: number): T | undefined;
  /** Tells which rows are in view (`end` exclusive), so that they are fetched. */
  want(first: number, end: number): void;
}

/** Rows of one page, and how many there are in all. */
export interface RowPage<T> {
  total: number;
  rows: T[];
}

/** Rows this far from what is in view, or from the row in focus, are kept; further ones are fetched again. */
const KEPT_ROWS = 1_500;

/** Pages asked for at a time: whoever scrolls past many waits for those in view, not for all that were. */
const ASKED_MOST = 4;

/** Rows fetched by `load` in pages. Answers that were overtaken, by a newer question or a change of rows, are dropped. */
export class PagedRows<T> implements RowSource<T> {
  /** True once the question was answered: before that, an empty list is not known to be empty. */
  answered = $state(false);
  /** What the last page failed with. The list keeps what it has. */
  failure = $state.raw<unknown>(null);
  /** The place of the row in focus, which may be out of view. */
  focus: () => number = () => 0;

  #rows = $state.raw<(T | undefined)[]>([]);
  readonly #load: (offset: number, limit: number) => Promise<RowPage<T>>;
  readonly #size: number;
  // Nothing on screen depends on it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<number>();
  #generation = 0;
  #wanted = { first: 0, end: 0 };
  /** How many rows the view holds; not known before a list was longer than it. */
  #inView = 0;
  /** One row stands `at` another place than it has in the backend's order, where it comes `from`. */
  #pin = $state.raw<Pin | null>(null);

  constructor(load: (offset: number, limit: number) => Promise<RowPage<T>>, size = 200) {
    this.#load = load;
    this.#size = size;
  }

  get total(): number {
    return this.#rows.length;
  }

  row(index: number): T | undefined {
    return this.#rows[origin(this.#pin, index)];
  }

  /**
   * Asks a new question, from the top, for as many rows as the view holds: `ahead` reads on. Old rows stay until it is
   * answered; `answering` is called right before they go. Answers whether no newer question came.
   */
  async reload(answering?: () => void): Promise<boolean> {
    const generation = this.#overtake();
    this.#wanted = { first: 0, end: 0 };
    this.#pin = null;
    try {
      const page = await this.#load(0, Math.min(this.#size, this.#inView || this.#size));
      if (generation !== this.#generation) return false;
      answering?.();
      this.#swap(page.total, [[0, page.rows]]);
    } catch (failure) {
      if (generation !== this.#generation) return false;
      this.#swap(0, []);
      this.failure = failure;
    }
    return true;
  }

  /**
   * Asks again for what is in view, and swaps it in place. Answers whether it was not overtaken. What `keep` names
   * stays at its place, whatever order the rest has now; it is asked when the answer is there.
   */
  async refresh(keep?: () => { at: number; is: (row: T) => boolean } | null): Promise<boolean> {
    const generation = this.#overtake();
    const pages = this.#pagesOf(this.#wanted.first, Math.max(this.#wanted.end, 1));
    try {
      const answers = await Promise.all(pages.map((page) => this.#load(page * this.#size, this.#size)));
      if (generation !== this.#generation) return false;
      const total = Math.max(0, ...answers.map((answer) => answer.total));
      const kept = keep?.();
      this.#swap(
        total,
        answers.map((answer, index) => [(pages[index] ?? 0) * this.#size, answer.rows]),
      );
      const from = kept ? this.#rows.findIndex((row) => row !== undefined && kept.is(row)) : -1;
      this.#pin = kept && from >= 0 && from !== kept.at ? { at: Math.min(kept.at, total - 1), from } : null;
    } catch (failure) {
      if (generation !== this.#generation) return false;
      this.failure = failure;
    }
    return true;
  }

  /** Reads the rest of the first page, once what is in view stands on the screen. */
  async ahead(): Promise<void> {
    if (this.#hasGap(0, Math.min(this.#size, this.#rows.length))) await this.#fetch(0);
  }

  want(first: number, end: number): void {
    this.#wanted = { first, end };
    if (end < this.#rows.length) this.#inView = end - first;
    // A row that stands elsewhere moves its neighbours by one.
    const [from, until] = this.#pin ? [Math.max(0, first - 1), end + 1] : [first, end];
    for (const page of this.#pagesOf(from, Math.min(until, this.#rows.length))) {
      if (this.#lacks(page, from, until)) void this.#fetch(page);
    }
  }

  /** Takes a row out before the backend has answered; later rows move up. */
  remove(index: number): void {
    if (index < 0 || index >= this.#rows.length) return;
    this.#overtake();
    const from = origin(this.#pin, index);
    this.#rows = this.#rows.toSpliced(from, 1);
    this.#pin = without(this.#pin, index, from);
    this.want(this.#wanted.first, this.#wanted.end);
  }

  /** Puts a row in at its place; later rows move down. */
  insert(index: number, row: T): void {
    this.#overtake();
    const before = opening(this.#pin, index);
    this.#rows = this.#rows.toSpliced(before, 0, row);
    this.#pin = withOneMore(this.#pin, index, before);
    this.want(this.#wanted.first, this.#wanted.end);
  }

  /** Puts a changed row in the place of the old one. */
  replace(index: number, row: T): void {
    if (index >= 0 && index < this.#rows.length) this.#rows = this.#rows.with(origin(this.#pin, index), row);
  }

  /** From here on, answers to earlier requests no longer fit. */
  #overtake(): number {
    this.#asked.clear();
    this.#generation += 1;
    return this.#generation;
  }

  #swap(total: number, pages: [offset: number, rows: T[]][]): void {
    const rows = new Array<T | undefined>(total).fill(undefined);
    for (const [offset, found] of pages) for (const [index, row] of found.entries()) rows[offset + index] = row;
    this.#rows = rows;
    this.failure = null;
    this.answered = true;
  }

  #pagesOf(first: number, end: number): number[] {
    const from = Math.floor(first / this.#size);
    const until = Math.ceil(end / this.#size);
    return Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index);
  }

  /** Whether rows of a page are missing between two places. */
  #lacks(page: number, from: number, until: number): boolean {
    return this.#hasGap(Math.max(from, page * this.#size), Math.min(until, (page + 1) * this.#size));
  }

  #hasGap(first: number, end: number): boolean {
    return this.#rows.slice(first, end).includes(undefined);
  }

  /** Takes out what is far away: who scrolls through all of a long list is not to hold all of it. */
  #forget(rows: (T | undefined)[]): void {
    const focus = origin(this.#pin, this.focus());
    const { first, end } = this.#wanted;
    const spans = [
      [first - KEPT_ROWS, end + KEPT_ROWS],
      [focus - KEPT_ROWS, focus + KEPT_ROWS],
    ].toSorted(([one = 0], [two = 0]) => one - two);
    let at = 0;
    for (const [from = 0, until = 0] of [...spans, [rows.length, rows.length]]) {
      if (from > at) rows.fill(undefined, at, Math.min(from, rows.length));
      at = Math.max(at, until);
    }
  }

  async #fetch(page: number): Promise<void> {
    if (this.#asked.has(page) || this.#asked.size >= ASKED_MOST) return;
    this.#asked.add(page);
    const generation = this.#generation;
    try {
      const answer = await this.#load(page * this.#size, this.#size);
      if (generation !== this.#generation) return;
      this.#take(page, answer);
    } catch (failure) {
      if (generation !== this.#generation) return;
      this.failure = failure;
    }
    this.#asked.delete(page);
    const { first, end } = this.#wanted;
    // What came into view meanwhile; not at once again what failed there, or came short.
    if (!this.#lacks(page, first, end)) this.want(first, end);
  }

  #take(page: number, answer: RowPage<T>): void {
    const rows = this.#rows.slice(0, answer.total);
    while (rows.length < answer.total) rows.push(undefined);
    for (const [index, row] of answer.rows.entries()) rows[page * this.#size + index] = row;
    this.#forget(rows);
    this.#rows = rows;
    this.failure = null;
  }
}
