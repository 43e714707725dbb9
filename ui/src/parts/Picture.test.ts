// What must hold of `Picture.svelte`.
import { cleanup, fireEvent, render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Picture from './Picture.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a picture', () => {
  it('is asked for only where the eye rests', async () => {
    const { container, rerender, unmount } = render(Picture, { src: 'picture://a' });
    expect(container.querySelector('img')).toBeNull();
    await vi.advanceTimersByTimeAsync(60);
    await rerender({ src: 'picture://b' });
    await vi.advanceTimersByTimeAsync(60);
    expect(container.querySelector('img'), 'the first was scrolled past').toBeNull();
    await vi.advanceTimersByTimeAsync(60);
    expect(container.querySelector('img')?.getAttribute('src')).toBe('picture://b');
    unmount();
  });

  it('that is broken leaves its box with a drawing, and the next one is tried', async () => {
    const { container, rerender } = render(Picture, { src: 'picture://a' });
    await vi.advanceTimersByTimeAsync(150);
    await fireEvent.error(container.querySelector('img') as HTMLImageElement);
    expect([container.querySelector('img'), container.querySelector('.pic svg') !== null]).toEqual([null, true]);
    await rerender({ src: 'picture://b' });
    await vi.advanceTimersByTimeAsync(150);
    expect(container.querySelector('img')?.getAttribute('src')).toBe('picture://b');
  });
});
