// Backups: written at once, and taken over only after somebody saw what is in one.
import type { BackupView, Restored } from '../../api/types';

/** What is asked of the backend. Every promise rejects with the backend's error. */
export interface BackupsPort {
  write(): Promise<BackupView>;
  /** Those in the person's folder for downloads, latest first. */
  list(): Promise<string[]>;
  look(path: string): Promise<BackupView>;
  restore(path: string): Promise<Restored>;
}

export class BackupsState {
  /** The backup that was just written. */
  written = $state.raw<BackupView | null>(null);
  /** Backups to choose from; nothing while nobody restores. */
  found = $state.raw<readonly string[] | null>(null);
  /** What is in the one that was chosen. */
  seen = $state.raw<BackupView | null>(null);
  restored = $state.raw<Restored | null>(null);
  failure = $state.raw<unknown>(null);
  busy = $state(false);

  readonly #port: BackupsPort;
  #turn = 0;

  constructor(port: BackupsPort) {
    this.#port = port;
  }

  async write(): Promise<void> {
    await this.#begin(this.#port.write, (written) => (this.written = written));
  }

  /** Begins to restore: which backup is it to be? The latest one is looked at. */
  async open(): Promise<void> {
    this.seen = null;
    this.restored = null;
    await this.#begin(this.#port.list, (found) => (this.found = found));
    const latest = this.found?.[0];
    if (latest !== undefined) await this.look(latest);
  }

  async look(path: string): Promise<void> {
    this.seen = null;
    await this.#begin(() => this.#port.look(path), (seen) => (this.seen = seen));
  }

  /** Takes over what was seen, and nothing else. */
  async restore(): Promise<void> {
    const { seen } = this;
    if (seen === null || seen.stores.length === 0 || this.busy) return;
    await this.#begin(() => this.#port.restore(seen.path), (restored) => (this.restored = restored));
  }

  close(): void {
    this.#turn += 1;
    this.found = null;
    this.seen = null;
    this.failure = null;
    this.busy = false;
  }

  async #begin<T>(work: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const turn = (this.#turn += 1);
    this.busy = true;
    this.failure = null;
    try {
      const answer = await work();
      if (turn === this.#turn) take(answer);
    } catch (thrown) {
      if (turn === this.#turn) this.failure = thrown;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
