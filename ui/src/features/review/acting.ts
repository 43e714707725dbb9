// What the keys and buttons of the review do.
import { t } from '../../i18n';
import type { ReviewActions } from './keys';
import type { ReviewState } from './review.svelte';
import type { Telling } from './telling.svelte';

/** What the actions reach: the state, the words, and the parts of the screen. */
export interface Acting {
  review: ReviewState;
  telling: Telling;
  list: () => { move(step: number): void; focus(): void } | undefined;
  searchStore: () => void;
  choose: (variant: number) => void;
  reveal: () => Promise<void>;
  open: (url: string) => void;
}

/** The actions of one review. */
export function acting({ review, telling, list, searchStore, choose, reveal, open }: Acting): ReviewActions {
  const { patterns } = review;
  return {
    move: (step) => list()?.move(step),
    decide: (action) => {
      if (review.pair?.listing.kind === 'parent') telling.refused(t('review.parent'));
      else if (action !== 'ignore' && review.pair && !review.pair.variant) telling.refused(t('review.accept.none'));
      else void review.decide(action).then(reveal);
    },
    candidate: (index) => {
      const candidate = review.detail?.candidates[index];
      if (candidate) choose(candidate.variant.key);
    },
    find: () => {
      if (review.pair) review.find.start();
    },
    stopFinding: () => {
      review.find.stop();
      list()?.focus();
    },
    undo: () => void review.undo().then(reveal),
    select: () => {
      if (review.selected) review.selection.toggle(review.selected.listing.key);
    },
    clearSelection: () => review.selection.clear(),
    history: () => {
      const listing = review.selected?.listing;
      const about = listing && review.history.open && review.history.about === null ? { key: listing.key, name: listing.name } : null;
      void review.history.show(about);
    },
    closeHistory: () => {
      review.history.close();
      list()?.focus();
    },
    pattern: (step) => {
      if (patterns.open) patterns.step(step);
      else if (review.tab === 'to_review' && telling.offers(patterns)) void patterns.show();
    },
    acceptPattern: () => {
      if (review.tab === 'to_review' && telling.offers(patterns)) void review.acceptPattern().then(reveal);
    },
    closePattern: () => {
      patterns.close();
      list()?.focus();
    },
    searchStore,
    openListing: () => {
      if (review.pair?.listing.pageUrl) open(review.pair.listing.pageUrl);
    },
  };
}
