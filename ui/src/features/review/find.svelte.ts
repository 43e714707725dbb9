// The search over all of Odoo's products, for a listing whose counterpart is not among its candidates.
import type { VariantCard } from '../../api/types';

/** What is typed and what was found. Answers to what is no longer typed are dropped. */
export class FindState {
  open = $state(false);
  text = $state('');
  found = $state.raw<VariantCard[]>([]);
  error = $state.raw<unknown>(null);
  /** The text that `found` answers; empty before the first answer. */
  answered = $state('');

  #search: (text: string) => Promise<VariantCard[]>;
  #prepare: () => void;
  #turn = 0;

  /** `prepare` is called when somebody is about to type. */
  constructor(search: (text: string) => Promise<VariantCard[]>, prepare: () => void) {
    this.#search = search;
    this.#prepare = prepare;
  }

  /** Opens the search, empty. */
  start(): void {
    this.#reset();
    this.#prepare();
    this.open = true;
  }

  /** Closes it; what is still on its way is dropped. */
  stop(): void {
    this.#reset();
    this.open = false;
  }

  /** Searches as it is typed, from the first letter. */
  async type(text: string): Promise<void> {
    this.text = text;
    const turn = (this.#turn += 1);
    const wanted = text.trim();
    if (wanted === '') {
      this.found = [];
      this.answered = '';
      return;
    }
    try {
      const found = await this.#search(wanted);
      if (turn !== this.#turn) return;
      this.found = found;
      this.answered = wanted;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  #reset(): void {
    this.#turn += 1;
    this.text = '';
    this.found = [];
    this.answered = '';
    this.error = null;
  }
}
