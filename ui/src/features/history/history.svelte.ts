// What was done: which lines are shown, and the one in focus in full.
import type { DecisionsDay, DecisionsQuery, EntryKind, HistoryCounts, HistoryPage, HistoryQuery, HistoryRow, RunEnd, RunView } from '../../api/types';
import { PagedRows } from '../../parts/paged_rows.svelte';

/** What the history asks of the backend. Every promise rejects with the backend's error. */
export interface HistoryPort {
  history(query: HistoryQuery): Promise<HistoryPage>;
  run(id: number): Promise<RunView>;
  decisionsOf(query: DecisionsQuery): Promise<DecisionsDay>;
}

/** How runs ended, or all lines. */
export type EndFilter = RunEnd | 'all';

/** The line in focus in full: a run, or a day of decisions. */
export type Shown = { id: string; run: RunView } | { id: string; day: DecisionsDay };

const SETTLE_MS = 60;
/** As far as a failure is looked for with one key. */
const LOOK_AHEAD = 400;

export class HistoryState {
  ended = $state<EndFilter>('all');
  kind = $state<EntryKind | ''>('');
  /** Short name of a store; empty for all. */
  store = $state('');
  text = $state('');
  counts = $state.raw<HistoryCounts | null>(null);
  index = $state(0);
  failure = $state.raw<unknown>(null);

  readonly list: PagedRows<HistoryRow>;
  #shown = $state.raw<Shown | null>(null);
  readonly #port: HistoryPort;
  #asked = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: HistoryPort, offset: () => number) {
    this.#port = port;
    this.list = new PagedRows(async (first, limit) => {
      const asked = this.#asked;
      const page = await port.history({
        store: this.store === '' ? null : this.store,
        kinds: this.kind === '' ? [] : [this.kind],
        ended: this.ended === 'all' ? null : this.ended,
        text: this.text.trim(),
        utcOffsetMinutes: offset(),
        offset: first,
        limit,
      });
      if (asked === this.#asked) this.counts = page.counts;
      return page;
    });
  }

  /** The line in focus. */
  readonly selected = $derived.by(() => this.list.row(this.index));

  /** The line in focus in full, once it is there. */
  get shown(): Shown | null {
    return this.#shown?.id === this.selected?.id ? this.#shown : null;
  }

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    return this.ended !== 'all' || this.kind !== '' || this.store !== '' || this.text.trim() !== '';
  }

  /** Narrows the list, from the top. */
  async narrow(change: Partial<Pick<HistoryState, 'ended' | 'kind' | 'store' | 'text'>>): Promise<void> {
    Object.assign(this, change);
    await this.ask();
  }

  async ask(): Promise<void> {
    this.#asked += 1;
    if (await this.list.reload()) this.select(0);
  }

  select(index: number): void {
    this.index = Math.max(0, Math.min(index, this.list.total - 1));
  }

  /** Place of the next line that failed, after the one in focus; nothing when there is none near. */
  nextFailure(): number | null {
    const end = Math.min(this.list.total, this.index + LOOK_AHEAD);
    for (let at = this.index + 1; at < end; at += 1) {
      if (this.list.row(at)?.state === 'failed') return at;
    }
    return null;
  }

  /** Brings a run into focus, if the list has it near its top. */
  async open(run: number): Promise<void> {
    await this.ask();
    for (let at = 0; at < Math.min(this.list.total, LOOK_AHEAD); at += 1) {
      if (this.list.row(at)?.run === run) return this.select(at);
    }
  }

  /** Reads the line in focus in full. */
  async look(): Promise<void> {
    const row = this.selected;
    const turn = (this.#turn += 1);
    if (!row) return;
    try {
      const shown: Shown =
        row.run === null
          ? { id: row.id, day: await this.#port.decisionsOf({ store: row.store, from: row.from }) }
          : { id: row.id, run: await this.#port.run(row.run) };
      if (turn !== this.#turn) return;
      this.#shown = shown;
      this.failure = null;
    } catch (failure) {
      if (turn === this.#turn) this.failure = failure;
    }
  }

  /** A run moved: the one in focus is shown as it stands now. */
  hear(run: RunView): void {
    if (this.selected?.run === run.id) this.#shown = { id: this.selected.id, run };
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

  async #reread(): Promise<void> {
    const id = this.selected?.id;
    if (!(await this.list.refresh())) return;
    // New lines come in at the top; whoever reads one keeps it.
    for (let at = 0; id !== undefined && at < Math.min(this.list.total, LOOK_AHEAD); at += 1) {
      if (this.list.row(at)?.id === id) return this.select(at);
    }
  }
}
