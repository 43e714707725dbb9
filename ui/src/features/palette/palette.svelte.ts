// What the palette found for the words that are typed now.
import type { CommandTag, FindQuery, Found, Language } from '../../api/types';
import { plural, t } from '../../i18n';
import type { FinderGroup } from '../../parts/finder';
import type { Route } from '../../route';
import { canRun, commandOption, type CommandState } from './commands';

/** What the palette asks of the backend. It rejects with the backend's error. */
export interface PalettePort {
  /** Somebody is about to type. */
  prepareSearch(store: string): Promise<null>;
  find(query: FindQuery): Promise<Found>;
}

/** What was chosen: a place to go to, or a command. */
export type Choice = { route: Route } | { command: CommandTag };

/** Commands shown beside products and orders; all of them when nothing is typed. */
const COMMANDS_MAX = 6;
const ALL_ORDERS = 'orders';

export class PaletteState {
  text = $state('');
  found = $state.raw<Found | null>(null);
  failure = $state.raw<unknown>(null);

  readonly #port: PalettePort;
  readonly #now: () => CommandState;
  readonly #language: () => Language;
  #asked = 0;

  constructor(port: PalettePort, now: () => CommandState, language: () => Language) {
    this.#port = port;
    this.#now = now;
    this.#language = language;
  }

  /** Lists all commands; the first letter is not to wait for what products are searched by. */
  open(): Promise<void> {
    const { store, fetched } = this.#now();
    if (store !== null && fetched) {
      this.#port.prepareSearch(store).catch(() => {
        // Whoever types is told what is wrong.
      });
    }
    return this.type('');
  }

  /** Looks for what is typed. Answers to older words are dropped. */
  async type(text: string): Promise<void> {
    this.text = text;
    const asked = (this.#asked += 1);
    try {
      const { store, fetched } = this.#now();
      const found = await this.#port.find({ store: fetched ? store : null, text, language: this.#language() });
      if (asked !== this.#asked) return;
      this.found = found;
      this.failure = null;
    } catch (failure) {
      if (asked === this.#asked) this.failure = failure;
    }
  }

  readonly groups = $derived.by((): FinderGroup[] => {
    const { found } = this;
    if (!found) return [];
    const typed = this.text.trim() !== '';
    const commands = found.commands.filter((tag) => canRun(tag, this.#now()));
    const orders = found.orders.map((order) => ({
      id: `order ${order.key}`,
      icon: 'orders' as const,
      label: `${order.number} ${order.customer}`,
      isData: true,
      detail: t(`orders.state.${order.state}`),
    }));
    const more = found.ordersTotal > found.orders.length ? [{ id: ALL_ORDERS, icon: 'search' as const, label: plural('find.all_orders', found.ordersTotal) }] : [];
    const groups: FinderGroup[] = [
      {
        title: t('find.products'),
        options: found.products.map((product) => ({
          id: `product ${product.key}`,
          icon: 'mapping' as const,
          label: product.name,
          isData: true,
          code: product.sku ?? undefined,
          detail: product.tab ? t(`review.tab.${product.tab}`) : undefined,
        })),
      },
      { title: t('find.orders'), options: [...orders, ...more] },
      { title: t('find.commands'), options: commands.slice(0, typed ? COMMANDS_MAX : commands.length).map(commandOption) },
    ];
    return groups.filter((group) => group.options.length > 0);
  });

  /** How many were found, in words; nothing before anything is typed. */
  readonly told = $derived.by(() => {
    if (this.text.trim() === '' || !this.found) return '';
    return plural('find.results', this.groups.reduce((sum, group) => sum + group.options.length, 0));
  });

  /** What an option stands for. */
  choice(id: string): Choice {
    if (id === ALL_ORDERS) return { route: { page: 'orders', find: this.text.trim() } };
    const [kind, ...rest] = id.split(' ');
    const key = rest.join(' ');
    if (kind === 'product') return { route: { page: 'mapping', listing: key } };
    if (kind === 'order') return { route: { page: 'orders', order: key } };
    return { command: key as CommandTag };
  }
}
