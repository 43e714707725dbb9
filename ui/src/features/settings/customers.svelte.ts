// A store's customers, the way back: what it wants told, what it would be told, telling it.
import type { CustomerItemView, CustomerPlan, CustomersTold, CustomerWays, RunView } from '../../api/types';

/** What is asked of the backend. Every promise rejects with the backend's error. */
export interface CustomersPort {
  ways(): Promise<CustomerWays>;
  save(ways: CustomerWays): Promise<unknown>;
  plan(): Promise<CustomerPlan>;
  tell(chosen: string[]): Promise<CustomersTold>;
  cancel(run: number): Promise<unknown>;
}

/** Where the dialog stands. */
export type CustomersStep = 'closed' | 'planning' | 'plan' | 'running' | 'done';

/** Items that are listed one by one. */
export const LISTED_MAX = 200;

export class CustomersState {
  ways = $state.raw<CustomerWays | null>(null);
  /** Why a switch could not be read or saved. */
  problem = $state.raw<unknown>(null);

  step = $state<CustomersStep>('closed');
  plan = $state.raw<CustomerPlan | null>(null);
  /** Why there is no plan, or why it could not be done. */
  failure = $state.raw<unknown>(null);
  run = $state.raw<RunView | null>(null);
  told = $state.raw<CustomersTold | null>(null);
  cancelling = $state(false);
  /** Ids of what is written: all that is planned, until the person says otherwise. */
  chosen = $state.raw<readonly string[]>([]);

  readonly #port: CustomersPort;
  #asked = 0;

  constructor(port: CustomersPort) {
    this.#port = port;
  }

  /** Reads the switches. */
  async read(): Promise<void> {
    try {
      this.ways = await this.#port.ways();
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Turns a switch; it goes back where it was when that could not be saved. */
  async set(change: Partial<CustomerWays>): Promise<void> {
    if (this.ways === null) await this.read();
    const before = this.ways;
    if (before === null) return;
    const ways = { ...before, ...change };
    this.ways = ways;
    this.problem = null;
    try {
      await this.#port.save(ways);
    } catch (error) {
      this.ways = before;
      this.problem = error;
    }
  }

  /** Whether there is anything to look at. */
  get isOn(): boolean {
    return this.ways !== null && (this.ways.address || this.ways.mark);
  }

  /** Shows what would be told. */
  async propose(): Promise<void> {
    const asked = (this.#asked += 1);
    this.step = 'planning';
    this.plan = null;
    this.failure = null;
    this.run = null;
    this.told = null;
    this.cancelling = false;
    try {
      const plan = await this.#port.plan();
      if (asked !== this.#asked) return;
      this.plan = plan;
      this.chosen = plan.items.filter(({ stands }) => stands === 'planned').map(({ id }) => id);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.failure = error;
    }
    this.step = 'plan';
  }

  /** Takes an item in, or leaves it out. */
  choose(item: CustomerItemView, wanted: boolean): void {
    if (!isChoice(item)) return;
    const others = this.chosen.filter((id) => id !== item.id);
    this.chosen = wanted ? [...others, item.id] : others;
  }

  /** Writes what is chosen, and nothing else. */
  async tell(): Promise<void> {
    if (this.step !== 'plan' || this.chosen.length === 0) return;
    const asked = this.#asked;
    this.step = 'running';
    this.failure = null;
    try {
      const told = await this.#port.tell([...this.chosen]);
      if (asked !== this.#asked) return;
      this.told = told;
      this.step = 'done';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.failure = error;
      this.step = 'plan';
    }
    this.cancelling = false;
  }

  /** A run moved. */
  hear(run: RunView): void {
    if (this.step !== 'running' || run.kind !== 'customers') return;
    this.run = run;
  }

  /** Stops it: the customer at work comes to its end. */
  async cancel(): Promise<void> {
    if (this.step !== 'running' || this.run === null) return;
    this.cancelling = true;
    try {
      await this.#port.cancel(this.run.id);
    } catch (error) {
      this.cancelling = false;
      this.failure = error;
    }
  }

  /** Folds the dialog; a run goes on without it. */
  close(): void {
    this.#asked += 1;
    this.step = 'closed';
  }
}

/** Whether a person can choose to have it written. */
export function isChoice({ stands }: CustomerItemView): boolean {
  return stands === 'planned' || stands === 'decide';
}
