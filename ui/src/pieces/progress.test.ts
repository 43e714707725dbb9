// What must hold of `progress.ts`.
import { describe, expect, it } from 'vitest';
import type { RunStep } from '../api/types';
import { runOf, stepOf } from './fixtures';
import { isMatching, isPaused, reachOf } from './progress';

const step = (name: RunStep['name'], state: RunStep['state'], done: number, total: number | null): RunStep => stepOf(name, state, { done, total });
const run = (...steps: RunStep[]) => runOf({ steps });

describe('how far a run is', () => {
  it('adds up what both sides read, without the matching', () => {
    const reach = reachOf(run(step('store_listings', 'done', 100, 100), step('odoo_variants', 'running', 50, 300), step('match', 'waiting', 0, null)));
    expect(reach).toEqual({ done: 150, total: 400, share: 0.375 });
  });

  it('gives no share while a step does not know how much there is', () => {
    expect(reachOf(run(step('store_listings', 'done', 100, 100), step('store_orders', 'waiting', 0, null)))).toEqual({ done: 100, total: null, share: null });
  });

  it('is done when there was nothing to read, and never more than done', () => {
    expect(reachOf(run(step('store_listings', 'done', 0, 0))).share).toBe(1);
    expect(reachOf(run(step('store_listings', 'running', 12, 10))).share).toBe(1);
  });

  it('knows when only the matching is left', () => {
    expect(isMatching(run(step('match', 'running', 0, null)))).toBe(true);
    expect(isMatching(run(step('match', 'waiting', 0, null)))).toBe(false);
  });
});

describe('a run without a network', () => {
  it('is paused as long as a step waits for it', () => {
    const waiting = stepOf('store_listings', 'running', { paused: true });
    expect(isPaused(runOf({ steps: [waiting] }))).toBe(true);
    expect(isPaused(runOf({ steps: [{ ...waiting, paused: false }] }))).toBe(false);
    expect(isPaused(runOf({ state: 'cancelled', steps: [waiting] })), 'one that ended waits for nothing').toBe(false);
  });
});
