// What must hold of `rows_window.ts`.
import { describe, expect, it } from 'vitest';
import { rowAfterKey, topToShow, windowOf } from './rows_window';

const view = (change: Partial<Parameters<typeof windowOf>[0]> = {}) => ({ top: 0, viewport: 400, rowHeight: 40, total: 50_000, ...change });

describe('the window of a list', () => {
  it('covers the view and ten rows beyond each edge', () => {
    expect(windowOf(view({ top: 4000 }))).toEqual({ first: 90, end: 121 });
  });

  it('never mounts more than sixty rows, however tall the screen', () => {
    for (const viewport of [100, 900, 2000, 2400, 5000]) {
      const { first, end } = windowOf(view({ top: 200_000, viewport }));
      expect(end - first).toBeLessThanOrEqual(60);
    }
  });

  it('stays inside the list', () => {
    expect(windowOf(view({ total: 3 }))).toEqual({ first: 0, end: 3 });
    expect(windowOf(view({ total: 0 }))).toEqual({ first: 0, end: 0 });
    const last = windowOf(view({ top: 1e9 }));
    expect(last.end).toBe(50_000);
    expect(last.first).toBeLessThan(last.end);
    expect(windowOf(view({ top: -50 })).first, 'an overscrolled list').toBe(0);
  });

  it('mounts nothing before it is laid out', () => {
    expect(windowOf(view({ rowHeight: 0 }))).toEqual({ first: 0, end: 0 });
  });
});

describe('bringing a row into view', () => {
  it('moves as little as needed', () => {
    expect(topToShow(0, view({ top: 400 }))).toBe(0);
    expect(topToShow(12, view({ top: 400 }))).toBe(400);
    expect(topToShow(30, view({ top: 400 }))).toBe(840);
  });
});

describe('keys of a list', () => {
  it('move by row, page, and to the ends, and stop there', () => {
    expect(rowAfterKey('ArrowDown', 3, 10, 5)).toBe(4);
    expect(rowAfterKey('ArrowUp', 0, 10, 5)).toBe(0);
    expect(rowAfterKey('PageDown', 7, 10, 5)).toBe(9);
    expect(rowAfterKey('Home', 7, 10, 5)).toBe(0);
    expect(rowAfterKey('End', 0, 10, 5)).toBe(9);
    expect(rowAfterKey('ArrowDown', -1, 10, 5), 'from no row to the first').toBe(0);
    expect(rowAfterKey('a', 3, 10, 5)).toBeNull();
    expect(rowAfterKey('End', 0, 0, 5)).toBeNull();
  });
});
