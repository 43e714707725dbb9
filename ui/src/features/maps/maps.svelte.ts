// The maps of a store: what its taxes, methods and statuses are in Odoo, one kind at a time.
import type { MapInput, MapsSettled, MapsView, MapKind, MapTrial, MapView, TriedOrder } from '../../api/types';
import type { RowSource } from '../../parts/paged_rows.svelte';
import { fits } from '../../pieces/map_words';

/** What the page asks of the backend. Every promise rejects with the backend's error. */
export interface MapsPort {
  read(): Promise<MapsView>;
  /** Asks Odoo again what there is to choose from. */
  readTerms(): Promise<MapsView>;
  settle(rows: MapInput[]): Promise<MapsSettled>;
  accept(kind: MapKind | null): Promise<MapsSettled>;
  clear(kind: MapKind, key: string): Promise<MapsSettled>;
  /** What a row would make of a real order; each turn another one. */
  tryOn(kind: MapKind, key: string, turn: number): Promise<MapTrial>;
}

/** What a person is told; the words are the screen's. */
export interface MapsTeller {
  settled(rows: number, ordersCleared: number): void;
  undone(rows: number): void;
  failed(error: unknown): void;
}

/** The kinds that have rows here, in the order of the tabs. */
export const KINDS = ['tax', 'payment', 'carrier', 'pricelist', 'role', 'status', 'service'] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** Rows as they were before something was settled. */
type Step = readonly MapView[];

/** A head in the list: what is under it is to be settled, or is settled. */
export interface Head {
  open: boolean;
  count: number;
}

/** A line of the list. */
export type Line = MapView | Head;

export function isHead(line: Line): line is Head {
  return !('key' in line);
}

export class MapsState {
  view = $state.raw<MapsView | null>(null);
  failure = $state.raw<unknown>(null);
  kind = $state<Kind>('tax');
  /** Place of the row in focus. */
  index = $state(0);
  saving = $state(false);
  /** Odoo is being asked. */
  asking = $state(false);
  /** The choices of the row in focus are in front. */
  choosing = $state(false);
  /** What the row in focus would make of a real order. */
  tried = $state.raw<TriedOrder | null>(null);
  trying = $state(false);
  /** Which of the choices that were tried is meant; none where a person has to choose. */
  picked = $state<number | null>(null);

  readonly #port: MapsPort;
  readonly #tell: MapsTeller;
  #steps: Step[] = [];
  #turn = 0;
  #trial = 0;
  #order = 0;

  constructor(port: MapsPort, tell: MapsTeller) {
    this.#port = port;
    this.#tell = tell;
  }

  /** Rows of the kind in front: those to be settled first. */
  readonly rows = $derived.by((): readonly MapView[] => {
    const own = (this.view?.rows ?? []).filter(({ kind }) => kind === this.kind);
    return [...own.filter(isOpen), ...own.filter((row) => !isOpen(row))];
  });

  /** The same under two heads: what is to be settled, and what is. */
  readonly lines = $derived.by((): readonly Line[] => {
    const parts = ([true, false] as const).map((open) => ({ open, rows: this.rows.filter((row) => isOpen(row) === open) }));
    return parts.flatMap(({ open, rows }) => (rows.length === 0 ? [] : [{ open, count: rows.length }, ...rows]));
  });

  /** The lines, for a list. */
  readonly source = $derived.by((): RowSource<Line> => {
    const { lines } = this;
    return { total: lines.length, row: (index) => lines[index], want: () => undefined };
  });

  /** Where the row in focus stands among the lines. */
  get line(): number {
    const { selected } = this;
    return selected ? this.lines.indexOf(selected) : -1;
  }

  /** Brings the row of a line into focus; from a head, the row beyond it. */
  selectLine(at: number): void {
    const beyond = at < this.line ? at - 1 : at + 1;
    const line = [at, beyond, at + 1].map((place) => this.lines[place]).find((each) => each !== undefined && !isHead(each));
    if (line !== undefined && !isHead(line)) this.select(this.rows.indexOf(line));
  }

  /** The row in focus. */
  readonly selected = $derived.by(() => this.rows[Math.min(this.index, this.rows.length - 1)]);

  /** What can be chosen for the row in focus. */
  readonly choices = $derived.by(() => {
    const all = this.view?.choices.find(({ kind }) => kind === this.kind)?.choices ?? [];
    const key = this.selected?.key ?? '';
    return all.filter((choice) => fits(this.kind, key, choice));
  });

  /** Proposals of all kinds that nobody has put in force. */
  readonly proposals = $derived.by(() => (this.view?.rows ?? []).filter(({ state }) => state === 'proposed'));

