// What an order's road into Odoo asks, and what it says, over the window's port to the backend.
import { mutate, query } from '../../api/client';
import { plural, t } from '../../i18n';
import { toasts } from '../../parts/toasts.svelte';
import type { SellingPort, SellingTeller } from './selling.svelte';
import { failed } from './telling';

/** The orders of one store on their road into Odoo. */
export function sellingPort(store: () => string): SellingPort {
  return {
    plan: (keys) => query.orderPlan(store(), keys),
    start: (keys) => mutate.startImport(store(), keys),
    cancel: (run) => mutate.cancelRun(run),
    detail: (key) => query.orderDetail(store(), key),
    inOdoo: (key) => query.orderInOdoo(store(), key),
    journal: (key) => query.orderJournal(store(), key),
    messages: (key) => query.orderMessages(store(), key),
    changes: (key) => query.orderChanges(store(), key),
    apply: (key, change) => mutate.applyChange(store(), key, change),
    customers: (key) => query.orderCustomers(store(), key),
    papers: {
      save: (key, wanted) => mutate.saveDocument(store(), key, wanted),
      show: (path) => mutate.showFile(path),
    },
    maps: () => query.maps(store()),
    settle: (rows) => mutate.settleMaps(store(), rows),
    clear: (kind, key) => mutate.clearMap(store(), kind, key),
  };
}

/** Its messages. */
export const sellingTeller: SellingTeller = {
  settled: (ordersCleared, undo) =>
    void toasts.show({
      tone: 'ok',
      title: t('selling.settled'),
      detail: ordersCleared > 0 ? plural('orders.cleared', ordersCleared) : undefined,
      action: { label: t('common.undo'), run: undo },
    }),
  applied: () => void toasts.show({ tone: 'ok', title: t('selling.applied') }),
  failed: (error) => failed(t('selling.failed'), error),
};
