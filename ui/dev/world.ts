// Made-up answers to every command, by scene. Nothing here is in the product.
import { emit } from '@tauri-apps/api/event';
import type {
  AppError,
  AppEvent,
  AppInfo,
  AppSettings,
  CheckView,
  ConnectionDraft,
  ConnectionView,
  FactsView,
  FindQuery,
  HealthChange,
  KindView,
  OrdersQuery,
  ProblemView,
  ReviewQuery,
  RunView,
  StepView,
  WordInput,
} from '../src/api/types';
import { find, historyPage, today } from './day';
import { selling } from './selling';
import { Shelf } from './shelf';

/** What is shown: `first` run, `setup` half done, `fetching`, `mapping` with everything read, `stopped` connections. */
export type Scene = 'first' | 'setup' | 'refused' | 'fetching' | 'failed' | 'paused' | 'mapping' | 'stopped' | 'untrusted' | 'empty';

const KINDS: KindView[] = [
  { kind: 'woocommerce', side: 'store', label: 'WooCommerce', hasDatabase: false, hasConsent: true, makesKeys: false },
  { kind: 'odoo', side: 'odoo', label: 'Odoo', hasDatabase: true, hasConsent: false, makesKeys: true },
];

const NO_FACTS: FactsView = {
  title: null,
  product: null,
  platform: null,
  currency: null,
  currencyDecimals: null,
  priceDecimals: null,
  pricesIncludeTax: null,
  taxRounding: null,
  timeZone: null,
  skewSeconds: null,
  user: null,
  database: null,
  databases: [],
  companies: [],
  modules: [],
  standardDecimals: null,
  homeUrl: null,
  way: null,
  permissions: [],
  keyExpiresAt: null,
  orderStorage: null,
};

const STORE_FACTS: FactsView = {
  ...NO_FACTS,
  title: 'Party Centre Kuwait',
  product: 'WooCommerce 11.0.1',
  platform: 'WordPress 7.1.4',
  currency: 'KWD',
  currencyDecimals: 3,
  priceDecimals: 3,
  pricesIncludeTax: true,
  taxRounding: 'line',
  timeZone: 'Asia/Kuwait',
  skewSeconds: 2,
  user: 'tandem',
  standardDecimals: 3,
  way: 'application_password',
  orderStorage: 'hpos',
  permissions: ['products:read', 'orders:read', 'settings:read'],
};

const ODOO_FACTS: FactsView = {
  ...NO_FACTS,
  title: 'Party Centre W.L.L.',
  product: 'Odoo 18.0',
  currency: 'KWD',
  currencyDecimals: 3,
  timeZone: 'Asia/Kuwait',
  skewSeconds: 0,
  user: 'Tandem',
  standardDecimals: 3,
  taxRounding: 'total',
  way: 'jsonrpc',
  permissions: ['product.product:read', 'stock.quant:read', 'sale.order:read'],
  keyExpiresAt: new Date(Date.now() + 13.5 * 86_400_000).toISOString(),
  modules: ['sale_management', 'stock', 'queue_job'],
  database: 'party-prod',
  companies: [
    {
      id: 1,
      name: 'Party Centre W.L.L.',
      currency: 'KWD',
      warehouses: [
        { id: 1, name: 'Main warehouse, Shuwaikh', code: 'WH' },
        { id: 2, name: 'Salmiya shop', code: 'SAL' },
        { id: 3, name: 'Event rental', code: 'RENT' },
      ],
    },
    { id: 2, name: 'Party Centre Bahrain', currency: 'BHD', warehouses: [{ id: 4, name: 'Manama', code: 'BAH' }] },
  ],
};

const STEPS = ['address', 'product', 'credentials', 'rights', 'facts'];

function check(facts: FactsView, details: string[], failed: number | null, error: AppError | null): CheckView {
  const steps: StepView[] = STEPS.map((name, index) => ({
    name,
    state: failed === null || index < failed ? 'passed' : index === failed ? 'failed' : 'not_tried',
    detail: details[index] ?? '',
    elapsedMs: failed === null || index <= failed ? 180 + index * 40 : 0,
  }));
  return { steps, facts, factsAreEarlier: false, factsAt: null, notices: [], failure: error };
}

const firewall: AppError = {
  code: 'connection.firewall',
  params: { host: 'shop.partycentre.com.kw', status: '403', operation: 'GET /wp-json/', firewall: 'Cloudflare', firewall_code: '1010' },
  details: 'HTTP 403, cf-ray 8e5c1f0a7b3d, error code: 1010',
  retryable: false,
};

