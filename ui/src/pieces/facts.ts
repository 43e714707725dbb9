// What a test found, as rows of words: one side's facts, held against the other side's where there is one.
import { wayWords } from '../api/notices';
import type { FactsView, Side } from '../api/types';
import { ago, dateTime, number, plural, t, type Key } from '../i18n';
import type { IconName } from '../parts/icons';

/** One row. What is not known has no value: never a guess. */
export interface Fact {
  id: string;
  name: string;
  value: string | null;
  /** A sentence of ours, and not a word of the server that may run the other way. */
  ours?: boolean;
  /** It agrees with the other places that it was compared with. */
  good?: string | null;
  /** It does not, and where; or it needs somebody before long. */
  off?: string | null;
  offIcon?: IconName;
}

/** A clock off by more than this makes "changed since" miss changes. */
const SKEW_TOLERATED_SECONDS = 30;

/** How long before its end a key asks for attention. */
const KEY_WARNING_DAYS = 14;
const DAY_MS = 86_400_000;

/** The rows of one side. */
export function factsOf(facts: FactsView | null, kind: string, side: Side, other: FactsView | null, now: number = Date.now()): Fact[] {
  const store = side === 'store';
  const rows: (Fact | null)[] = [
    { id: 'product', name: t('connections.fact_product'), value: facts?.product ?? null },
    store ? { id: 'platform', name: t('connections.fact_platform'), value: facts?.platform ?? null } : null,
    { id: 'title', name: t('connections.fact_title'), value: facts?.title ?? null },
    { id: 'user', name: t('connections.fact_user'), value: facts?.user ?? null },
    { id: 'way', name: t('connections.fact_way'), value: facts?.way ? wayWords(kind, facts.way) : null, ours: true },
    keyEnd(facts, now),
    store ? null : { id: 'database', name: t('connections.database'), value: facts?.database ?? null },
    currency(facts, side, other),
    prices(facts),
    tax(facts, side),
    rounding(facts, side, other),
    { id: 'zone', name: t('connections.fact_zone'), value: facts?.timeZone ?? null },
    clock(facts),
    store ? orders(facts) : companies(facts),
    rights(facts),
    modules(facts),
  ];
  return rows.filter((row) => row !== null);
}

/** Days until a key ends; nothing where that is not known or far away. */
export function keyDaysLeft(expiresAt: string | null, now: number = Date.now()): number | null {
  if (expiresAt === null) return null;
  const days = Math.max(0, Math.floor((Date.parse(expiresAt) - now) / DAY_MS));
  return days <= KEY_WARNING_DAYS ? days : null;
}

function keyEnd(facts: FactsView | null, now: number): Fact | null {
  if (!facts?.keyExpiresAt) return null;
  const when = ago(facts.keyExpiresAt, now);
  const soon = keyDaysLeft(facts.keyExpiresAt, now) !== null;
  return { id: 'key', name: t('connections.fact_key'), value: dateTime(facts.keyExpiresAt, 'date'), ours: true, good: soon ? null : when, off: soon ? when : null, offIcon: 'clock' };
}

function decimals(count: number): string {
  return plural('connections.decimals', count);
}

/** The currency's decimals in three places: here, on the other side, and by the standard. */
function currency(facts: FactsView | null, side: Side, other: FactsView | null): Fact {
  const name = t('connections.fact_currency');
  if (!facts?.currency) return { id: 'currency', name, value: null };
  const here = facts.currencyDecimals;
  const value = here === null ? facts.currency : t('connections.currency_decimals', { currency: facts.currency, decimals: number(here) });
  const standard = facts.standardDecimals;
  const there = other?.currency === facts.currency ? other.currencyDecimals : null;
  const off = [
    here !== null && standard !== null && standard !== here ? t('connections.decimals_standard_not', { decimals: decimals(standard) }) : null,
    here !== null && there !== null && there !== here ? t(side === 'store' ? 'connections.decimals_odoo_not' : 'connections.decimals_store_not', { decimals: decimals(there) }) : null,
    other?.currency && other.currency !== facts.currency ? t('connections.currency_differs') : null,
  ].filter((words) => words !== null);
  if (off.length > 0) return { id: 'currency', name, value, ours: true, off: off.join(' · ') };
  return { id: 'currency', name, value, ours: true, good: agreement(here, standard, there, other?.currency === facts.currency, side) };
}

function agreement(here: number | null, standard: number | null, there: number | null, same: boolean, side: Side): string | null {
  if (here !== null && standard !== null && there !== null) return t(side === 'store' ? 'connections.decimals_agree' : 'connections.decimals_agree_store');
  if (same) return t(side === 'store' ? 'connections.same_as_odoo' : 'connections.same_as_store');
  return here !== null && standard !== null ? t('connections.decimals_standard_same') : null;
}

