// What must hold of messages: few of them, and the same one only once.
import { afterEach, expect, it, vi } from 'vitest';
import { toasts } from './toasts.svelte';

afterEach(() => {
  for (const { id } of toasts.shown) toasts.dismiss(id);
  vi.useRealTimers();
});

it('says the same again in one message that counts, with the newest way back', () => {
  vi.useFakeTimers();
  const undone: number[] = [];
  const say = (step: number) => toasts.show({ title: 'Settled', tone: 'ok', action: { label: 'Undo', run: () => undone.push(step) } });
  say(1);
  toasts.show({ title: 'Imported', tone: 'ok' });
  vi.advanceTimersByTime(7000);
  say(2);
  expect(toasts.shown.map(({ title, times }) => [title, times])).toEqual([['Imported', 1], ['Settled', 2]]);
  toasts.shown.at(-1)?.action?.run();
  expect(undone).toEqual([2]);
  // The first one's time is over; the second one's has only begun.
  vi.advanceTimersByTime(2000);
  expect(toasts.shown.map(({ title }) => title)).toEqual(['Settled']);
});

it('shows the newest three', () => {
  for (const title of ['a', 'b', 'c', 'd']) toasts.show({ title, tone: 'info' });
  expect(toasts.shown.map(({ title }) => title)).toEqual(['b', 'c', 'd']);
});
