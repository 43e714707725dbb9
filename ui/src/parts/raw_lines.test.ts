// What must hold of `raw_lines.ts`.
import { describe, expect, it } from 'vitest';
import { rawLines } from './raw_lines';

const used = new Set(['84.000', '10478', 'number']);

describe('a raw text', () => {
  it('marks values that were used, never the names of fields', () => {
    const [first, second] = rawLines('"number": "10478",\n"total": 84.000', used, 9);
    expect(first).toEqual([
      { text: '"number": "', used: false },
      { text: '10478', used: true },
      { text: '",', used: false },
    ]);
    expect(second?.filter((piece) => piece.used).map((piece) => piece.text)).toEqual(['84.000']);
  });

  it('loses no letter, and stops where it should', () => {
    const text = '{\n  "a": "x \\"84.000\\" y",\n\n}';
    const lines = rawLines(text, used, 9).map((pieces) => pieces.map((piece) => piece.text).join(''));
    expect(lines.join('\n')).toBe(text);
    expect(rawLines(text, used, 2)).toHaveLength(2);
  });
});
