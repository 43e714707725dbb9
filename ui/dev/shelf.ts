// A made-up shelf: pairs to review and orders, enough of each that lists scroll.
import type {
  BlockerView,
  BulkDone,
  DecisionDone,
  LearnedView,
  ListingCard,
  MarkSpan,
  OrderDetail,
  OrderRow,
  OrdersPage,
  OrdersQuery,
  OrderState,
  PairDetail,
  PairRow,
  PatternSample,
  PatternView,
  ReviewCounts,
  ReviewPage,
  ReviewQuery,
  Undone,
  VariantCard,
  WordInput,
} from '../src/api/types';

const PRODUCTS: [store: string, odoo: string, storeSku: string, odooSku: string, price: string][] = [
  ['Latex Balloons 11in Pearl White, 100 ct', 'Latex Balloon 11" Pearl White (100)', 'BLN-11-PW100', 'BLN11PW100', '4.995'],
  ['Ultra Hi-Float 24 oz (710 ml) with pump', 'Ultra Hi Float (710ml) ctn', 'HF-ULTRA-710', 'HFULTRA710', '4.200'],
  ['Foil Star 18in Rose Gold', 'Foil Balloon Star 18" Rose Gold', 'FS-18-RG', 'FS18RG', '0.850'],
  ['Paper Napkins Dinosaur 20 pcs', 'Napkin Dinosaur (20)', 'NAP-DINO-20', 'NAPDINO20', '1.250'],
  ['Birthday Banner Gold 2 m', 'Banner Birthday Gold', 'BNR-HB-G', 'BNR-HB-GOLD', '2.100'],
  ['بالون لاتكس 11 إنش أبيض لؤلؤي', 'بالون لاتكس ١١ إنش ابيض لؤلؤي', 'BLN-11-AR', 'BLN11AR', '4.995'],
];

