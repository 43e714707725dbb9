// Made-up answers of the day, the history and the palette. Nothing here is in the product.
import type { CommandTag, FindQuery, Found, HistoryPage, HistoryRow, TodayView } from '../src/api/types';
import type { Shelf } from './shelf';

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

function row(run: number, change: Partial<HistoryRow>): HistoryRow {
  const at = minutesAgo(run * 95);
  return {
    id: `run-${run}`, kind: 'fetch', run, store: 'party-centre-kuwait', storeName: 'Party Centre Kuwait', state: 'done', from: at, at, endedAt: at,
    read: 9_412, changed: 38, problems: 0, error: null, accepted: 0, rejected: 0, ignored: 0, undone: 0, ...change,
  };
}

const ROWS: HistoryRow[] = [
  row(1, {}),
  row(2, { id: 'day-1', run: null, kind: 'decisions', accepted: 214, rejected: 9, undone: 2 }),
  row(3, { state: 'failed', error: 'connection.maintenance', problems: 2 }),
  row(4, { kind: 'match', read: 0 }),
  row(5, { state: 'cancelled' }),
];

export function historyPage(): HistoryPage {
  return { total: ROWS.length, rows: ROWS, counts: { all: ROWS.length, failed: 1, stopped: 1 } };
}

export function today(): TodayView {
  const store = { slug: 'party-centre-kuwait', name: 'Party Centre Kuwait' };
  const need = { ...store, error: null, notice: null, params: {}, held: [], reasons: [] };
  return {
    at: new Date().toISOString(),
    stores: 1,
    notRead: [],
    needs: [
      { ...need, kind: 'orders_blocked', count: 4, held: [{ amount: '248.757', currency: 'KWD', orders: 4 }], reasons: [{ kind: 'unlinked_line', orders: 3 }, { kind: 'total_does_not_add_up', orders: 1 }] },
      { ...need, kind: 'conflicts', count: 14 },
      { ...need, kind: 'pairs_to_review', count: 312 },
    ],
    orders: {
      waiting: 29, blocked: 4, notYet: 3,
      waitingWorth: [{ amount: '1204.750', currency: 'KWD', orders: 29 }],
      blockedWorth: [{ amount: '248.757', currency: 'KWD', orders: 4 }],
      aDay: [31, 28, 35, 40, 52, 61, 38, 33, 30, 37, 44, 55, 66, 24],
    },
    money: [
      {
        currency: 'KWD',
        total: { amount: '18480.757', currency: 'KWD', orders: 612 },
        reconciled: { amount: '18204.750', currency: 'KWD', orders: 607 },
        blocked: { amount: '248.757', currency: 'KWD', orders: 4 },
        differs: { amount: '27.250', currency: 'KWD', orders: 1 },
        reconciledBp: 9_850,
        heldBp: 149,
      },
    ],
    mapping: { listings: 9_393, mapped: 8_841, toReview: 312, unmatched: 240, shareBp: 9_412 },
    errors: { count: 6, byHour: [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    connections: [{ ...store, side: 'store', health: { state: 'healthy', since: null, lastChecked: null }, fetchedAt: minutesAgo(4) }],
    runs: ROWS,
  };
}

const COMMANDS: CommandTag[] = ['fetch', 'open_today', 'open_mapping', 'open_orders', 'open_history', 'open_settings', 'switch_theme', 'show_keys'];

export function find(shelf: Shelf, query: FindQuery): Found {
  const orders = shelf.orders({
    states: [], statuses: [], reason: null, text: query.text, customer: '', placedFrom: null, placedBefore: null, totalMin: null, totalMax: null, offset: 0, limit: 5,
  });
  const products = shelf.search(query.text).slice(0, 6).map((variant) => ({ key: `L${variant.key - 1}`, name: variant.name, sku: variant.sku, tab: 'mapped' as const }));
  return query.text === '' ? { products: [], orders: [], ordersTotal: 0, commands: COMMANDS } : { products, orders: orders.rows, ordersTotal: orders.total, commands: COMMANDS };
}
