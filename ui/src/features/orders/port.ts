// What the orders ask, over the window's port to the backend.
import { mutate, query } from '../../api/client';
import type { OrdersPort } from './orders.svelte';

/** The orders of one store. */
export function ordersPort(store: () => string): OrdersPort {
  return {
    keys: (wanted) => query.ordersShown(store(), wanted),
    page: (wanted) => query.ordersPage(store(), wanted),
    detail: (key) => query.orderDetail(store(), key),
    raw: (key, hidePersonal) => query.orderRaw(store(), key, hidePersonal),
    pair: (listing, variant) => query.pairDetail(store(), listing, variant),
    decide: (decision) => mutate.decide(store(), decision),
    undo: () => mutate.undo(store()),
  };
}
