// Which rows of a long list are mounted.

/** What the arithmetic needs: all in pixels, `total` in rows. */
export interface View {
  top: number;
  viewport: number;
  rowHeight: number;
  total: number;
}

/** Rows mounted beyond each edge, so that scrolling does not show gaps. */
const OVERSCAN = 10;

/** Most rows mounted at once: more of them cost frames. */
const MOST = 60;

/** First row mounted, and one past the last. */
export function windowOf(view: View): { first: number; end: number } {
  if (view.total === 0 || view.rowHeight <= 0) return { first: 0, end: 0 };
  const seenFirst = Math.min(view.total - 1, Math.max(0, Math.floor(view.top / view.rowHeight)));
  const seen = Math.max(1, Math.ceil(view.viewport / view.rowHeight) + 1);
  const overscan = Math.max(0, Math.min(OVERSCAN, Math.floor((MOST - seen) / 2)));
  const first = Math.max(0, seenFirst - overscan);
  return { first, end: Math.min(view.total, seenFirst + Math.min(seen, MOST) + overscan) };
}

/** Where to scroll so that a row is in view; unmoved when it is already. */
export function topToShow(index: number, view: View): number {
  const rowTop = index * view.rowHeight;
  if (rowTop < view.top) return rowTop;
  if (rowTop + view.rowHeight > view.top + view.viewport) return rowTop + view.rowHeight - view.viewport;
  return view.top;
}

/** Where a key leads in a list: `null` when it is no key of lists. */
export function rowAfterKey(key: string, active: number, total: number, pageRows: number): number | null {
  const last = total - 1;
  const within = (index: number) => Math.max(0, Math.min(last, index));
  if (total === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return within(active + 1);
    case 'ArrowUp':
      return within(active - 1);
    case 'PageDown':
      return within(Math.max(active, 0) + pageRows);
    case 'PageUp':
      return within(active - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** Pixels of one rem. */
export function rootFontSize(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
