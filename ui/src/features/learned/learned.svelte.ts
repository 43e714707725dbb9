// What the matching learned of a store, and what the manager corrects in it.
import type { LearnedView, LearnedWord, ReviewCounts, WordAction, WordInput } from '../../api/types';

/** What the page asks of the backend. Every promise rejects with the backend's error. */
export interface LearnedPort {
  learned(): Promise<LearnedView>;
  changeWord(word: WordInput): Promise<LearnedView>;
  matchAgain(): Promise<ReviewCounts>;
}

/** What a person is told; the words are the screen's. */
export interface LearnedTeller {
  matched(toReview: number): void;
  failed(error: unknown): void;
}

/** Words shown before somebody asks for all of them. */
const SHOWN_FIRST = 60;

/** As many pieces may a word of the list have on each side. */
const PIECES_MAX = 4;

/** Whether something that was typed has too many pieces for the word list. */
export function tooLong(text: string): boolean {
  return text.trim().split(/\s+/).length > PIECES_MAX;
}

/** The page of what was learned. */
export class LearnedState {
  view = $state.raw<LearnedView | null>(null);
  failure = $state.raw<unknown>(null);
  /** Both catalogues are being matched again. */
  matching = $state(false);
  /** Words to find among the learned ones. */
  text = $state('');
  showAll = $state(false);
  /** The line that is typed for the word list. */
  draft = $state({ store: '', odoo: '' });

  #turn = 0;
  readonly #port: LearnedPort;
  readonly #tell: LearnedTeller;

  constructor(port: LearnedPort, tell: LearnedTeller) {
    this.#port = port;
    this.#tell = tell;
  }

  /** Learned words that fit what is searched. */
  readonly found = $derived.by((): readonly LearnedWord[] => {
    const wanted = this.text.trim().toLocaleLowerCase();
    const all = this.view?.words ?? [];
    return wanted === '' ? all : all.filter(({ store, odoo }) => `${store} ${odoo}`.toLocaleLowerCase().includes(wanted));
  });

  /** Those of them that are on the screen. */
  readonly shown = $derived(this.showAll ? this.found : this.found.slice(0, SHOWN_FIRST));

  /** Whether the typed line can be put on the list. */
  readonly addable = $derived.by(() => {
    const { store, odoo } = this.draft;
    return store.trim() !== '' && odoo.trim() !== '' && !tooLong(store) && !tooLong(odoo);
  });

  /** Reads it. */
  async read(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const view = await this.#port.learned();
      if (turn !== this.#turn) return;
      this.view = view;
      this.failure = null;
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    }
  }

  /** Changes a word. */
  async change(action: WordAction, word: { store: string; odoo: string }): Promise<boolean> {
    const turn = (this.#turn += 1);
    try {
      const view = await this.#port.changeWord({ action, store: word.store.trim(), odoo: word.odoo.trim() });
      if (turn === this.#turn) this.view = view;
      return true;
    } catch (error) {
      this.#tell.failed(error);
      return false;
    }
  }

  /** Puts the typed line on the word list. */
  async add(): Promise<void> {
    if (!this.addable) return;
    const { store, odoo } = this.draft;
    if (await this.change('add', { store, odoo })) this.draft = { store: '', odoo: '' };
  }

  /** Matches both catalogues again, with what is known now. */
  async match(): Promise<void> {
    if (this.matching) return;
    this.matching = true;
    try {
      const counts = await this.#port.matchAgain();
      this.#tell.matched(counts.tabs.toReview);
      await this.read();
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.matching = false;
    }
  }
}
