// The keys of the day.
import { t } from '../../i18n';
import { pressedCode, type KeyBinding } from '../../parts/keys.svelte';

/** What the keys act on. */
export interface TodayActions {
  move(step: number): void;
  act(): void;
  fetch(): void;
  blocked(): void;
  audit(): void;
}

const ONWARD: readonly string[] = ['KeyJ', 'ArrowDown'];

/** The bindings, in the order of the strip. A key that is held down acts once. */
export function todayKeys(actions: TodayActions): KeyBinding[] {
  const once =
    (act: () => void): KeyBinding['run'] =>
    (event) => {
      if (!event.repeat) act();
    };
  const move: KeyBinding['run'] = (event) => actions.move(ONWARD.includes(pressedCode(event)) ? 1 : -1);
  return [
    { code: ['KeyJ', 'KeyK'], label: t('orders.key.move'), run: move },
    { code: ['ArrowDown', 'ArrowUp'], label: t('orders.key.move'), hidden: true, run: move },
    { code: 'Enter', label: t('today.key.do'), run: once(actions.act) },
    { code: 'KeyF', label: t('today.key.fetch'), run: once(actions.fetch) },
    { code: 'KeyU', label: t('today.key.audit'), run: once(actions.audit) },
    { code: 'KeyB', label: t('today.action.blocked'), hidden: true, run: once(actions.blocked) },
  ];
}
