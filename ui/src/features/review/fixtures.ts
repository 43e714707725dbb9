// Pairs for tests, as small as they can be.
import type { DecisionInput, PairDetail, PairRow, ReviewCounts, ReviewPage, ReviewQuery, Undone } from '../../api/types';
import type { ReviewPort } from './review.svelte';

/** A pair: listing `n` with variant `n`. */
export function pair(n: number, change: Partial<PairRow> = {}): PairRow {
  return {
    listing: {
      key: `L${n}`, name: `Cup ${n}`, variation: '', kind: 'simple', sku: `CUP-${n}`, barcode: null, price: '1.500',
      currency: 'KWD', stock: null, published: true, pageUrl: null,
    },
    variant: {
      key: n, template: n, name: `Cup no. ${n}`, variation: '', sku: `CUP${n}`, barcode: null, price: '1.500',
      currency: 'KWD', onHand: null, reserved: null, unit: null, active: true,
    },
    verdict: 'likely', linked: false, scoreBp: 9000, evidence: [], guarded: false, otherCandidates: 0,
    storeNameMarks: [], odooNameMarks: [], storeSkuMarks: [], odooSkuMarks: [],
    ...change,
  };
}

/** A backend of pairs in memory: decided pairs leave, undone ones come back. */
export class PairsInMemory implements ReviewPort {
  rows: PairRow[];
  decisions: DecisionInput[] = [];
  queries: ReviewQuery[] = [];
  /** The next decision fails with this. */
  fails: unknown = null;
  #done: { row: PairRow; at: number; action: DecisionInput['action'] }[] = [];

  constructor(count: number, change: (n: number) => Partial<PairRow> = () => ({})) {
    this.rows = Array.from({ length: count }, (_, n) => pair(n, change(n)));
  }

  page(query: ReviewQuery): Promise<ReviewPage> {
    this.queries.push(query);
    const fitting = this.rows.filter((row) => row.listing.name.includes(query.storeText) || row.listing.sku === query.storeText);
    return Promise.resolve({ total: fitting.length, rows: fitting.slice(query.offset, query.offset + query.limit) });
  }

  counts(): Promise<ReviewCounts> {
    return Promise.resolve({
      tabs: { toReview: this.rows.length, mapped: 0, unmatched: 0, conflicts: 0 },
      verdicts: [], evidence: [], guarded: 0, histogram: [], onlyInOdoo: 0,
      decided: this.#done.length, undoable: this.#done.length,
    });
  }

  detail(listing: string, variant: number | null): Promise<PairDetail> {
    const row = this.rows.find((each) => each.listing.key === listing);
    if (!row) return Promise.reject(new Error('no such listing'));
    const shown = variant === null || !row.variant ? row : { ...row, variant: { ...row.variant, key: variant }, guarded: false };
    return Promise.resolve({ row: shown, fields: [], reasons: [], candidates: [], waitingOrders: 0 });
  }

  decide(decision: DecisionInput) {
    if (this.fails) {
      const error = this.fails;
      this.fails = null;
      return Promise.reject(error as Error);
    }
    this.decisions.push(decision);
    const at = this.rows.findIndex((row) => row.listing.key === decision.listing);
    const [row] = this.rows.splice(at, 1);
    if (row) this.#done.push({ row, at, action: decision.action });
    return Promise.resolve({ ordersCleared: 0, undoable: this.#done.length });
  }

  undo(): Promise<Undone | null> {
    const last = this.#done.pop();
    if (!last) return Promise.resolve(null);
    this.rows.splice(last.at, 0, last.row);
    const { key: listing, name } = last.row.listing;
    return Promise.resolve({ listing, name, action: last.action, undoable: this.#done.length });
  }

  listingPicture(listing: string) {
    return `picture://listing/${listing}`;
  }

  variantPicture(variant: number) {
    return `picture://variant/${variant}`;
  }

  search() {
    return Promise.resolve([]);
  }
}
