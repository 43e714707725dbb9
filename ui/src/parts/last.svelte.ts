// What stood somewhere, while what comes in its place is on the way.

/** A value that may be gone for a moment. */
export interface Last<T> {
  readonly value: T | null;
}

/**
 * What `read` answered last that was something. A component that lays it out unseen keeps its elements for the next
 * one: to make them anew takes longer than the read.
 */
export function lastOf<T>(read: () => T | null): Last<T> {
  let last = $state.raw<T | null>(null);
  $effect.pre(() => {
    const now = read();
    if (now !== null) last = now;
  });
  return {
    get value() {
      return read() ?? last;
    },
  };
}
