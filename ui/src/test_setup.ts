// What jsdom lacks and the parts need.
import { configure } from '@testing-library/svelte';
class NoResizeObserver implements ResizeObserver {
  observe(): void {
    // Nothing is laid out in jsdom, so nothing changes its size.
  }
  unobserve(): void {
    // As above.
  }
  disconnect(): void {
    // As above.
  }
}

globalThis.ResizeObserver = NoResizeObserver;

// A busy computer is no failure.
configure({ asyncUtilTimeout: 5_000 });
