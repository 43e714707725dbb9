// Pairs for tests, as small as they can be.
import type { BulkDone, DecisionInput, PairDetail, PairRow, PatternSample, PatternView, ReviewCounts, ReviewPage, ReviewQuery, Undone } from '../../api/types';
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
    verdict: 'likely', linked: false, scoreBp: 9000, confidence: 'likely', group: null, evidence: [], guarded: false, otherCandidates: 0,
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
  /** Every step, with the rows that it took away: a bulk step has several. */
  #done: { rows: { row: PairRow; at: number }[]; action: DecisionInput['action'] }[] = [];

  constructor(count: number, change: (n: number) => Partial<PairRow> = () => ({})) {
    this.rows = Array.from({ length: count }, (_, n) => pair(n, change(n)));
  }

  page(query: ReviewQuery): Promise<ReviewPage> {
    this.queries.push(query);
    const fitting = this.rows.filter((row) => (!query.guarded || row.guarded) && (row.listing.name.includes(query.storeText) || row.listing.sku === query.storeText));
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
    return Promise.resolve({ row: shown, fields: [], reasons: [], cautions: [], tier: null, measured: null, account: null, candidates: [], waitingOrders: 0 });
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
    if (row) this.#done.push({ rows: [{ row, at }], action: decision.action });
    return Promise.resolve({ ordersCleared: 0, undoable: this.#done.length });
  }

  undo(): Promise<Undone | null> {
    const last = this.#done.pop();
    const first = last?.rows[0]?.row;
    if (!last || !first) return Promise.resolve(null);
    for (const { row, at } of last.rows) this.rows.splice(at, 0, row);
    const { key: listing, name } = first.listing;
    return Promise.resolve({ listing, name, action: last.action, together: last.rows.length, undoable: this.#done.length });
  }

  /** One pattern: all rows of the verdict `likely`. */
  patterns(): Promise<PatternView[]> {
    const rows = this.rows.filter((row) => row.verdict === 'likely');
    const guarded = rows.filter((row) => row.guarded).length;
    const pattern: PatternView = {
      id: 'likely.0.high', verdict: 'likely', evidence: [], confidence: 'likely', rows: rows.length,
      guarded, guardedPrice: guarded, guardedText: 0, acceptable: true, measured: null,
    };
    return Promise.resolve(rows.length > 0 ? [pattern] : []);
  }

  sample(_pattern: string, rows: number): Promise<PatternSample> {
    const all = this.rows.filter((row) => row.verdict === 'likely' && !row.guarded);
    return Promise.resolve({ total: all.length, rows: all.slice(0, rows) });
  }

  acceptAll(query: ReviewQuery): Promise<BulkDone> {
    this.queries.push(query);
    if (this.fails) {
      const error = this.fails;
      this.fails = null;
      return Promise.reject(error as Error);
    }
    const taken = this.rows.map((row, at) => ({ row, at })).filter(({ row }) => row.verdict === 'likely' && !row.guarded);
    this.rows = this.rows.filter((row) => !taken.some((each) => each.row === row));
    this.#done.push({ rows: taken, action: 'accept' });
    const guarded = this.rows.filter((row) => row.guarded).length;
    return Promise.resolve({ accepted: taken.length, guarded, taken: 0, unclear: 0, ordersCleared: 0, undoable: this.#done.length });
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
