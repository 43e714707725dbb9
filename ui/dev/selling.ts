// Made-up answers about orders on their road into Odoo. Nothing here is in the product.
import type { AuditRow, AuditView, CustomerItemView, CustomerPlan, CustomersTold, MapView, MapsView, MapTrial, OdooOrder, OrderDetail, OrderPlan } from '../src/api/types';

const now = () => new Date().toISOString();

function row(change: Partial<MapView> & Pick<MapView, 'kind' | 'key' | 'name'>): MapView {
  return { detail: '', state: 'mapped', choice: null, why: [], tracking: null, orders: 96, blocks: 0, ...change };
}

const ROWS: MapView[] = [
  row({ kind: 'tax', key: '7', name: 'VAT 10%, Bahrain', detail: '10%', state: 'proposed', choice: { value: '2', label: 'VAT 10% BH, included', detail: '10%' }, why: ['rate', 'name'], blocks: 1 }),
  row({ kind: 'tax', key: '9', name: 'VAT 15%', detail: '15%', state: 'choose', orders: 4 }),
  row({ kind: 'tax', key: '3', name: 'VAT 5%, Oman', detail: '5%', state: 'changed', choice: { value: '5', label: 'VAT 5% OM', detail: '5.5%' } }),
  row({ kind: 'tax', key: '1', name: 'No tax', detail: '0%', choice: { value: 'none', label: '', detail: '' }, orders: 3418 }),
  row({ kind: 'payment', key: 'knet', name: 'KNET', state: 'choose', blocks: 2, orders: 310 }),
  row({ kind: 'carrier', key: 'flat_rate', name: 'Aramex', choice: { value: '4', label: 'Aramex Kuwait', detail: '' }, tracking: 'https://www.aramex.com/track?n={number}' }),
  row({ kind: 'pricelist', key: 'KWD', name: 'KWD', choice: { value: '1', label: 'Public Pricelist', detail: 'KWD' } }),
  row({ kind: 'status', key: 'processing', name: 'processing', choice: { value: 'confirmed', label: '', detail: '' } }),
  row({ kind: 'service', key: 'delivery', name: 'delivery', choice: { value: 'own', label: '', detail: '' } }),
];

const MAPS: MapsView = {
  rows: ROWS,
  choices: [
    { kind: 'tax', choices: [{ value: 'none', label: '', detail: '' }, { value: '2', label: 'VAT 10% BH, included', detail: '10%' }, { value: '5', label: 'VAT 5% OM', detail: '5.5%' }] },
    { kind: 'payment', choices: [{ value: 'none', label: '', detail: '' }, { value: '11', label: 'KNET', detail: 'KNT' }, { value: '12', label: 'Bank', detail: 'BNK1' }] },
  ],
  read: true,
};

const SUMS = { goods: '47.614', charges: '2.500', tax: '5.011', total: '55.125' };
const TRIAL: MapTrial = {
  order: {
    key: '10474', number: '10474', currency: 'KWD', goods: 4, store: SUMS, waits: true, others: 1, orders: 2,
    tried: [
      { choice: { value: '2', label: 'VAT 10% BH, included', detail: '10%' }, sums: SUMS, difference: '0.000', goes: 'draft', held: null },
      { choice: { value: '5', label: 'VAT 5% OM', detail: '5.5%' }, sums: { ...SUMS, tax: '2.755', total: '52.869' }, difference: '-2.256', goes: 'draft', held: null },
      { choice: { value: 'none', label: '', detail: '' }, sums: null, difference: null, goes: 'draft', held: 'cannot_be_expressed' },
    ],
  },
};

/** What an order of the shelf would be in Odoo. */
function wouldBe(order: OrderDetail): OdooOrder {
  const lines = order.ledger.map((line, at) => ({
    row: at, name: line.name, quantity: line.quantity || '1', unitPrice: line.gross, taxes: ['VAT 5%'], untaxed: line.total, total: at === 1 ? '3.968' : line.gross, rounding: false,
  }));
  const rounding = { row: null, name: 'Rounding', quantity: '1', unitPrice: '0.001', taxes: [], untaxed: '0.001', total: '0.001', rounding: true };
  const there = order.import !== null;
  return {
    there, sale: there ? 'S00042' : null, state: there ? 'confirmed' : null, url: there ? 'https://odoo.example.com/odoo/sales/42' : null, lines: [...lines, rounding],
    untaxed: order.netTotal, tax: order.taxTotal, total: order.row.total, difference: '0.000', until: 'confirmed',
    invoices: there ? [{ key: 3, name: 'INV/2026/00412', creditNote: false, state: 'posted', paymentState: 'not_paid', total: order.row.total }] : [],
    shipments: there ? [{ key: 8, name: 'WH/OUT/00921', state: 'done', carrier: 'Aramex', tracking: '33BXN5042187', doneAt: now() }] : [],
  };
}

function plan(orders: readonly OrderDetail[]): OrderPlan {
  const ready = orders.filter(({ row: { state } }) => state === 'waiting');
  return {
    orders: ready.map(({ row: { key, number, customer, total, currency } }, at) => ({
      key, number, customer, total, currency, until: 'confirmed', reference: `tandem:${key}`, rounding: at === 1 ? '0.001' : null, resumes: false, newCustomer: at === 0,
    })),
    blocked: orders.filter(({ row: { state } }) => state === 'blocked').map(({ row: { key, number }, blockers }) => ({ key, number, blockers })),
    found: 0,
    makes: ['delivery', 'rounding'],
  };
}

