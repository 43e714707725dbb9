// Where the person is in the window. There is no address bar, so a route is plain data.

/** A screen, and what is open on it. */
export type Route =
  | { page: 'mapping'; listing?: string }
  | { page: 'learned' }
  | { page: 'orders'; order?: string }
  | { page: 'connections'; slug?: string; problems?: boolean }
  | { page: 'settings' }
  | { page: 'setup' };