/** Where one text has what the other has not: word by word, which is enough to look at. */
function marks(text: string, other: string): MarkSpan[] {
  const spans: MarkSpan[] = [];
  const words = new Set(other.toLowerCase().split(/[\s-]+/));
  for (const match of text.matchAll(/[^\s-]+|-/g)) {
    if (!words.has(match[0].toLowerCase())) spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}

const TAX_ROW: BlockerView['params'] = { map: 'tax', key: '7', name: 'VAT 10%, Bahrain' };
const STATES: OrderState[] = ['waiting', 'blocked', 'imported', 'not_yet', 'closed'];

export class Shelf {
  #rows: PairRow[] = Array.from({ length: 312 }, (_, n) => this.#pair(n));
  #undone: { row: PairRow; at: number }[] = [];
  readonly #orders: OrderRow[] = Array.from({ length: 48 }, (_, n) => this.#orderRow(n));

  #learned: LearnedView = {
    learnedAt: '2026-11-21T06:00:00Z',
    listings: 11_304,
    variants: 12_880,
    proven: 8412,
    decisions: 429,
    priceFactor: '0.95',
    tiers: [
      { tier: 'keys_agree', measured: { shareBp: 9996, checked: 210, wrong: 0 }, paused: false },
      { tier: 'gtin', measured: { shareBp: 9993, checked: 88, wrong: 0 }, paused: false },
      { tier: 'sku', measured: { shareBp: 9971, checked: 120, wrong: 2 }, paused: true },
      { tier: 'partial_sku', measured: { shareBp: 9990, checked: 0, wrong: 0 }, paused: false },
      { tier: 'name', measured: { shareBp: 9990, checked: 12, wrong: 0 }, paused: false },
    ],
    words: [
      { store: 'ct', odoo: 'pcs', seen: 214, of: 220, takenBack: false },
      { store: 'بالون', odoo: 'balloon', seen: 41, of: 43, takenBack: false },
      { store: 'rose', odoo: 'pink', seen: 9, of: 14, takenBack: true },
    ],
    own: [{ store: 'منديل', odoo: 'napkin' }],
    outdated: false,
  };

  page(query: ReviewQuery): ReviewPage {
    const found = this.#rows.filter(
      (row) =>
        (query.verdicts.length === 0 || query.verdicts.includes(row.verdict)) &&
        (!query.guarded || row.guarded) &&
        row.listing.name.toLowerCase().includes(query.storeText.toLowerCase()) &&
        (row.scoreBp ?? 0) >= (query.scoreFrom ?? 0) &&
        (row.scoreBp ?? 0) <= (query.scoreTo ?? 10_000),
    );
    const rows = query.tab === 'to_review' ? found : found.slice(0, 40);
    return { total: rows.length, rows: rows.slice(query.offset, query.offset + query.limit) };
  }

  counts(): ReviewCounts {
    const verdicts = ['likely', 'ambiguous'] as const;
    return {
      tabs: { toReview: this.#rows.length, mapped: 8841, unmatched: 2142, conflicts: 14 },
      verdicts: verdicts.map((of) => ({ of, count: this.#rows.filter((row) => row.verdict === of).length })),
      evidence: [
        { of: 'same_gtin', count: 151 },
        { of: 'same_canonical_sku', count: 98 },
        { of: 'name', count: 63 },
      ],
      guarded: this.#rows.filter((row) => row.guarded).length,
      histogram: Array.from({ length: 20 }, (_, bar) => this.#rows.filter((row) => Math.min(19, Math.floor((row.scoreBp ?? 0) / 500)) === bar).length),
      onlyInOdoo: 1902,
      decided: 429 + this.#undone.length,
      undoable: this.#undone.length,
    };
  }

  detail(listing: string, variant: number | null): PairDetail {
    const row = this.#rows.find((known) => known.listing.key === listing) ?? this.#rows[0];
    if (!row) throw new Error('the shelf is empty');
    const shown = variant === null || !row.variant ? row.variant : { ...row.variant, key: variant };
    const other = row.variant ? { ...row.variant, key: row.variant.key + 10_000, name: 'Ultra Hi Float (473ml)', sku: 'HFULTRA473' } : null;
    return {
      row: { ...row, variant: shown },
      fields: [
        { field: 'sku', store: row.listing.sku ?? '', odoo: shown?.sku ?? '', relation: 'alike', params: {}, storeMarks: row.storeSkuMarks, odooMarks: row.odooSkuMarks },
        { field: 'barcode', store: row.listing.barcode ?? '', odoo: shown?.barcode ?? '', relation: 'same', params: {}, storeMarks: [], odooMarks: [] },
        {
          field: 'price',
          store: row.listing.price ?? '',
          odoo: shown?.price ?? '',
          relation: row.guarded ? 'multiple' : 'same',
          params: row.guarded ? { factor: '12', higher: 'odoo' } : {},
          storeMarks: [],
          odooMarks: [],
        },
        { field: 'unit', store: '', odoo: shown?.unit ?? '', relation: 'missing', params: {}, storeMarks: [], odooMarks: [] },
        { field: 'stock', store: row.listing.stock ?? '', odoo: shown?.onHand ?? '', relation: 'not_compared', params: {}, storeMarks: [], odooMarks: [] },
      ],
      reasons: row.guarded ? ['price_far_apart'] : ['name_only'],
      cautions: row.guarded ? ['contradiction', 'price_far_apart'] : ['another_variant_as_good'],
      tier: null,
      measured: { shareBp: 9720, checked: 143, wrong: 1 },
      account: {
        same: ['latex', '11', 'pearl', 'white'],
        met: [{ store: 'ct', odoo: 'pcs', origin: 'learned' }, { store: 'colour', odoo: 'color', origin: 'spelling' }],
        onlyStore: ['with', 'pump'],
        onlyOdoo: ['ctn'],
        contrasts: row.guarded ? [{ difference: 'count', store: '1', odoo: 'Carton of 12' }] : [],
        priceFactor: row.guarded ? '12.0' : '1.0',
      },
      candidates: [
        ...(row.variant ? [{ variant: row.variant, scoreBp: row.scoreBp ?? 0, evidence: row.evidence, linkedTo: null }] : []),
        ...(other ? [{ variant: other, scoreBp: 6100, evidence: [], linkedTo: 'Hi Float 473' }] : []),
      ],
      waitingOrders: 2,
    };
  }

  decide(decision: { listing: string }): DecisionDone {
    const at = this.#rows.findIndex((row) => row.listing.key === decision.listing);
    const [row] = at < 0 ? [] : this.#rows.splice(at, 1);
    if (row) this.#undone.push({ row, at });
    return { ordersCleared: 0, undoable: this.#undone.length };
  }

  undo(): Undone | null {
    const last = this.#undone.pop();
    if (!last) return null;
    this.#rows.splice(last.at, 0, last.row);
    return { listing: last.row.listing.key, name: last.row.listing.name, action: 'accept', together: 1, undoable: this.#undone.length };
  }

  patterns(): PatternView[] {
    return (['likely', 'ambiguous'] as const).map((verdict) => {
      const rows = this.#rows.filter((row) => row.verdict === verdict);
      const guarded = rows.filter((row) => row.guarded).length;
      return {
        id: verdict,
        verdict,
        evidence: ['same_gtin', 'same_canonical_sku'],
        confidence: verdict === 'likely' ? 'likely' : 'possible',
        rows: rows.length,
        guarded,
        guardedPrice: guarded,
        guardedText: 0,
        acceptable: verdict === 'likely',
        takes: verdict === 'likely' ? rows.length - guarded : 0,
        measured: verdict === 'likely' ? { shareBp: 9720, checked: 143, wrong: 1 } : null,
      };
    });
  }

  sample(pattern: string, rows: number): PatternSample {
    const all = this.#rows.filter((row) => row.verdict === pattern && !row.guarded);
    return { total: all.length, set: String(all.length), rows: pattern === 'likely' ? all.slice(0, rows) : [] };
  }

  acceptAll(pattern: string | null): BulkDone {
    const all = this.#rows.filter((row) => row.verdict === pattern);
    const accepted = all.filter((row) => !row.guarded);
    this.#rows = this.#rows.filter((row) => !accepted.includes(row));
    return { accepted: accepted.length, guarded: all.length - accepted.length, taken: 0, unclear: 0, undoable: 1 };
  }

  learned(): LearnedView {
    return this.#learned;
  }

  changeWord({ action, store, odoo }: WordInput): LearnedView {
    const is = (word: { store: string; odoo: string }) => word.store === store && word.odoo === odoo;
    const { words, own } = this.#learned;
    if (action === 'add' || action === 'remove') {
      this.#learned = { ...this.#learned, outdated: true, own: action === 'add' ? [...own, { store, odoo }] : own.filter((word) => !is(word)) };
    } else {
      this.#learned = { ...this.#learned, outdated: true, words: words.map((word) => (is(word) ? { ...word, takenBack: action === 'take_back' } : word)) };
    }
    return this.#learned;
  }

  search(text: string): VariantCard[] {
    const all = this.#rows.flatMap((row) => (row.variant ? [row.variant] : []));
    return all.filter((variant) => variant.name.toLowerCase().includes(text.toLowerCase())).slice(0, 30);
  }

  orders(query: OrdersQuery): OrdersPage {
    const of = (state: OrderState) => this.#orders.filter((row) => row.state === state).length;
    const found = this.#orders.filter(
      (row) => (query.states.length === 0 || query.states.includes(row.state)) && (row.number + row.customer).toLowerCase().includes(query.text.toLowerCase()),
    );
    return {
      total: found.length,
      rows: found.slice(query.offset, query.offset + query.limit),
      counts: { all: this.#orders.length, waiting: of('waiting'), blocked: of('blocked'), imported: of('imported'), differs: 0, failed: 0, notYet: of('not_yet'), closed: of('closed') },
      statuses: [{ status: 'processing', orders: this.#orders.length }],
    };
  }

  order(key: string): OrderDetail {
    const row = this.#orders.find((known) => known.key === key) ?? this.#orders[0];
    const pair = this.#rows[1];
    if (!row || !pair) throw new Error('the shelf is empty');
    const blockers = row.blockers.map((kind): BlockerView => ({
      kind,
      params: kind === 'not_mapped' ? TAX_ROW : { name: pair.listing.name, sku: pair.listing.sku ?? '', difference: '0.001', currency: 'KWD' },
      listing: kind === 'unlinked_line' ? pair.listing.key : null,
      candidate: kind === 'unlinked_line' ? pair.variant : null,
      alsoBlocks: 2,
    }));
    return {
      row,
      modifiedAt: row.placedAt,
      email: 'noura@example.com',
      phone: '+965 5555 0101',
      guest: false,
      billing: ['Noura Al-Sabah', 'Block 4, Street 12', 'Salmiya', 'Kuwait'],
      shipping: ['Noura Al-Sabah', 'Block 4, Street 12', 'Salmiya', 'Kuwait'],
      payment: 'KNET',
      paidAt: row.placedAt,
      coupons: ['EID10'],
      note: 'Please ring before delivery.',
      pricesIncludeTax: true,
      ledger: [
        { kind: 'goods', name: 'Latex Balloons 11in Pearl White, 100 ct', sku: 'BLN-11-PW100', quantity: '2', subtotal: '9.990', total: '8.991', tax: '0.450', gross: '9.441', variant: this.#rows[0]?.variant ?? null, listing: 'L0', blocked: false },
        { kind: 'goods', name: pair.listing.name, sku: pair.listing.sku, quantity: '1', subtotal: '4.200', total: '3.780', tax: '0.189', gross: '3.969', variant: null, listing: pair.listing.key, blocked: row.state === 'blocked' },
        { kind: 'shipping', name: 'Delivery', sku: null, quantity: '', subtotal: '2.000', total: '2.000', tax: '0.100', gross: '2.100', variant: null, listing: null, blocked: false },
      ],
      netTotal: '14.771',
      taxes: [{ label: 'VAT', percent: '5', amount: '0.739' }],
      taxTotal: '0.739',
      rounding: '0.000',
      refunds: [{ amount: '2.100', reason: 'Arrived late', at: row.placedAt, pieces: '0' }],
      timeline: [
        { kind: 'placed', at: row.placedAt, amount: null },
        { kind: 'paid', at: row.placedAt, amount: row.total },
        { kind: 'fetched', at: row.placedAt, amount: null },
      ],
      discountTotal: '1.419',
      addedUp: row.total,
      difference: row.blockers.includes('total_does_not_add_up') ? '0.001' : '0.000',
      refunded: '0.000',
      blockers,
      adminUrl: 'https://shop.example.com/wp-admin/post.php?post=1',
      import: row.state === 'imported' ? { stage: 'done', reference: `tandem:${row.key}`, sale: 'S00042', difference: '0.000', error: null, waits: null } : null,
    };
  }

  /** Every order in full. */
  details(): OrderDetail[] {
    return this.#orders.map(({ key }) => this.order(key));
  }

  #pair(n: number): PairRow {
    const product = PRODUCTS[n % PRODUCTS.length] ?? PRODUCTS[0];
    if (!product) throw new Error('no products');
    const [name, odooName, sku, odooSku, price] = product;
    const suffix = n < PRODUCTS.length ? '' : ` ${n}`;
    const guarded = n % 7 === 1;
    const listing: ListingCard = {
      key: `L${n}`,
      name: name + suffix,
      variation: n % 5 === 2 ? 'Rose gold, 18 in' : '',
      kind: 'simple',
      sku: sku + suffix.trim(),
      barcode: `40063813339${String(n % 90).padStart(2, '0')}`,
      price,
      currency: 'KWD',
      stock: '11',
      published: n % 9 !== 0,
      pageUrl: 'https://shop.example.com/p',
    };
    const variant: VariantCard = {
      key: n + 1,
      template: n + 1,
      name: odooName + suffix,
      variation: '',
      sku: odooSku + suffix.trim(),
      barcode: listing.barcode,
      price: guarded ? '50.400' : price,
      currency: 'KWD',
      onHand: '12',
      reserved: '1',
      unit: 'Units',
      active: true,
    };
    return {
      listing,
      variant,
      verdict: n % 4 === 3 ? 'ambiguous' : 'likely',
      linked: false,
      scoreBp: 9400 - ((n * 137) % 3600),
      confidence: n % 4 === 3 ? 'possible' : 'likely',
      group: n % 11 === 4 ? { kind: 'same_sku', key: sku, name: sku, size: 3 } : null,
      evidence: [
        { tag: 'same_gtin', params: {}, against: false },
        { tag: 'same_canonical_sku', params: {}, against: false },
        { tag: 'name', params: { value: '8800' }, against: false },
        ...(guarded ? [{ tag: 'price_factor' as const, params: { factor: '12', higher: 'odoo' }, against: true }] : []),
      ],
      guarded,
      otherCandidates: n % 4 === 3 ? 2 : 0,
      storeNameMarks: marks(listing.name, variant.name),
      odooNameMarks: marks(variant.name, listing.name),
      storeSkuMarks: [...(listing.sku ?? '').matchAll(/-/g)].map((match) => ({ start: match.index, end: match.index + 1 })),
      odooSkuMarks: [],
    };
  }

  #orderRow(n: number): OrderRow {
    const state = STATES[n % STATES.length] ?? 'waiting';
    return {
      key: String(10_412 - n),
      number: `#${10_412 - n}`,
      customer: ['Noura Al-Sabah', 'Fatima Haddad', 'James Okoro', 'Claire Dubois'][n % 4] ?? '',
      total: ['14.771', '8.500', '112.250', '3.995'][n % 4] ?? '',
      currency: 'KWD',
      state,
      status: ['processing', 'on-hold', 'pending', 'completed'][n % 4] ?? '',
      placedAt: new Date(Date.UTC(2026, 10, 20, 9, 52) - n * 3_700_000).toISOString(),
      pieces: String(1 + (n % 6)),
      blockers: state === 'blocked' ? (n % 2 === 1 ? ['unlinked_line', 'not_mapped', 'total_does_not_add_up'] : ['unlinked_line']) : [],
    };
  }
}
