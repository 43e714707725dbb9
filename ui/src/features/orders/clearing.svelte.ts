// What holds an order back and is cleared by an answer: a row of the maps, a customer, a yes.
import type { BlockerKind, BlockerView, MapInput, MapKind } from '../../api/types';
import { t } from '../../i18n';
import type { FinderOption } from '../../parts/finder';
import { choiceWords, fits, MAP_ICONS } from '../../pieces/map_words';
import type { SellingState } from './selling.svelte';
import { blockerTitle } from './wording';

/** How a blocker of a kind is cleared here. */
export type Way = 'map' | 'customer' | 'anyway' | 'same_store';

const WAYS: Partial<Record<BlockerKind, Way>> = {
  not_mapped: 'map',
  map_moved: 'map',
  customer_ambiguous: 'customer',
  number_taken: 'anyway',
  imported_elsewhere: 'anyway',
  deleted_in_odoo: 'anyway',
  looks_like_copy: 'same_store',
};

/** How a blocker is cleared here; nothing when that has to be done elsewhere. */
export function wayOf({ kind }: BlockerView): Way | undefined {
  return WAYS[kind];
}

/** A question in front: one of several, or yes or no. */
export type Question =
  | { kind: 'choice'; title: string; options: readonly FinderOption[]; row: Omit<MapInput, 'value'> }
  | { kind: 'sure'; way: 'anyway' | 'same_store'; title: string; row: MapInput };

export class Clearing {
  question = $state.raw<Question | null>(null);
  /** The blocker whose choices are being read. */
  reading = $state.raw<BlockerView | null>(null);

  /** The order whose first reason is cleared as soon as it is read. */
  #later: string | undefined;
  readonly #selling: SellingState;
  readonly #tell: { failed(error: unknown): void; toMaps(kind: MapKind, key: string): void };

  constructor(selling: SellingState, tell: { failed(error: unknown): void; toMaps(kind: MapKind, key: string): void }) {
    this.#selling = selling;
    this.#tell = tell;
  }

  /** Somebody came here to clear what holds an order back. */
  later(order: string | undefined): void {
    this.#later = order;
  }

  /** Whether that is the order which was read; said once. */
  isDue(order: string): boolean {
    const due = order === this.#later;
    if (due) this.#later = undefined;
    return due;
  }

  /** Asks what clears a blocker of an order. */
  async ask(order: string, blocker: BlockerView): Promise<void> {
    const way = wayOf(blocker);
    if (way === undefined || this.reading !== null || this.question !== null) return;
    const title = blockerTitle(blocker);
    if (way === 'anyway') this.question = { kind: 'sure', way, title, row: agreed('anyway', order) };
    else if (way === 'same_store') this.question = { kind: 'sure', way, title, row: agreed('same_store', blocker.params.uid ?? '') };
    else await this.#choices(way, order, blocker, title);
  }

  /** Goes to the row of the maps that a blocker is about. */
  open({ params }: BlockerView): void {
    this.#tell.toMaps(params.map as MapKind, params.key ?? '');
  }

  /** The answer: a value of a choice, or yes. */
  async answer(value: string): Promise<void> {
    const { question } = this;
    this.question = null;
    if (question) await this.#selling.settle({ ...question.row, value });
  }

  /** Leaves all as it is. */
  leave(): void {
    this.question = null;
  }

  async #choices(way: 'map' | 'customer', order: string, blocker: BlockerView, title: string): Promise<void> {
    this.reading = blocker;
    try {
      if (way === 'customer') {
        const options = (await this.#selling.customers(order)).map((card): FinderOption => {
          const lines = [card.email, ...card.address].filter((line) => line !== null && line !== '' && line !== card.name);
          return { id: `${card.key}`, icon: 'person', label: card.name, isData: true, detail: lines.join(t('orders.comma')), detailIsData: true };
        });
        this.question = { kind: 'choice', title, options, row: { kind: 'customer', key: blocker.params.email ?? '', tracking: null } };
      } else await this.#mapChoices(blocker, title);
    } catch (error) {
      this.#tell.failed(error);
    } finally {
      this.reading = null;
    }
  }

  async #mapChoices(blocker: BlockerView, title: string): Promise<void> {
    const { rows, choices } = await this.#selling.maps();
    const kind = blocker.params.map as MapKind;
    const key = blocker.params.key ?? '';
    const row = rows.find((each) => each.kind === kind && each.key === key);
    const all = (choices.find((each) => each.kind === kind)?.choices ?? []).filter((choice) => fits(kind, key, choice));
    if (all.length === 0) return this.open(blocker);
    // What speaks for itself stands first.
    const first = row?.choice ? [row.choice, ...all.filter(({ value }) => value !== row.choice?.value)] : all;
    const options = first.map((choice): FinderOption => {
      const detail = choice.value === row?.choice?.value ? t(`maps.state.${row.state}`) : choice.detail;
      return { id: choice.value, icon: MAP_ICONS[kind], label: choiceWords(kind, choice), isData: choice.label !== '', detail };
    });
    this.question = { kind: 'choice', title, options, row: { kind, key, tracking: row?.tracking ?? null } };
  }
}

function agreed(kind: MapKind, key: string): MapInput {
  return { kind, key, value: 'yes', tracking: null };
}
