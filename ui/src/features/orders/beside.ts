// The store's ledger and Odoo's lines side by side, and what Odoo adds to the time line.
import type { JournalLine, JournalStep, MessageView, OdooLine, OdooOrder, OrderDetail } from '../../api/types';
import { t } from '../../i18n';
import type { IconName } from '../../parts/icons';
import { added, less } from './amounts';

/** What stands in Odoo's column of a row. */
export interface Beside {
  amount: string;
  /** Odoo's amount minus the store's; nothing where the store has none. */
  difference: string | null;
}

/** Odoo's side of a ledger: by row, and lines that no row stands for. */
export interface OdooColumn {
  rows: readonly (Beside | null)[];
  others: readonly { line: OdooLine; amount: string }[];
}

/** Compares in the order's own way of prices: with tax where the shop computed with tax. */
export function beside(order: OrderDetail, odoo: OdooOrder): OdooColumn {
  const amountOf = (line: OdooLine) => (order.pricesIncludeTax ? line.total : line.untaxed);
  const rows = order.ledger.map((line, row): Beside | null => {
    const own = odoo.lines.filter((each) => each.row === row);
    if (own.length === 0) return null;
    const amount = added(own.map(amountOf));
    return { amount, difference: less(amount, order.pricesIncludeTax ? line.gross : line.total) };
  });
  const others = odoo.lines.filter(({ row }) => row === null || row >= order.ledger.length);
  return { rows, others: others.map((line) => ({ line, amount: amountOf(line) })) };
}

/** One happening, as the trail shows it. */
export interface Happening {
  at: string;
  icon: IconName;
  tone: 'ok' | 'acc' | 'warn' | 'three';
  text: string;
}

const STEPS: Partial<Record<JournalStep, IconName>> = {
  order: 'odoo',
  confirm: 'check',
  invoice: 'price',
  post: 'price',
  stamp: 'verified',
  update: 'pencil',
  cancel: 'close',
  credit_note: 'undo',
};

/** What happened in Odoo: steps that are proved, transfers, messages. */
export function inOdoo(journal: readonly JournalLine[], odoo: OdooOrder | null, messages: readonly MessageView[]): Happening[] {
  const steps = journal.flatMap(({ at, step, phase, detail }): Happening[] => {
    const icon = STEPS[step];
    if (icon === undefined || (phase !== 'confirmed' && phase !== 'found')) return [];
    const text = t('selling.event', { what: t(`journal.step.${step}`) });
    return [{ at, icon, tone: 'acc', text: detail === '' ? text : `${text}${t('orders.comma')}${detail}` }];
  });
  const parcels = (odoo?.shipments ?? []).flatMap(({ doneAt, name, carrier, tracking }): Happening[] => {
    const parts = [t('selling.event', { what: name }), carrier, tracking].filter((part) => part !== null && part !== '');
    return doneAt === null ? [] : [{ at: doneAt, icon: 'stock', tone: 'ok', text: parts.join(t('orders.comma')) }];
  });
  const said = messages.map(({ at, author, text }): Happening => ({ at, icon: 'person', tone: 'three', text: t('selling.message', { author, text }) }));
  return [...steps, ...parcels, ...said];
}
