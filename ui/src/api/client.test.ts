// What must hold of `client.ts`.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure, events, mutate, query } from './client';

let answer: (command: string, args: unknown) => unknown;

beforeEach(() => {
  vi.useFakeTimers();
  mockIPC((command, args) => answer(command, args), { shouldMockEvents: true });
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.resolve();
  clearMocks();
});

describe('a call', () => {
  it('goes out under its own name with its arguments, and comes back as plain data', async () => {
    const heard: unknown[] = [];
    answer = (command, args) => {
      heard.push([command, args]);
      return [];
    };
    await expect(query.runs('party')).resolves.toEqual([]);
    expect(heard).toEqual([['runs', { store: 'party' }]]);
  });

  it('rejects with the error that the backend told', async () => {
    answer = () => {
      // The backend rejects with data, not with an Error.
      throw { code: 'engine.run_busy', params: { store: 'party' }, details: '', retryable: false };
    };
    const rejected = await mutate.startFetch('party', false).catch((thrown: unknown) => thrown);
    expect(rejected).toBeInstanceOf(Failure);
    expect((rejected as Failure).error.code).toBe('engine.run_busy');
  });
});

describe('what is out of date', () => {
  it('is asked again once after a change and the event that follows it', async () => {
    answer = () => null;
    const end = await events.connect();
    const reviews = vi.fn();
    const connections = vi.fn();
    const stop = [events.onStale(['reviewPage', 'reviewCounts'], reviews), events.onStale(['connections'], connections)];
    await mutate.decide('party', { listing: 'L1', action: 'accept', variant: 1 });
    await emit('heard', { event: 'stale', value: ['review', 'orders'] });
    await vi.advanceTimersByTimeAsync(100);
    expect(reviews).toHaveBeenCalledTimes(1);
    expect(connections).not.toHaveBeenCalled();
    stop.forEach((unsubscribe) => unsubscribe());
    await emit('heard', { event: 'stale', value: ['review'] });
    await vi.advanceTimersByTimeAsync(100);
    expect(reviews, 'nobody listens any more').toHaveBeenCalledTimes(1);
    end();
  });

  it('is not told for a change that failed', async () => {
    answer = () => {
      // The backend rejects with data, not with an Error.
      throw { code: 'cache.failed', params: {}, details: '', retryable: false };
    };
    const orders = vi.fn();
    const stop = events.onStale(['ordersPage'], orders);
    await mutate.undo('party').catch(() => undefined);
    await vi.advanceTimersByTimeAsync(100);
    expect(orders).not.toHaveBeenCalled();
    stop();
  });
});
