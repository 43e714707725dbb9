// What must hold of `histogram.ts`.
import { describe, expect, it } from 'vitest';
import { edgeAfterKey, withEdge } from './histogram';

describe('the handles of a histogram', () => {
  it('move to whole bars and never cross', () => {
    expect(withEdge({ from: 0, to: 20 }, 'from', 12.4, 20)).toEqual({ from: 12, to: 20 });
    expect(withEdge({ from: 12, to: 19 }, 'from', 25, 20)).toEqual({ from: 18, to: 19 });
    expect(withEdge({ from: 12, to: 19 }, 'to', 3, 20)).toEqual({ from: 12, to: 13 });
    expect(withEdge({ from: 0, to: 20 }, 'to', 99, 20)).toEqual({ from: 0, to: 20 });
  });

  it('follow the keys, mirrored in Arabic', () => {
    expect(edgeAfterKey('ArrowRight', 5, 20, false)).toBe(6);
    expect(edgeAfterKey('ArrowRight', 5, 20, true)).toBe(4);
    expect(edgeAfterKey('PageDown', 5, 20, false)).toBe(0);
    expect(edgeAfterKey('End', 5, 20, false)).toBe(20);
    expect(edgeAfterKey('x', 5, 20, false)).toBeNull();
  });
});
