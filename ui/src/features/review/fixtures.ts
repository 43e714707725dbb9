// Pairs for tests, as small as they can be.
import type {
  BulkDone, BulkInput, BulkPreview, DecisionInput, Exported, ImportPreview, PairDetail, PairRow, PatternSample, PatternView, ReviewCounts, ReviewPage,
  ReviewQuery, StepDone, StepOfHistory, StepsPage, StepUndone, Undone,
} from '../../api/types';
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
      guarded, guardedPrice: guarded, guardedText: 0, acceptable: true, takes: rows.length - guarded, measured: null,
    };
    return Promise.resolve(rows.length > 0 ? [pattern] : []);
  }

  sample(_pattern: string, rows: number): Promise<PatternSample> {
    const all = this.rows.filter((row) => row.verdict === 'likely' && !row.guarded);
    return Promise.resolve({ total: all.length, set: String(all.length), rows: all.slice(0, rows) });
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
    return Promise.resolve({ accepted: taken.length, guarded, taken: 0, unclear: 0, undoable: this.#done.length });
  }

  prepareSearch() {
    return Promise.resolve(null);
  }

  #chosen({ query, listings }: BulkInput): PairRow[] {
    const rows = listings ? this.rows.filter(({ listing }) => listings.includes(listing.key)) : this.rows;
    return rows.filter((row) => !row.guarded && row.listing.name.includes(query.storeText));
  }

  bulkPreview(input: BulkInput): Promise<BulkPreview> {
    const chosen = this.#chosen(input);
    const set = chosen.map(({ listing }) => listing.key).join(' ');
    return Promise.resolve({ rows: chosen.length, decided: chosen.length, guarded: 0, taken: 0, unclear: 0, settled: 0, set });
  }

  async bulkDecide(input: BulkInput, set: string): Promise<StepDone> {
    const now = await this.bulkPreview(input);
    if (now.set !== set) throw Object.assign(new Error('changed'), { code: 'review.set_changed' });
    const taken = this.rows.map((row, at) => ({ row, at })).filter(({ row }) => this.#chosen(input).includes(row));
    this.rows = this.rows.filter((row) => !taken.some((each) => each.row === row));
    this.#done.push({ rows: taken, action: input.action });
    return { decided: taken.length, undoable: this.#done.length };
  }

  steps(listing: string | null, offset: number, limit: number): Promise<StepsPage> {
    const all = this.#done.map(({ rows, action }, step): StepOfHistory => ({
      step, origin: 'hand', listing: rows[0]?.row.listing.key ?? '', name: rows[0]?.row.listing.name ?? '', action, variant: null, variantName: null,
      decidedAt: '2026-01-01T00:00:00Z', decidedBy: 'sam', size: rows.length, inForce: rows.length, undoneAt: null, undoneBy: null,
    }));
    const about = all.filter((step) => listing === null || step.listing === listing).toReversed();
    return Promise.resolve({ total: about.length, rows: about.slice(offset, offset + limit) });
  }

  undoStep(step: number): Promise<StepUndone> {
    const [taken] = this.#done.splice(step, 1);
    for (const { row, at } of taken?.rows ?? []) this.rows.splice(at, 0, row);
    return Promise.resolve({ undone: taken?.rows.length ?? 0, left: 0, undoable: this.#done.length });
  }

  exportLinks(): Promise<Exported> {
    return Promise.resolve({ path: '/home/sam/mapping.csv', rows: this.rows.length });
  }

  showFile() {
    return Promise.resolve(null);
  }

  previewImport(): Promise<ImportPreview> {
    return Promise.resolve({
      lines: 2, accepted: 1, rejected: 0, ignored: 0, replaced: 0, unchanged: 0, without: 0,
      bad: [{ line: 3, what: 'listing_unknown', value: 'L99' }], badTotal: 1, set: '1',
    });
  }

  importLinks(): Promise<StepDone> {
    return Promise.resolve({ decided: 1, undoable: 1 });
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
