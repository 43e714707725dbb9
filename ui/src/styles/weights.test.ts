// Letters of a weight that has no file are drawn in another weight, and nobody is told.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = readFileSync('src/styles/tokens.css', 'utf8');
const all = (pattern: RegExp) => [...tokens.matchAll(pattern)].map(([, found = '']) => found);

describe('the weights of the letters', () => {
  it('have a file of Inter each', () => {
    const named = new Set(all(/--(?:regular|medium|strong): (\d+)/gu));
    const files = all(/font-family: "Inter".*?font-weight: (\d+)/gu);
    expect(named.size).toBeGreaterThan(3);
    expect(files.toSorted()).toEqual([...named].toSorted());
  });
});
