// For tests: a teller that says nothing and remembers what it was told, and a screen that paints at once.
import { vi } from 'vitest';
import type { Teller } from './review.svelte';

/** One of each. */
export function silent() {
  return {
    decided: vi.fn<Teller['decided']>(),
    cleared: vi.fn<Teller['cleared']>(),
    acceptedAll: vi.fn<Teller['acceptedAll']>(),
    notAcceptedAll: vi.fn<Teller['notAcceptedAll']>(),
    notSaved: vi.fn<Teller['notSaved']>(),
    undone: vi.fn<Teller['undone']>(),
    notUndone: vi.fn<Teller['notUndone']>(),
    decidedAll: vi.fn<Teller['decidedAll']>(),
    notDecidedAll: vi.fn<Teller['notDecidedAll']>(),
    stepUndone: vi.fn<Teller['stepUndone']>(),
  };
}

/** Where nothing is drawn, there is nothing to wait for. */
export const atOnce = (): Promise<void> => Promise.resolve();
