// How rows of the maps and what can be chosen for them are said.
import type { MapChoice, MapState, MapKind } from '../api/types';
import { known, t } from '../i18n';
import type { IconName } from '../parts/icons';

/** How a state of a row looks. */
export const MAP_STATES: Record<MapState, { chip: 'ok' | 'warn' | 'info'; icon: IconName }> = {
  choose: { chip: 'warn', icon: 'fork' },
  changed: { chip: 'warn', icon: 'neq' },
  proposed: { chip: 'info', icon: 'half' },
  mapped: { chip: 'ok', icon: 'check' },
};

/** What the kinds of rows look like. */
export const MAP_ICONS: Record<MapKind, IconName> = {
  tax: 'price',
  payment: 'price',
  carrier: 'stock',
  pricelist: 'globe',
  role: 'person',
  status: 'orders',
  service: 'plus',
  customer: 'person',
  anyway: 'orders',
  same_store: 'store',
};

/** A choice in words: Odoo's name of it, or what a word of ours means for the kind. */
export function choiceWords(kind: MapKind, { value, label }: MapChoice): string {
  if (kind === 'tax' && value.includes(',')) return t('maps.value.tax.either', { taxes: label });
  if (label !== '') return label;
  const words = [`maps.value.${kind}.${value}`, `maps.value.${value}`].find(known);
  return words === undefined ? value : t(words);
}

/** Whether something can be chosen for a row: a pricelist decides an order's currency. */
export function fits(kind: MapKind, key: string, choice: MapChoice): boolean {
  return (kind !== 'pricelist' && kind !== 'role') || choice.detail === '' || choice.detail === key.split('/').at(-1);
}

/** What else is to be known of what was chosen. */
export function choiceHint(kind: MapKind, { value, detail }: MapChoice): string {
  return kind === 'tax' && value.includes(',') ? `${detail}${t('orders.comma')}${t('maps.twins')}` : detail;
}

/** The store's side of a row. */
export function rowWords(kind: MapKind, key: string, name: string): string {
  const service = `maps.service.${key}`;
  if (kind === 'service' && known(service)) return t(service);
  return name === '' ? key : name;
}
