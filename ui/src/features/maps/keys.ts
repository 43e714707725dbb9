// The keys of the maps.
import { t } from '../../i18n';
import { pressedCode, type KeyBinding } from '../../parts/keys.svelte';

/** What the keys act on. */
export interface MapActions {
  move(step: number): void;
  accept(): void;
  acceptAll(): void;
  choose(): void;
  pick(index: number): void;
  tryOn(): void;
  kind(step: number): void;
  undo(): void;
}

function once(act: () => void): KeyBinding['run'] {
  return (event) => {
    if (!event.repeat) act();
  };
}

/** The bindings, in the order of the strip. */
export function mapKeys(actions: MapActions): KeyBinding[] {
  const move: KeyBinding['run'] = (event) => actions.move(['KeyJ', 'ArrowDown'].includes(pressedCode(event)) ? 1 : -1);
  const kind: KeyBinding['run'] = (event) => actions.kind(pressedCode(event) === 'BracketRight' ? 1 : -1);
  const pick: KeyBinding['run'] = (event) => actions.pick(Number(pressedCode(event).slice(-1)) - 1);
  return [
    { code: ['KeyJ', 'KeyK'], label: t('orders.key.move'), run: move },
    { code: ['ArrowDown', 'ArrowUp'], label: t('orders.key.move'), hidden: true, run: move },
    { code: 'KeyA', label: t('maps.key.accept'), run: once(actions.accept) },
    { code: ['Digit1', 'Digit2', 'Digit3'], label: t('maps.key.pick'), run: pick },
    { code: 'KeyS', label: t('maps.key.choose'), run: once(actions.choose) },
    { code: 'KeyT', label: t('maps.key.try'), run: once(actions.tryOn) },
    { code: 'KeyA', shift: true, label: t('maps.key.accept_all'), run: once(actions.acceptAll) },
    { code: ['BracketLeft', 'BracketRight'], label: t('maps.key.kind'), hidden: true, run: kind },
    { code: 'KeyZ', label: t('maps.key.undo'), run: once(actions.undo) },
  ];
}
