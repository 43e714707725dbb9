// What the review asks, over the window's port to the backend.
import { mutate, query } from '../../api/client';
import { listingPicture, variantPicture } from '../../api/pictures';
import type { ReviewPort } from './review.svelte';

/** The review of one store. */
export function reviewPort(store: () => string): ReviewPort {
  return {
    page: (wanted) => query.reviewPage(store(), wanted),
    counts: (wanted) => query.reviewCounts(store(), wanted),
    detail: (listing, variant) => query.pairDetail(store(), listing, variant),
    decide: (decision) => mutate.decide(store(), decision),
    patterns: () => query.patterns(store()),
    sample: (pattern, rows) => query.patternSample(store(), pattern, rows),
    acceptAll: (wanted) => mutate.acceptAll(store(), wanted),
    undo: () => mutate.undo(store()),
    listingPicture: (listing) => listingPicture(store(), listing),
    variantPicture: (variant) => variantPicture(store(), variant),
    search: (text) => query.searchVariants(store(), text),
  };
}
