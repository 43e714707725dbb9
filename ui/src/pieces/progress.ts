// How far a run is, in one share: for the header, the big bar and what is spoken.
import type { RunView } from '../api/types';

/** What a run has read. */
export interface Reach {
  done: number;
  /** Nothing until every step knows how much there is. */
  total: number | null;
  /** Between 0 and 1; nothing while the total is unknown. */
  share: number | null;
}

/** Adds up the steps that read. A share is only given when every step knows its total: one that jumps back says nothing. */
export function reachOf(run: RunView): Reach {
  const reading = run.steps.filter((step) => step.name !== 'match');
  const done = reading.reduce((sum, step) => sum + step.done, 0);
  if (reading.some((step) => step.total === null)) return { done, total: null, share: null };
  const total = reading.reduce((sum, step) => sum + (step.total ?? 0), 0);
  return { done, total, share: total === 0 ? 1 : Math.min(1, done / total) };
}

/** Whether both sides are read and only the matching is under way. */
export function isMatching(run: RunView): boolean {
  return run.steps.some((step) => step.name === 'match' && step.state === 'running');
}

/** Whether nothing can be reached now: the run waits, and goes on by itself. */
export function isPaused(run: RunView): boolean {
  return run.state === 'running' && run.steps.some((step) => step.paused && step.state === 'running');
}
