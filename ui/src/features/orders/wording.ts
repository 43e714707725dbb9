// How states and blockers look, and the sentences that need figures.
import { decimal, plural, t } from '../../i18n';
import type { IconName } from '../../parts/icons';
import type { BlockerKind, BlockerView, LedgerLine, OrderDetail, OrderEventKind, OrderRow, OrderState, PairRow } from '../../api/types';

export const STATES: Record<OrderState, { icon: IconName; chip: 'ok' | 'warn' | 'bad' | 'idle' }> = {
  waiting: { icon: 'wait', chip: 'idle' },
  blocked: { icon: 'stop', chip: 'bad' },
  imported: { icon: 'check', chip: 'ok' },
  differs: { icon: 'neq', chip: 'warn' },
  failed: { icon: 'pause', chip: 'bad' },
  not_yet: { icon: 'clock', chip: 'idle' },
  closed: { icon: 'check', chip: 'idle' },
};

export const BLOCKERS: Record<BlockerKind, IconName> = {
  unlinked_line: 'mapping',
  deleted_product: 'alert',
  no_lines: 'orders',
  total_does_not_add_up: 'neq',
  currency_not_in_odoo: 'price',
  archived_product: 'alert',
  absurd_line: 'alert',
  not_mapped: 'mapping',
  map_moved: 'mapping',
  address_incomplete: 'person',
  country_unknown: 'person',
  number_taken: 'orders',
  imported_elsewhere: 'orders',
  looks_like_copy: 'connections',
  customer_ambiguous: 'person',
  deleted_in_odoo: 'orders',
  cannot_be_expressed: 'neq',
};

/** How an event of an order looks. */
export const EVENTS: Record<OrderEventKind, { icon: IconName; tone: 'ok' | 'acc' | 'warn' | 'three' }> = {
  placed: { icon: 'orders', tone: 'acc' },
  paid: { icon: 'ok', tone: 'ok' },
  changed: { icon: 'pencil', tone: 'three' },
  refunded: { icon: 'undo', tone: 'warn' },
  fetched: { icon: 'download', tone: 'three' },
};

/** Stands for what is about a person and left out. */
export const HIDDEN = '••••••';

/** Whether a decimal string is nothing: "0", "0.000", "-0.00". No figure is computed for it. */
export function isNothing(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

/** A decimal string without its sign. */
function size(amount: string): string {
  return amount.replace(/^[-−]/, '');
}

/** What stands beside the state in a row: what holds the order back, or how much was ordered. */
export function inShort(row: OrderRow): string {
  const [first, ...others] = row.blockers;
  if (first === undefined) return plural('orders.pieces', Number(row.pieces));
  return others.length === 0 ? t(`blocker.${first}.short`) : plural('orders.blockers.count', row.blockers.length);
}

/** What a blocker is. */
export function blockerTitle({ kind, params }: BlockerView): string {
  return t(`blocker.${kind}.title`, { ...params, difference: decimal(size(params.difference ?? '')), total: decimal(params.total ?? '') });
}

/** Words as they are written inside a sentence; an abbreviation keeps its capitals. */
function inside(words: string): string {
  return /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** What clears a blocker, and what else it holds back. */
export function blockerHints(blocker: BlockerView, pair: PairRow | undefined): string[] {
  const { candidate } = blocker;
  const sku = candidate?.sku ?? candidate?.name ?? '';
  const why = pair?.evidence.filter(({ against }) => !against).map(({ tag }) => inside(t(`evidence.${tag}`))) ?? [];
  const clears = candidate
    ? why.length > 0
      ? t('orders.candidate.why', { sku, why: why.join(t('orders.comma')) })
      : t('orders.candidate', { sku })
    : t(`blocker.${blocker.kind}.hint`);
  return blocker.alsoBlocks > 0 ? [clears, plural('orders.also', blocker.alsoBlocks)] : [clears];
}

/** What a line of the ledger is called. */
export function lineName({ kind, name }: LedgerLine): string {
  if (kind === 'goods') return name;
  const words = t(`orders.ledger.${kind}`);
  return name === '' ? words : t('orders.ledger.named', { kind: words, name });
}

/** What an import of this order alone is: its first, or its going on; nothing where there is nothing to do. */
export function toImport(row: OrderRow, detail: OrderDetail | null): 'one' | 'on' | undefined {
  if (row.state === 'waiting') return 'one';
  const invoiceWaits = detail?.row.key === row.key && detail.import?.stage === 'uninvoiced';
  return row.state === 'failed' || invoiceWaits ? 'on' : undefined;
}
