// What must hold of `keys.svelte.ts`.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answers, caps, pressedCode, typing, type KeyBinding } from './keys.svelte';

const binding = (change: Partial<KeyBinding> = {}): KeyBinding => ({ code: 'KeyA', label: 'accept', run: vi.fn(), ...change });

function press(key: string, code: string, change: KeyboardEventInit = {}, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, code, bubbles: true, ...change });
  target.dispatchEvent(event);
  return event;
}

afterEach(() => document.body.replaceChildren());

function focused(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild as Element;
}

describe('which key it is', () => {
  it('goes by the letter where the layout is Latin, and by the place where it is not', () => {
    expect(pressedCode({ key: 'a', code: 'KeyQ' }), 'A on a French keyboard').toBe('KeyA');
    expect(pressedCode({ key: 'ش', code: 'KeyA' }), 'A on an Arabic keyboard').toBe('KeyA');
    expect(pressedCode({ key: '&', code: 'Digit1' }), '1 on a French keyboard').toBe('Digit1');
  });

  it('shows what stands on the key', () => {
    expect(caps({ code: ['KeyJ', 'KeyK'] })).toEqual(['J', 'K']);
    expect(caps({ code: 'KeyA', shift: true })).toEqual(['⇧A']);
    expect(caps({ code: 'Enter', ctrl: true })).toEqual(['Ctrl ⏎']);
  });
});

describe('whether a key acts', () => {
  it('wants exactly its modifiers', () => {
    expect(answers(binding(), press('a', 'KeyA'), true)).toBe(true);
    expect(answers(binding(), press('A', 'KeyA', { shiftKey: true }), true)).toBe(false);
    expect(answers(binding({ shift: true }), press('A', 'KeyA', { shiftKey: true }), true)).toBe(true);
    expect(answers(binding(), press('a', 'KeyA', { ctrlKey: true }), true)).toBe(false);
    expect(answers(binding({ ctrl: true }), press('a', 'KeyA', { metaKey: true }), true), 'Command is Control').toBe(true);
    expect(answers(binding(), press('a', 'KeyA', { altKey: true }), true)).toBe(false);
  });

  it('is off for single letters when the person switched them off, but not for arrows', () => {
    expect(answers(binding(), press('a', 'KeyA'), false)).toBe(false);
    expect(answers(binding({ code: 'ArrowDown' }), press('ArrowDown', 'ArrowDown'), false)).toBe(true);
  });

  it('is off while a field has the focus, except for Escape and Control', () => {
    const field = focused('<input>');
    expect(typing(field)).toBe(true);
    expect(answers(binding(), press('a', 'KeyA', {}, field), true)).toBe(false);
    expect(answers(binding({ code: 'Escape' }), press('Escape', 'Escape', {}, field), true)).toBe(true);
    expect(answers(binding({ code: 'KeyK', ctrl: true }), press('k', 'KeyK', { ctrlKey: true }, field), true)).toBe(true);
    expect(answers(binding({ ctrl: true }), press('a', 'KeyA', { ctrlKey: true }, field), true), 'it chooses the text').toBe(false);
    expect(answers(binding({ ctrl: true }), press('a', 'KeyA', { ctrlKey: true }), true)).toBe(true);
  });

  it('leaves Enter and Space to the control that has the focus', () => {
    const button = focused('<button>x</button>');
    expect(answers(binding({ code: 'Enter' }), press('Enter', 'Enter', {}, button), true)).toBe(false);
    expect(answers(binding(), press('a', 'KeyA', {}, button), true), 'letters still act').toBe(true);
  });

  it('does not count a box to tick as a field', () => {
    expect(typing(focused('<input type="checkbox">'))).toBe(false);
  });

  it('finds the question mark on every layout', () => {
    const help = binding({ code: 'Help' });
    expect(answers(help, press('?', 'Slash', { shiftKey: true }), true)).toBe(true);
    expect(answers(help, press('?', 'KeyM', { shiftKey: true }), true), 'on a French keyboard').toBe(true);
    expect(answers(help, press('؟', 'Slash', { shiftKey: true }), true), 'on an Arabic keyboard').toBe(true);
  });
});
