// The day as it stands: read when it is opened, and again whenever something moved.
import type { TodayQuery, TodayView } from '../../api/types';

/** What the day asks of the backend. It rejects with the backend's error. */
export interface TodayPort {
  today(query: TodayQuery): Promise<TodayView>;
}

/** All stores, or the one in front. */
export type Scope = 'all' | 'one';

/** Several events in one moment make one read. */
const SETTLE_MS = 120;

export class TodayState {
  scope = $state<Scope>('all');
  view = $state.raw<TodayView | null>(null);
  /** Why it could not be read the last time; what was read before stays on the screen. */
  failure = $state.raw<unknown>(null);
  reading = $state(false);
  /** The need that the keyboard is on. */
  index = $state(0);

  readonly #port: TodayPort;
  readonly #store: () => string;
  readonly #offset: () => number;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: TodayPort, store: () => string, offset: () => number) {
    this.#port = port;
    this.#store = store;
    this.#offset = offset;
  }

  /** Shows all stores, or only the one in front. */
  async show(scope: Scope): Promise<void> {
    this.scope = scope;
    await this.read();
  }

  async read(): Promise<void> {
    const asked = (this.#asked += 1);
    this.reading = true;
    try {
      const store = this.scope === 'one' ? this.#store() : null;
      const view = await this.#port.today({ store, utcOffsetMinutes: this.#offset() });
      if (asked !== this.#asked) return;
      this.view = view;
      this.failure = null;
      this.index = Math.max(0, Math.min(this.index, view.needs.length - 1));
    } catch (failure) {
      if (asked === this.#asked) this.failure = failure;
    } finally {
      if (asked === this.#asked) this.reading = false;
    }
  }

  /** Something moved elsewhere: reads again, soon. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), SETTLE_MS);
  }

  /** Moves the keyboard by so many needs. */
  move(step: number): void {
    const last = (this.view?.needs.length ?? 0) - 1;
    this.index = Math.max(0, Math.min(last, this.index + step));
  }

  /** Ends what is still to come. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }
}
