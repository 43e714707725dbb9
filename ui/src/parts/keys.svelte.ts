// Keys of the screens. They go by the letter where the layout has Latin letters, and by the place of the
// key where it has not, so that A accepts on French and on Arabic keyboards alike.
import { onMount } from 'svelte';

/** What a key does on this screen. */
export interface KeyBinding {
  /** As in `KeyboardEvent.code`: `KeyA`, `Digit1`, `ArrowDown`, `Escape`, `Enter`, `Space`. Several do the same. */
  code: string | readonly string[];
  shift?: boolean;
  /** Control, or Command on a Mac. */
  ctrl?: boolean;
  /** What it does, for the key strip and the sheet. */
  label: string;
  /** Left out of the strip at the bottom; the sheet lists it all the same. */
  hidden?: boolean;
  run: (event: KeyboardEvent) => void;
}

/** Whether single letters act; the person can switch them off. */
export const letterKeys = $state({ on: true });

interface Layer {
  modal: boolean;
  bindings: () => readonly KeyBinding[];
}

/** Later layers see a key first; a modal one lets nothing through. */
const layers: Layer[] = [];

/** Every binding that acts now, the nearest first. */
export function activeBindings(): KeyBinding[] {
  const active: KeyBinding[] = [];
  for (const layer of layers.toReversed()) {
    active.push(...layer.bindings());
    if (layer.modal) break;
  }
  return active;
}

/** The key's name, independent of the layout: the Latin letter typed, or else its place. */
export function pressedCode(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[a-z]$/i.test(event.key)) return `Key${event.key.toUpperCase()}`;
  return event.code;
}

function asksForHelp(event: KeyboardEvent): boolean {
  return event.key === '?' || event.key === '؟';
}

/** Whether the focus is where letters are typed. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
}

/** Controls take Enter and Space for themselves. */
function takesEnter(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href], input, select, summary, textarea, [role=slider], [role=separator]') !== null;
}

/** What every field does by itself with Control: choose all, copy, paste, cut, undo, redo. */
const EDITS: readonly string[] = ['KeyA', 'KeyC', 'KeyV', 'KeyX', 'KeyZ', 'KeyY'];

/** Whether a binding answers this key press, wherever the focus is and whatever the person switched off. */
export function answers(binding: KeyBinding, event: KeyboardEvent, lettersOn: boolean): boolean {
  if (event.altKey || Boolean(binding.ctrl) !== (event.ctrlKey || event.metaKey)) return false;
  const code = pressedCode(event);
  const codes = typeof binding.code === 'string' ? [binding.code] : binding.code;
  const help = codes.includes('Help') && asksForHelp(event);
  if (!help && (!codes.includes(code) || Boolean(binding.shift) !== event.shiftKey)) return false;
  if (code === 'Escape') return true;
  // In a field these are the field's own.
  if (typing(event.target)) return Boolean(binding.ctrl) && !EDITS.includes(code);
  if (binding.ctrl) return true;
  if ((code === 'Enter' || code === 'Space') && takesEnter(event.target)) return false;
  const single = help || /^(Key|Digit)/.test(code);
  return lettersOn || !single;
}

function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const binding = activeBindings().find((candidate) => answers(candidate, event, letterKeys.on));
  if (!binding) return;
  event.preventDefault();
  binding.run(event);
}

/**
 * Binds keys while the component is mounted. `bindings` is asked at every key press, so it may read state.
 * A modal layer (a dialog) silences everything under it.
 */
export function useKeys(bindings: () => readonly KeyBinding[], options: { modal?: boolean } = {}): void {
  onMount(() => {
    const layer: Layer = { modal: options.modal ?? false, bindings };
    if (layers.length === 0) window.addEventListener('keydown', onKeydown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) window.removeEventListener('keydown', onKeydown);
    };
  });
}

const CAPS: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '⏎',
  Escape: 'Esc',
  Help: '?',
  Slash: '/',
};

/** What stands on the key caps of a binding: "Ctrl K", "⇧A". */
export function caps(binding: Pick<KeyBinding, 'code' | 'shift' | 'ctrl'>): string[] {
  const codes = typeof binding.code === 'string' ? [binding.code] : binding.code;
  const before = `${binding.ctrl ? 'Ctrl ' : ''}${binding.shift ? '⇧' : ''}`;
  return codes.map((code) => before + (CAPS[code] ?? code.replace(/^(Key|Digit)/, '')));
}
