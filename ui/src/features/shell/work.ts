// What is at work, in words: runs, and what follows a step over many pairs.
import type { FollowUp, RunView } from '../../api/types';
import { number, percent, t } from '../../i18n';
import { isMatching, isPaused, reachOf } from '../../pieces/progress';

/** As the rail shows it. */
export interface Work {
  told: string;
  done: number;
  total: number | null;
}

/** A run. */
export function runAtWork(run: RunView): Work {
  const { done, total, share } = reachOf(run);
  const so = share === null ? t('shell.fetch_so_far', { done: number(done) }) : percent(share);
  return { told: isPaused(run) ? t('runs.paused_title') : isMatching(run) ? t('runs.matching') : so, done, total };
}

/** How far the judging is; nothing while the orders are counted, and once only the queue is put in order. */
export function judgedSoFar({ judged, orders }: FollowUp): string {
  return orders === null || orders === 0 ? '' : t('shell.progress_of', { done: number(judged), total: number(orders) });
}

/** What follows a step. */
export function followUpAtWork(follows: FollowUp): Work {
  return { told: t('shell.judging'), done: follows.judged, total: follows.orders };
}
