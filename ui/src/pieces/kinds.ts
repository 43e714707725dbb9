// What to ask for each kind of connection, and how to say it. A kind without its own words gets the plain ones.
import type { Key } from '../i18n';

interface AnyWay {
  id: string;
  title: Key;
  aside?: Key;
  /** Where to find what goes in, or what will happen. */
  note: Key;
}

/** A way that asks for two values; `make_key` uses them once, to get a key that is kept in their place. */
export interface FieldsWay extends AnyWay {
  does: 'sign_in' | 'make_key';
  login: Key;
  loginExample: string;
  secret: Key;
  secretExample: string;
}

/** A way that leads over a page in the browser, on which a person says yes. */
export interface ConsentWay extends AnyWay {
  does: 'consent';
}

/** One way to sign in. */
export type Way = FieldsWay | ConsentWay;

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
        id: 'consent',
        does: 'consent',
        title: 'kind.woocommerce.consent.title',
        aside: 'kind.woocommerce.consent.aside',
        note: 'kind.woocommerce.consent.note',
      },
      {
        id: 'password',
        does: 'sign_in',
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
        does: 'sign_in',
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
        id: 'make_key',
        does: 'make_key',
        title: 'kind.odoo.make_key.title',
        aside: 'kind.odoo.make_key.aside',
        login: 'kind.odoo.api_key.login',
        loginExample: 'tandem@example.com',
        secret: 'kind.odoo.make_key.secret',
        secretExample: '',
        note: 'kind.odoo.make_key.note',
      },
      {
        id: 'api_key',
        does: 'sign_in',
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
        does: 'sign_in',
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
      does: 'sign_in',
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

/** A way of a kind; an unknown one is the first. */
export function wayOf(kind: string, id: string): Way {
  const { ways } = kindWords(kind);
  return ways.find((way) => way.id === id) ?? ways[0];
}

/** The way that a saved login belongs to: WooCommerce's consumer keys can be told by their beginning. */
export function wayOfLogin(kind: string, login: string): string {
  if (kind === 'woocommerce') return login.startsWith('ck_') ? 'key_pair' : 'password';
  return kindWords(kind).ways.find((way) => way.does === 'sign_in')?.id ?? kindWords(kind).ways[0].id;
}
