// What was decided, step by step, and taking any step of it back.
import type { StepOfHistory, StepsPage, StepUndone } from '../../api/types';
import { PagedRows } from '../../parts/paged_rows.svelte';

/** What the history asks of the backend. */
export interface HistoryPort {
  steps(listing: string | null, offset: number, limit: number): Promise<StepsPage>;
  undoStep(step: number): Promise<StepUndone>;
}

/** What a person is told about a step that was taken back. */
export interface HistoryTeller {
  stepUndone(step: StepOfHistory, undone: StepUndone): void;
  notUndone(error: unknown): void;
}

/** The steps of a store, or those about one listing. */
export class HistoryState {
  open = $state(false);
  index = $state(0);
  /** Steps of this listing only. */
  about = $state.raw<{ key: string; name: string } | null>(null);
  busy = $state(false);
  readonly list: PagedRows<StepOfHistory>;
  readonly #port: HistoryPort;
  readonly #tell: HistoryTeller;

  constructor(port: HistoryPort, tell: HistoryTeller, saved: () => Promise<unknown>) {
    this.#port = port;
    this.#tell = tell;
    this.list = new PagedRows(async (offset, limit) => {
      await saved();
      return port.steps(this.about?.key ?? null, offset, limit);
    }, 60);
  }

  /** Shows the history, of one listing where one is named. */
  async show(about: { key: string; name: string } | null): Promise<void> {
    this.open = true;
    this.about = about;
    this.index = 0;
    await this.list.reload();
  }

  close(): void {
    this.open = false;
  }

  /** Reads again what is in view; something was decided. */
  async refresh(): Promise<void> {
    if (this.open) await this.list.refresh();
  }

  /** Takes a step back. Of what was decided again since, nothing. */
  async undo(step: StepOfHistory): Promise<void> {
    if (this.busy || step.inForce === 0) return;
    this.busy = true;
    try {
      this.#tell.stepUndone(step, await this.#port.undoStep(step.step));
    } catch (error) {
      this.#tell.notUndone(error);
    } finally {
      this.busy = false;
    }
    await this.refresh();
  }
}
