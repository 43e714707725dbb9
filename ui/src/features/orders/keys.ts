// The keys of the orders.
import { t } from '../../i18n';
import { pressedCode, type KeyBinding } from '../../parts/keys.svelte';

/** What the keys act on. */
export interface OrderActions {
  move(step: number): void;
  inspect(): void;
  clearFirst(): void;
  search(): void;
  openOrder(): void;
  raw(): void;
  importOne(): void;
  undo(): void;
  /** Chooses the order in focus, or no longer. */
  choose(): void;
  /** Chooses the one in focus and the next. */
  chooseOn(step: number): void;
  chooseAll(): void;
  clearChosen(): void;
}

const ONWARD: readonly string[] = ['KeyJ', 'ArrowDown'];

/** A key that is held down moves on, but acts only once. */
function once(act: () => void): KeyBinding['run'] {
  return (event) => {
    if (!event.repeat) act();
  };
}

/** The bindings, in the order of the strip. */
export function orderKeys(actions: OrderActions, chosen: number): KeyBinding[] {
  const move: KeyBinding['run'] = (event) => actions.move(ONWARD.includes(pressedCode(event)) ? 1 : -1);
  return [
    { code: ['KeyJ', 'KeyK'], label: t('orders.key.move'), run: move },
    { code: ['ArrowDown', 'ArrowUp'], label: t('orders.key.move'), hidden: true, run: move },
    { code: 'Enter', label: t('orders.key.open'), run: actions.inspect },
    { code: 'KeyF', label: t('orders.key.blocker'), run: once(actions.clearFirst) },
    { code: ['KeyX', 'Space'], label: t('orders.key.choose'), run: once(actions.choose) },
    { code: ['KeyJ', 'KeyK', 'ArrowDown', 'ArrowUp'], shift: true, label: t('orders.key.choose_on'), hidden: true, run: (event) => actions.chooseOn(ONWARD.includes(pressedCode(event)) ? 1 : -1) },
    { code: 'KeyA', ctrl: true, label: t('orders.key.all'), hidden: true, run: once(actions.chooseAll) },
    { code: 'KeyI', label: t('selling.key.import'), run: once(actions.importOne) },
    { code: 'Slash', label: t('orders.key.search'), run: actions.search },
    { code: 'KeyO', label: t('orders.key.store'), run: once(actions.openOrder) },
    { code: 'KeyW', label: t('orders.key.raw'), run: once(actions.raw) },
    { code: 'KeyZ', label: t('common.undo'), hidden: true, run: once(actions.undo) },
    ...(chosen > 0 ? [{ code: 'Escape', label: t('select.clear'), hidden: true, run: actions.clearChosen }] : []),
  ];
}
