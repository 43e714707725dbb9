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
    acceptAll: (wanted, seen) => mutate.acceptAll(store(), wanted, seen),
    undo: () => mutate.undo(store()),
    listingPicture: (listing) => listingPicture(store(), listing),
    variantPicture: (variant) => variantPicture(store(), variant),
    prepareSearch: () => query.prepareSearch(store()),
    bulkPreview: (input) => query.bulkPreview(store(), input),
    bulkDecide: (input, set) => mutate.bulkDecide(store(), input, set),
    steps: (listing, offset, limit) => query.decisionHistory(store(), listing, offset, limit),
    undoStep: (step) => mutate.undoStep(store(), step),
    exportLinks: (wanted, format) => mutate.exportLinks(store(), wanted, format),
    showFile: (path) => mutate.showFile(path),
    previewImport: (file) => query.previewImport(store(), file),
    importLinks: (file, set) => mutate.importLinks(store(), file, set),
    search: (text) => query.searchVariants(store(), text),
  };
}
