// The documents of an order in Odoo: which there are, and saving one of them as a file.
import type { DocumentWanted, OdooOrder, SavedFile } from '../../api/types';

/** What is asked of the backend. Every promise rejects with the backend's error. */
export interface PapersPort {
  save(key: string, wanted: DocumentWanted): Promise<SavedFile>;
  show(path: string): Promise<unknown>;
}

/** A document that Odoo can print. */
export interface Paper extends DocumentWanted {
  /** As Odoo calls it; a draft has no name. */
  name: string | null;
  /** Odoo's word. */
  state: string | null;
}

/** What there is to print of an order, its own paper first. */
export function papersOf(odoo: OdooOrder): Paper[] {
  const bills = odoo.invoices.map(({ key, name, state, creditNote }): Paper => ({ kind: creditNote ? 'credit_note' : 'invoice', id: key, name, state }));
  const slips = odoo.shipments.map(({ key, name, state }): Paper => ({ kind: 'delivery', id: key, name, state }));
  const own: Paper = { kind: 'order', id: null, name: odoo.sale, state: null };
  return [own, ...bills, ...slips].filter(({ state }) => state !== 'cancel');
}

/** By which a document is told from the others of its order. */
export const idOf = ({ kind, id }: DocumentWanted): string => `${kind}/${String(id)}`;

export class PapersState {
  /** The document that is being printed. */
  printing = $state<string | null>(null);
  /** The last one, as it was saved. */
  saved = $state.raw<{ paper: string; file: SavedFile } | null>(null);
  /** Why the last one was not saved, or could not be shown. */
  failure = $state.raw<unknown>(null);

  readonly #port: PapersPort;
  #turn = 0;

  constructor(port: PapersPort) {
    this.#port = port;
  }

  /** Another order came into focus: what is still being saved is saved in silence. */
  forget(): void {
    this.#turn += 1;
    this.printing = null;
    this.saved = null;
    this.failure = null;
  }

  /** Lets Odoo print one, and saves it. One at a time: Odoo takes seconds for each. */
  async save(key: string, wanted: DocumentWanted): Promise<void> {
    if (this.printing !== null) return;
    const paper = idOf(wanted);
    this.printing = paper;
    this.saved = null;
    await this.#work(async (current) => {
      const file = await this.#port.save(key, { kind: wanted.kind, id: wanted.id });
      if (current()) this.saved = { paper, file };
    });
  }

  /** Shows the file in the system's own window. */
  async show(): Promise<void> {
    const { saved } = this;
    if (saved === null) return;
    await this.#work(() => this.#port.show(saved.file.path));
  }

  async #work(work: (current: () => boolean) => Promise<unknown>): Promise<void> {
    const turn = this.#turn;
    const current = (): boolean => turn === this.#turn;
    this.failure = null;
    try {
      await work(current);
    } catch (error) {
      if (current()) this.failure = error;
    } finally {
      if (current()) this.printing = null;
    }
  }
}