const PASSED_STORE = check(STORE_FACTS, ['shop.partycentre.com.kw', 'WooCommerce 11.0.1', 'tandem', 'products, orders', 'KWD'], null, null);
const PASSED_ODOO = check(ODOO_FACTS, ['odoo.partycentre.com', 'Odoo 18.0', 'Tandem', 'product.product', 'KWD'], null, null);

const HISTORY: HealthChange[] = [
  { at: minutesAgo(1500), fact: 'version', was: '10.9.1', is: '11.0.1' },
  { at: minutesAgo(4000), fact: 'way', was: 'basic', is: 'application_password' },
  { at: minutesAgo(9000), fact: 'state', was: 'stopped', is: 'healthy' },
  { at: minutesAgo(9060), fact: 'failure', was: null, is: 'connection.maintenance' },
];

const PROBLEMS: ProblemView[] = [
  { connection: 'party-centre-kuwait', step: 'store_listings', externalId: '18204', reason: 'price: "twelve" is no number', raw: '{"id":18204,"name":"Ultra Hi Float","price":"twelve"}', at: minutesAgo(4) },
  { connection: 'party-prod', step: 'odoo_variants', externalId: '', reason: 'id: missing', raw: '{"default_code":"CUP-8"}', at: minutesAgo(4) },
];

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