function prices(facts: FactsView | null): Fact | null {
  if (facts?.priceDecimals == null) return null;
  // Odoo keeps two decimals of a price unless told otherwise, also where the currency has three.
  const short = facts.currencyDecimals !== null && facts.priceDecimals < facts.currencyDecimals;
  const off = short ? t('connections.prices_short') : null;
  return { id: 'prices', name: t('connections.fact_prices'), value: decimals(facts.priceDecimals), ours: true, off };
}

function tax(facts: FactsView | null, side: Side): Fact | null {
  const included = facts?.pricesIncludeTax ?? null;
  if (included === null && side === 'odoo') return null;
  const value = included === null ? null : t(included ? 'connections.tax_included' : 'connections.tax_added');
  return { id: 'tax', name: t('connections.fact_tax'), value, ours: true };
}

function roundingWords(code: string | null | undefined): string | null {
  return code === 'line' ? t('connections.rounds_line') : code === 'total' ? t('connections.rounds_total') : null;
}

/** Where the two sides round differently, totals can differ by the smallest coin. */
function rounding(facts: FactsView | null, side: Side, other: FactsView | null): Fact | null {
  const value = roundingWords(facts?.taxRounding);
  if (value === null && side === 'odoo') return null;
  const there = roundingWords(other?.taxRounding);
  const row: Fact = { id: 'rounding', name: t('connections.fact_rounding'), value, ours: true };
  if (value === null || there === null) return row;
  if (there === value) return { ...row, good: t(side === 'store' ? 'connections.same_as_odoo' : 'connections.same_as_store') };
  return { ...row, off: t(side === 'store' ? 'connections.rounds_other_odoo' : 'connections.rounds_other_store', { how: there }) };
}

function clock(facts: FactsView | null): Fact {
  const row: Fact = { id: 'clock', name: t('connections.fact_clock'), value: null, ours: true };
  if (facts?.skewSeconds == null) return row;
  const off = Math.abs(facts.skewSeconds);
  const value = off === 0 ? t('connections.clock_same') : plural(facts.skewSeconds > 0 ? 'connections.clock_ahead' : 'connections.clock_behind', off);
  return off <= SKEW_TOLERATED_SECONDS ? { ...row, value, good: t('connections.clock_good') } : { ...row, value, off: t('connections.clock_off_by'), offIcon: 'clock' };
}

function orders(facts: FactsView | null): Fact | null {
  const stored = facts?.orderStorage ?? null;
  if (stored === null) return null;
  const value = stored === 'hpos' ? t('connections.orders_hpos') : stored === 'posts' ? t('connections.orders_posts') : stored;
  return { id: 'orders', name: t('connections.fact_orders'), value, ours: true };
}

function companies(facts: FactsView | null): Fact | null {
  if (!facts || facts.companies.length === 0) return null;
  const value = facts.companies.map(({ name, warehouses }) => `${name} (${plural('connections.warehouses_count', warehouses.length)})`).join(', ');
  return { id: 'companies', name: t('connections.fact_companies'), value };
}

const VERBS: Readonly<Partial<Record<string, Key>>> = {
  read: 'connections.right_read',
  write: 'connections.right_write',
  create: 'connections.right_create',
  delete: 'connections.right_delete',
};

const THINGS: Readonly<Partial<Record<string, Key>>> = {
  products: 'connections.thing_products',
  orders: 'connections.thing_orders',
  settings: 'connections.thing_settings',
  customers: 'connections.thing_customers',
  'product.product': 'connections.thing_products',
  'sale.order': 'connections.thing_orders',
  'stock.quant': 'connections.thing_stock',
  'stock.warehouse': 'connections.thing_warehouses',
  'stock.picking': 'connections.thing_shipments',
  'account.move': 'connections.thing_invoices',
  'res.partner': 'connections.thing_customers',
  'res.currency': 'connections.thing_currencies',
  'res.company': 'connections.thing_companies',
};

/** What the key may do, by thing; what a word of the vendor means is said in ours where that is known. */
function rights(facts: FactsView | null): Fact | null {
  if (!facts || facts.permissions.length === 0) return null;
  const verbs = new Map<string, string[]>();
  for (const permission of facts.permissions) {
    const [thing = '', verb = ''] = permission.split(':');
    const key = VERBS[verb];
    verbs.set(thing, [...(verbs.get(thing) ?? []), key ? t(key) : verb]);
  }
  const value = [...verbs].map(([thing, allowed]) => {
    const key = THINGS[thing];
    return t('connections.rights_of', { thing: key ? t(key) : thing, verbs: allowed.filter((verb) => verb !== '').join(', ') });
  });
  return { id: 'rights', name: t('connections.fact_rights'), value: value.join(' · '), ours: true };
}

function modules(facts: FactsView | null): Fact | null {
  if (!facts || facts.modules.length === 0) return null;
  return { id: 'modules', name: t('connections.fact_modules'), value: facts.modules.join(', ') };
}
