// The two handles of a histogram: edges between bars, from 0 to the number of bars.

/** Chosen part: bars from `from` up to, not including, `to`. */
export interface BarRange {
  from: number;
  to: number;
}

/** The range after one handle moved; the handles never cross, and at least one bar stays chosen. */
export function withEdge(range: BarRange, edge: 'from' | 'to', at: number, bars: number): BarRange {
  const whole = Math.round(at);
  return edge === 'from'
    ? { from: Math.max(0, Math.min(whole, range.to - 1)), to: range.to }
    : { from: range.from, to: Math.min(bars, Math.max(whole, range.from + 1)) };
}

/** Where a key moves an edge: arrows by one bar, Page keys by five, Home and End to the ends; `null` for other keys. */
export function edgeAfterKey(key: string, at: number, bars: number, rightToLeft: boolean): number | null {
  const onward = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const back = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
  if (key === onward || key === 'ArrowUp') return at + 1;
  if (key === back || key === 'ArrowDown') return at - 1;
  if (key === 'PageUp') return at + 5;
  if (key === 'PageDown') return at - 5;
  if (key === 'Home') return 0;
  if (key === 'End') return bars;
  return null;
}