const untrusted: AppError = {
  code: 'connection.certificate_untrusted',
  params: {
    host: 'odoo.partycentre.local',
    operation: 'POST /web/webclient/version_info',
    fingerprint: Array.from({ length: 32 }, (_, index) => ((index * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':'),
  },
  details: 'invalid peer certificate: UnknownIssuer',
  retryable: false,
};

export class World {
  readonly #scene: Scene;
  #settings: AppSettings;
  #connections: ConnectionView[];
  #runs: RunView[] = [];
  readonly #shelf = new Shelf();

  constructor(scene: Scene, settings: AppSettings) {
    this.#scene = scene;
    this.#settings = settings;
    this.#connections = scene === 'first' || scene === 'refused' ? [] : this.#both();
    if (scene === 'setup') for (const connection of this.#connections) connection.bound = null;
    if (scene === 'fetching' || scene === 'failed' || scene === 'paused') this.#runs = [this.#run(scene === 'failed' ? 'failed' : 'running')];
    if (scene === 'mapping' || scene === 'stopped' || scene === 'untrusted') this.#runs = [this.#run('done')];
  }

  /** Lets the fetch move, where the scene has one. */
  begin(): void {
    if (this.#scene !== 'fetching') return;
    setInterval(() => {
      const run = this.#runs[0];
      const step = run?.steps[0];
      if (!run || !step || run.state !== 'running') return;
      step.done = Math.min(step.total ?? 0, step.done + 53);
      step.elapsedMs += 250;
      this.#tell({ event: 'run', value: structuredClone(run) });
    }, 250);
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'app_info':
        return {
          version: '0.1.0',
          sandbox: this.#scene !== 'first' && this.#scene !== 'refused',
          dataFolder: '/home/noura/.local/share/tandem',
          vault: 'ready',
          readOnly: false,
          cacheRebuiltFrom: null,
        } satisfies AppInfo;
      case 'settings':
        return this.#settings;
      case 'save_settings':
        this.#settings = args['settings'] as AppSettings;
        return null;
      case 'kinds':
        return KINDS;
      case 'connections':
        return structuredClone(this.#connections);
      case 'test_connection':
        return PASSED_STORE;
      case 'test_saved':
        return this.#test(args['slug'] as string);
      case 'save_connection':
        return this.#save(args['draft'] as ConnectionDraft);
      case 'check_now':
      case 'trust_certificate':
      case 'forget_certificate':
      case 'accept_shop':
      case 'renew_key':
        return this.#test(args['slug'] as string).then(() => this.#connections.find((known) => known.slug === args['slug']));
      case 'make_key': {
        const saved = this.#save(args['draft'] as ConnectionDraft);
        return this.#test(saved.slug).then(() => this.#connections.find((known) => known.slug === saved.slug));
      }
      case 'begin_consent':
        return { url: 'https://shop.partycentre.com.kw/wp-admin/authorize-application.php', until: new Date(Date.now() + 280_000).toISOString() };
      case 'cancel_consent':
        return null;
      case 'health_history':
        return HISTORY;
      case 'problems':
        return { total: PROBLEMS.length, rows: PROBLEMS };
      case 'remove_connection':
        this.#connections = this.#connections.filter((connection) => connection.slug !== args['slug']);
        return null;
      case 'bind_store':
        return this.#bind(args['store'] as string, args['binding'] as ConnectionView['bound']);
      case 'start_fetch':
        this.#runs = [this.#run('running'), ...this.#runs];
        return this.#runs[0];
      case 'cancel_run': {
        const run = this.#runs[0];
        if (run) this.#tell({ event: 'run', value: Object.assign(run, { state: 'cancelled', endedAt: new Date().toISOString() }) });
        return null;
      }
      case 'runs':
        return structuredClone(this.#runs);
      case 'review_page':
        return this.#shelf.page(args['query'] as ReviewQuery);
      case 'review_counts':
        return this.#shelf.counts();
      case 'pair_detail':
        return this.#shelf.detail(args['listing'] as string, args['variant'] as number | null);
      case 'decide':
        return this.#shelf.decide(args['decision'] as { listing: string });
      case 'patterns':
        return this.#shelf.patterns();
      case 'pattern_sample':
        return this.#shelf.sample(args['pattern'] as string, args['rows'] as number);
      case 'accept_all':
        return this.#shelf.acceptAll((args['query'] as ReviewQuery).pattern);
      case 'learned':
        return this.#shelf.learned();
      case 'change_word':
        return this.#shelf.changeWord(args['word'] as WordInput);
      case 'match_again':
        return this.#shelf.counts();
      case 'undo':
        return this.#shelf.undo();
      case 'search_variants':
        return this.#shelf.search(args['text'] as string);
      case 'orders_page':
        return this.#shelf.orders(args['query'] as OrdersQuery);
      case 'order_detail':
        return this.#shelf.order(args['key'] as string);
      case 'order_raw':
        return { text: JSON.stringify({ number: '10482', total: '36.182', order_key: '••••••', status: 'processing' }, null, 2), fetchedAt: minutesAgo(4), secrets: 1, personal: 0 };
      case 'today':
        return today();
      case 'history':
        return historyPage();
      case 'run':
        return this.#runs[0];
      case 'runs_at_work':
        return this.#runs.filter((run) => run.state === 'running');
      case 'decisions_of':
        return { rows: [{ listing: 'L1', name: 'Ultra Hi-Float 24 oz', action: 'accept', variant: 'HFULTRA710', at: minutesAgo(9), undoneAt: null }], more: false };
      case 'find':
        return find(this.#shelf, args['query'] as FindQuery);
      case 'kept_pictures':
      case 'clear_pictures':
        return { files: 214, kilobytes: 8_400, kilobytesMax: 200_000 };
      case 'open_url':
      case 'open_sandbox':
        return null;
      default:
        return selling(command, args, () => this.#shelf.details()) ?? this.#unknown(command);
    }
  }

  #unknown(command: string): never {
    throw new Error(`no answer to ${command}`);
  }

  #tell(event: AppEvent): void {
    void emit('heard', event);
  }

  #both(): ConnectionView[] {
    const stopped = this.#scene === 'stopped';
    const untrustedOdoo = this.#scene === 'untrusted';
    return [
      {
        slug: 'party-prod',
        name: 'party-prod',
        kind: 'odoo',
        side: 'odoo',
        url: 'https://odoo.partycentre.com/',
        login: 'tandem@partycentre.com',
        database: 'party-prod',
        bound: null,
        state: untrustedOdoo ? 'stopped' : 'healthy',
        check: untrustedOdoo ? check(NO_FACTS, [], 0, untrusted) : PASSED_ODOO,
        checkedAt: minutesAgo(12),
        fetchedAt: minutesAgo(4),
        health: { state: untrustedOdoo ? 'stopped' : 'warning', since: minutesAgo(2000), lastChecked: minutesAgo(12) },
        pinned: null,
        way: 'jsonrpc',
        keyExpiresAt: ODOO_FACTS.keyExpiresAt,
        notices: [{ code: 'key_expires', params: { date: ODOO_FACTS.keyExpiresAt ?? '' } }, { code: 'version_untried', params: { version: '20.0' } }],
      },
      {
        slug: 'party-centre-kuwait',
        name: 'Party Centre Kuwait',
        kind: 'woocommerce',
        side: 'store',
        url: 'https://shop.partycentre.com.kw/',
        login: 'tandem',
        database: null,
        bound: { odoo: 'party-prod', company: 1, warehouses: [1, 2] },
        state: stopped ? 'stopped' : 'healthy',
        check: stopped ? check(NO_FACTS, ['shop.partycentre.com.kw'], 1, firewall) : PASSED_STORE,
        checkedAt: minutesAgo(12),
        fetchedAt: minutesAgo(4),
        health: { state: stopped ? 'stopped' : 'healthy', since: minutesAgo(2000), lastChecked: minutesAgo(12) },
        pinned: null,
        way: 'application_password',
        keyExpiresAt: null,
        notices: [],
      },
    ];
  }

  async #test(slug: string): Promise<CheckView> {
    await new Promise((resolve) => setTimeout(resolve, 600));
    const connection = this.#connections.find((known) => known.slug === slug);
    const answer =
      this.#scene === 'refused' && connection?.side === 'store'
        ? check(NO_FACTS, ['shop.partycentre.com.kw'], 1, firewall)
        : connection?.side === 'odoo'
          ? PASSED_ODOO
          : PASSED_STORE;
    if (connection) Object.assign(connection, { check: answer, checkedAt: new Date().toISOString(), state: answer.failure ? 'stopped' : 'healthy' });
    return answer;
  }

  #save(draft: ConnectionDraft): ConnectionView {
    const slug = draft.slug ?? draft.kind;
    const known = this.#connections.find((connection) => connection.slug === slug);
    const saved: ConnectionView = {
      bound: null,
      state: 'untested',
      check: null,
      checkedAt: null,
      fetchedAt: null,
      health: { state: 'untested', since: null, lastChecked: null },
      pinned: null,
      way: null,
      keyExpiresAt: null,
      notices: [],
      ...known,
      slug,
      name: draft.name === '' ? new URL(draft.url.includes('://') ? draft.url : `https://${draft.url}`).host : draft.name,
      kind: draft.kind,
      side: draft.kind === 'odoo' ? 'odoo' : 'store',
      url: draft.url,
      login: draft.login,
      database: draft.database,
    };
    this.#connections = [...this.#connections.filter((connection) => connection.slug !== slug), saved];
    return saved;
  }

  #bind(slug: string, bound: ConnectionView['bound']): ConnectionView | undefined {
    const store = this.#connections.find((connection) => connection.slug === slug);
    if (store) store.bound = bound;
    return store;
  }

  #run(state: RunView['state']): RunView {
    const done = state === 'done';
    const failed = state === 'failed';
    const calm = { rate: 0, secondsLeft: null, paused: false, waitingSeconds: null };
    const busy = this.#scene === 'paused' ? { ...calm, paused: true } : { ...calm, rate: 212, secondsLeft: 78 };
    return {
      id: this.#runs.length + 1,
      kind: 'fetch',
      store: this.#connections.find((connection) => connection.side === 'store')?.slug ?? '',
      state,
      steps: [
        { name: 'store_listings', state: done ? 'done' : failed ? 'failed' : 'running', done: done ? 9393 : 5210, total: 9393, changed: 5210, problems: 27, elapsedMs: 41_000, ...(state === 'running' ? busy : calm) },
        { name: 'store_orders', state: done ? 'done' : 'waiting', done: done ? 482 : 0, total: done ? 482 : 482, changed: 0, problems: 0, elapsedMs: done ? 9000 : 0, ...calm },
        { name: 'odoo_variants', state: 'done', done: 10_494, total: 10_494, changed: 10_494, problems: 0, elapsedMs: 12_000, ...calm },
        { name: 'odoo_stock', state: done ? 'done' : 'running', done: done ? 14_211 : 4300, total: 14_211, changed: 0, problems: 0, elapsedMs: 8000, ...(state === 'running' ? { ...calm, waitingSeconds: 25 } : calm) },
        { name: 'match', state: done ? 'done' : 'waiting', done: done ? 9393 : 0, total: done ? 9393 : null, changed: 0, problems: 0, elapsedMs: done ? 2000 : 0, ...calm },
      ],
      rate: state === 'running' ? 212 : 0,
      secondsLeft: state === 'running' ? 78 : null,
      startedAt: minutesAgo(5),
      endedAt: state === 'running' ? null : minutesAgo(4),
      error: failed ? { code: 'connection.no_answer', params: { host: 'shop.partycentre.com.kw' }, details: 'operation timed out after 30 s', retryable: true } : null,
      log: [
        { at: minutesAgo(5), level: 'info', code: 'fetched', params: { step: 'odoo_variants', count: '10494', changed: '10494', gone: '0' } },
        { at: minutesAgo(4.5), level: 'warning', code: 'waiting', params: { name: 'Party Centre Kuwait', seconds: '5' } },
        { at: minutesAgo(4.2), level: 'warning', code: 'problems', params: { step: 'store_listings', count: '27' } },
      ],
    };
  }
}
