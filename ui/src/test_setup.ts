// What jsdom lacks and the parts need.
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
