// Orders that were chosen: one by one, a stretch of them, or exactly those that the filters leave.
import { SvelteSet } from 'svelte/reactivity';
import type { OrderRow } from '../../api/types';

/** The list that is chosen from. */
export interface ChosenFrom {
  row(index: number): OrderRow | undefined;
  /** The keys of all that the filters leave, on all pages. */
  keys(): Promise<string[]>;
  failed(error: unknown): void;
}

export class Chosen {
  /** All of them are being read. */
  reading = $state(false);
  readonly #keys = new SvelteSet<string>();
  readonly #from: ChosenFrom;
  #turn = 0;
  /** Where the last choice was made: a stretch begins there. */
  #anchor: number | null = null;

  constructor(from: ChosenFrom) {
    this.#from = from;
  }

  get count(): number {
    return this.#keys.size;
  }

  get keys(): string[] {
    return [...this.#keys];
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Chooses the order at a place, or no longer. */
  toggle(index: number): void {
    const key = this.#from.row(index)?.key;
    if (key === undefined) return;
    if (!this.#keys.delete(key)) this.#keys.add(key);
    this.#anchor = index;
  }

  /** Chooses all from the last choice, else from where one comes, up to a place. */
  extend(from: number, to: number): void {
    const anchor = this.#anchor ?? from;
    for (let at = Math.min(anchor, to); at <= Math.max(anchor, to); at += 1) {
      const key = this.#from.row(at)?.key;
      if (key !== undefined) this.#keys.add(key);
    }
    this.#anchor ??= from;
  }

  /** Chooses all that the filters leave now. */
  async all(): Promise<void> {
    const turn = (this.#turn += 1);
    this.reading = true;
    try {
      const keys = await this.#from.keys();
      if (turn !== this.#turn) return;
      this.#keys.clear();
      for (const key of keys) this.#keys.add(key);
    } catch (error) {
      if (turn === this.#turn) this.#from.failed(error);
    } finally {
      if (turn === this.#turn) this.reading = false;
    }
  }

  clear(): void {
    this.#turn += 1;
    this.reading = false;
    this.#anchor = null;
    this.#keys.clear();
  }
}