  /** How many rows of a kind are to be settled. */
  open(kind: Kind): number {
    return (this.view?.rows ?? []).filter((row) => row.kind === kind && isOpen(row)).length;
  }

  /** Reads the maps. */
  async read(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const view = await this.#port.read();
      if (turn === this.#turn) this.#take(view);
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    }
  }

  /** Asks Odoo again what there is. */
  async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.#turn += 1;
    try {
      this.#take(await this.#port.readTerms());
    } catch (error) {
      if (this.view?.read) this.#tell.failed(error);
      else this.failure = error;
    } finally {
      this.asking = false;
    }
  }

  /** Brings a kind to the front, and one of its rows where it is named. */
  show(kind: Kind, key?: string): void {
    this.kind = kind;
    this.index = Math.max(0, key === undefined ? 0 : this.rows.findIndex((row) => row.key === key));
  }

  /** Brings a row into focus. */
  select(index: number): void {
    this.index = Math.max(0, Math.min(index, this.rows.length - 1));
  }

  /** Tries the row in focus on a real order, or on the next one. What is not known yet is not shown. */
  async tryOn(next = false): Promise<void> {
    const row = this.selected;
    if (!row) return;
    const trial = (this.#trial += 1);
    this.#order = next ? this.#order + 1 : 0;
    this.trying = true;
    try {
      const { order } = await this.#port.tryOn(row.kind, row.key, this.#order);
      if (trial !== this.#trial) return;
      const picked = next ? this.picked : (order?.tried.findIndex(({ choice }) => choice.value === row.choice?.value) ?? -1);
      this.tried = order;
      this.picked = picked === -1 ? null : picked;
    } catch {
      // The row can be settled all the same; its orders say what holds them.
      if (trial === this.#trial) this.tried = null;
    } finally {
      if (trial === this.#trial) this.trying = false;
    }
  }

  /** Another row is in focus: nothing is known of it yet. */
  forgetTrial(): void {
    this.#trial += 1;
    this.trying = false;
    this.tried = null;
    this.picked = null;
  }

  /** Means one of the choices that were tried. */
  pick(index: number): void {
    if (this.tried?.tried[index]) this.picked = index;
  }

  /** The choice that accepting would put in force; nothing where it is in force, or nobody chose. */
  get candidate(): string | null {
    const row = this.selected;
    const picked = this.picked === null ? undefined : this.tried?.tried[this.picked]?.choice.value;
    if (picked !== undefined && (picked !== row?.choice?.value || row.state !== 'mapped')) return picked;
    return row?.state === 'proposed' ? (row.choice?.value ?? null) : null;
  }

  /** Puts what is proposed for the row in focus in force, or the choice that is meant. */
  async accept(): Promise<void> {
    const { candidate } = this;
    if (candidate !== null) await this.choose(candidate);
  }

  /** Settles the row in focus. */
  async choose(value: string, tracking?: string): Promise<void> {
    const row = this.selected;
    this.choosing = false;
    if (!row) return;
    const input = { kind: row.kind, key: row.key, value, tracking: tracking ?? row.tracking };
    await this.#settle([row], () => this.#port.settle([input]));
  }

  /** Puts every proposal in force. */
  async acceptAll(): Promise<void> {
    if (this.proposals.length > 0) await this.#settle(this.proposals, () => this.#port.accept(null));
  }

  /** Takes the last step back. */
  async undo(): Promise<void> {
    const step = this.#steps.at(-1);
    if (step === undefined || this.saving) return;
    this.saving = true;
    this.#turn += 1;
    try {
      for (const row of step) this.#take((await this.#restore(row)).maps);
      this.#steps = this.#steps.slice(0, -1);
      this.#tell.undone(step.length);
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.saving = false;
    }
  }

  #restore(row: MapView): Promise<MapsSettled> {
    const { kind, key, choice, tracking, state } = row;
    const was = (state === 'mapped' || state === 'changed') && choice !== null;
    return was ? this.#port.settle([{ kind, key, value: choice.value, tracking }]) : this.#port.clear(kind, key);
  }

  async #settle(rows: Step, work: () => Promise<MapsSettled>): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    this.#turn += 1;
    try {
      const done = await work();
      this.#steps = [...this.#steps, rows];
      this.#take(done.maps);
      this.#tell.settled(done.settled, done.ordersCleared);
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.saving = false;
    }
  }

  #take(view: MapsView): void {
    this.view = view;
    this.failure = null;
    this.select(this.index);
  }
}

/** Whether somebody has to settle a row. */
export function isOpen({ state }: MapView): boolean {
  return state !== 'mapped';
}

/** Whether an amount is nothing, whatever its scale. */
export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}