function audit(): AuditView {
  const one = (number: string, kind: AuditRow['kind'], change: Partial<AuditRow> = {}): AuditRow => ({
    key: number, number, customer: 'Maha Al-Sane', placedAt: now(), status: 'processing', kind, total: '44.500', currency: 'KWD', sales: [], odooTotal: null, difference: null, blockers: [], ...change,
  });
  return {
    from: '2026-10-23T00:00:00Z', to: '2026-11-22T00:00:00Z', storeOrders: 1204, odooOrders: 1199, accounted: 1204,
    findings: [{ kind: 'missing', orders: 1 }, { kind: 'duplicate', orders: 1 }, { kind: 'total_differs', orders: 1 }, { kind: 'blocked', orders: 1 }, { kind: 'not_due', orders: 6 }, { kind: 'equal', orders: 1194 }],
    rows: [
      one('10466', 'missing'),
      one('10318', 'duplicate', { sales: ['S01702', 'S01699'], odooTotal: '31.000' }),
      one('10479', 'total_differs', { sales: ['S01930'], odooTotal: '44.499', difference: '-0.001' }),
      one('10482', 'blocked', { blockers: [{ kind: 'not_mapped', params: { name: 'KNET' }, listing: null, candidate: null, alsoBlocks: 1 }] }),
    ],
  };
}

function customerPlan(): CustomerPlan {
  const one = (customer: string, name: string, change: Partial<CustomerItemView>): CustomerItemView => ({
    id: `${customer}.0`, customer, name, order: customer, number: customer, part: 'billing', stands: 'planned', fields: [], error: null, ...change,
  });
  return {
    ways: { address: true, mark: true },
    customers: 214,
    items: [
      one('41', 'Dana Al-Sabah', { fields: [{ field: 'street', before: 'Block 3, Street 12, House 7', after: 'Block 9, Street 1, House 2' }, { field: 'city', before: 'Salmiya', after: 'Jahra' }] }),
      one('42', 'يوسف كرم', { part: 'shipping', stands: 'decide', fields: [{ field: 'postcode', before: null, after: '22001' }] }),
      one('43', 'Maha Al-Sane', { part: 'mark', fields: [{ field: 'partner', before: null, after: '52 (party)' }] }),
      one('44', 'Reem Al-Zaabi', { part: 'customer', stands: 'gone_from_store' }),
    ],
  };
}

function customersTold(store: unknown): CustomersTold {
  const items = customerPlan().items.slice(0, 3).map((item): CustomerItemView => ({ ...item, stands: 'told' }));
  const run = { id: 78, kind: 'customers', store: String(store), state: 'done', rate: 0, secondsLeft: null, startedAt: now(), endedAt: now(), error: null, log: [], steps: [] } as const;
  return { run: { ...run, log: [], steps: [] }, items, moved: 0 };
}

/** The answer to a command about selling; nothing when it is about something else. */
export function selling(command: string, args: Record<string, unknown>, orders: () => readonly OrderDetail[]): unknown {
  const order = () => orders().find(({ row: { key } }) => key === args['key']) ?? orders()[0];
  switch (command) {
    case 'maps':
    case 'read_terms':
      return MAPS;
    case 'try_map':
      return TRIAL;
    case 'settle_maps':
    case 'accept_maps':
    case 'clear_map':
      return { settled: 1, ordersCleared: 2, maps: MAPS };
    case 'order_plan': {
      const keys = args['keys'] as string[];
      return plan(orders().filter(({ row: { key } }) => keys.length === 0 || keys.includes(key)));
    }
    case 'start_import':
      return {
        id: 77, kind: 'import', store: args['store'], state: 'running', rate: 2, secondsLeft: null, startedAt: now(), endedAt: null, error: null, log: [],
        steps: [{ name: 'import', state: 'running', done: 2, total: 6, changed: 0, problems: 0, elapsedMs: 1200, rate: 2, secondsLeft: 2, waitingSeconds: null, paused: false }],
      };
    case 'order_in_odoo': {
      const found = order();
      return found && found.row.state !== 'blocked' ? wouldBe(found) : null;
    }
    case 'order_journal':
      return (['customer', 'order', 'verify', 'confirm'] as const).flatMap((step) => [
        { at: now(), step, phase: 'intent', reference: null, detail: '' },
        { at: now(), step, phase: 'confirmed', reference: null, detail: step === 'order' ? 'S00042' : '' },
      ]);
    case 'order_customers':
      return [{ key: 9, name: 'Noura Al-Sabah', email: 'noura@example.com', address: ['Salmiya', 'Kuwait'] }];
    case 'order_messages':
      return [{ at: now(), author: 'Yusuf', text: 'It leaves today.' }];
    case 'order_changes':
    case 'apply_change':
      return command === 'apply_change' ? [] : [{ kind: 'credit', id: 'credit:3', params: { amount: '2.100', currency: 'KWD', total: '15.510', reason: 'Arrived late' } }];
    case 'audit':
      return audit();
    case 'customer_ways':
      return { address: true, mark: false };
    case 'save_customer_ways':
      return null;
    case 'customer_plan':
      return customerPlan();
    case 'tell_customers':
      return customersTold(args['store']);
    default:
      return undefined;
  }
}
