// What to ask for each kind of connection, and how to say it. A kind without its own words gets the plain ones.
import type { Key } from '../i18n';

/** One way to sign in: what its two fields are called, and where to find what goes in. */
export interface Way {
  id: string;
  title: Key;
  aside?: Key;
  login: Key;
  loginExample: string;
  secret: Key;
  secretExample: string;
  note: Key;
}

interface KindWords {
  addressExample: string;
  addressNote: Key;
  ways: readonly [Way, ...Way[]];
}

const KINDS: Readonly<Record<string, KindWords>> = {
  woocommerce: {
    addressExample: 'https://shop.example.com',
    addressNote: 'kind.woocommerce.address_note',
    ways: [
      {
        id: 'password',
        title: 'kind.woocommerce.password.title',
        aside: 'kind.woocommerce.password.aside',
        login: 'kind.woocommerce.password.login',
        loginExample: 'tandem',
        secret: 'kind.woocommerce.password.secret',
        secretExample: 'abcd EFGH 1234 ijkl MNOP 5678',
        note: 'kind.woocommerce.password.note',
      },
      {
        id: 'key_pair',
        title: 'kind.woocommerce.key_pair.title',
        aside: 'kind.woocommerce.key_pair.aside',
        login: 'kind.woocommerce.key_pair.login',
        loginExample: 'ck_…',
        secret: 'kind.woocommerce.key_pair.secret',
        secretExample: 'cs_…',
        note: 'kind.woocommerce.key_pair.note',
      },
    ],
  },
  odoo: {
    addressExample: 'https://odoo.example.com',
    addressNote: 'kind.odoo.address_note',
    ways: [
      {
        id: 'api_key',
        title: 'kind.odoo.api_key.title',
        aside: 'kind.odoo.api_key.aside',
        login: 'kind.odoo.api_key.login',
        loginExample: 'tandem@example.com',
        secret: 'kind.odoo.api_key.secret',
        secretExample: '',
        note: 'kind.odoo.api_key.note',
      },
      {
        id: 'password',
        title: 'kind.odoo.password.title',
        aside: 'kind.odoo.password.aside',
        login: 'kind.odoo.api_key.login',
        loginExample: 'tandem@example.com',
        secret: 'kind.odoo.password.secret',
        secretExample: '',
        note: 'kind.odoo.password.note',
      },
    ],
  },
};

const ANY: KindWords = {
  addressExample: 'https://example.com',
  addressNote: 'kind.any.address_note',
  ways: [
    {
      id: 'key',
      title: 'kind.any.key.title',
      login: 'kind.any.key.login',
      loginExample: '',
      secret: 'kind.any.key.secret',
      secretExample: '',
      note: 'kind.any.key.note',
    },
  ],
};

/** The words of a kind. */
export function kindWords(kind: string): KindWords {
  return KINDS[kind] ?? ANY;
}

/** The way that a saved login belongs to: WooCommerce's consumer keys can be told by their beginning. */
export function wayOfLogin(kind: string, login: string): string {
  if (kind === 'woocommerce' && login.startsWith('ck_')) return 'key_pair';
  return kindWords(kind).ways[0].id;
}
