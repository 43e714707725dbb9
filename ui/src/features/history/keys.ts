// The keys of the history.
import { t } from '../../i18n';
import { pressedCode, type KeyBinding } from '../../parts/keys.svelte';

/** What the keys act on. */
export interface HistoryActions {
  move(step: number): void;
  failure(): void;
  search(): void;
}

const ONWARD: readonly string[] = ['KeyJ', 'ArrowDown'];

/** The bindings, in the order of the strip. */
export function historyKeys(actions: HistoryActions): KeyBinding[] {
  const move: KeyBinding['run'] = (event) => actions.move(ONWARD.includes(pressedCode(event)) ? 1 : -1);
  return [
    { code: ['KeyJ', 'KeyK'], label: t('orders.key.move'), run: move },
    { code: ['ArrowDown', 'ArrowUp'], label: t('orders.key.move'), hidden: true, run: move },
    { code: 'KeyF', label: t('history.key.failure'), run: () => actions.failure() },
    { code: 'Slash', label: t('orders.key.search'), run: () => actions.search() },
  ];
}
