// Records of a store and its Odoo that could not be understood, page by page.
import { errorOf, events, query } from '../../api/client';
import type { AppError, ProblemView } from '../../api/types';

/** What this asks of the backend. */
export type ProblemsPort = Pick<typeof query, 'problems'>;

/** As many as are read in one go. */
const PAGE = 50;

export class ProblemsState {
  rows = $state.raw<readonly ProblemView[]>([]);
  total = $state(0);
  /** Whether they were read: before that, none is not known to be none. */
  known = $state(false);
  failure = $state.raw<AppError | null>(null);
  busy = $state(false);

  readonly #store: string;
  readonly #port: ProblemsPort;
  #asked = 0;

  constructor(store: string, port: ProblemsPort = query) {
    this.#store = store;
    this.#port = port;
  }

  /** Keeps what is shown current until the returned function is called. */
  listen(): () => void {
    return events.onStale(['problems'], () => void this.read());
  }

  /** Reads again as many as are shown. */
  read(): Promise<void> {
    return this.#read(0, Math.max(PAGE, this.rows.length));
  }

  /** Reads the ones after those that are shown. */
  more(): Promise<void> {
    return this.#read(this.rows.length, PAGE);
  }

  get hasMore(): boolean {
    return this.rows.length < this.total;
  }

  async #read(offset: number, limit: number): Promise<void> {
    const asked = (this.#asked += 1);
    this.busy = true;
    try {
      const page = await this.#port.problems(this.#store, offset, limit);
      if (asked !== this.#asked) return;
      this.rows = [...this.rows.slice(0, offset), ...page.rows];
      this.total = page.total;
      this.known = true;
      this.failure = null;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = errorOf(thrown);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }
}
