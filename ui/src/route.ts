// Where the person is in the window. There is no address bar, so a route is plain data.

import type { MapKind, Tab } from './api/types';

/** The orders, and what is open there. */
export interface OrdersRoute {
  page: 'orders';
  /** The order to begin with. */
  order?: string;
  /** What is begun with it. */
  act?: 'import' | 'clear';
  /** Those that are held back. */
  blocked?: boolean;
  /** Those that fit some words. */
  find?: string;
}

/** A screen, and what is open on it. */
export type Route =
  | { page: 'today' }
  /** `listing` brings one pair to the front, `tab` one of the lists, whole. */
  | { page: 'mapping'; listing?: string; tab?: Tab }
  | { page: 'learned' }
  | OrdersRoute
  /** `kind` and `key` bring one row to the front. */
  | { page: 'maps'; kind?: MapKind; key?: string }
  | { page: 'audit' }
  | { page: 'history'; run?: number; failed?: boolean }
  | { page: 'connections'; slug?: string; problems?: boolean }
  /** `at` is the setting in front, `store` the settings of the store. */
  | { page: 'settings'; at?: string; store?: boolean }
  | { page: 'setup' };
