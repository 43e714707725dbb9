// What must hold of `marks.ts`.
import { describe, expect, it } from 'vitest';
import { piecesOf, shortened } from './marks';

const text = (pieces: { text: string }[]) => pieces.map((piece) => piece.text).join('');
const marked = (pieces: { text: string; marked: boolean }[]) => pieces.filter((piece) => piece.marked).map((piece) => piece.text);

describe('marks', () => {
  it('cut a text into what differs and what does not', () => {
    expect(piecesOf('HF-ULTRA-710', [{ start: 2, end: 3 }, { start: 8, end: 9 }])).toEqual([
      { text: 'HF', marked: false },
      { text: '-', marked: true },
      { text: 'ULTRA', marked: false },
      { text: '-', marked: true },
      { text: '710', marked: false },
    ]);
  });

  it('survive spans that overlap, run backwards or leave the text', () => {
    const pieces = piecesOf('abcdef', [{ start: 4, end: 99 }, { start: 1, end: 3 }, { start: 2, end: 5 }, { start: 3, end: 1 }]);
    expect(text(pieces)).toBe('abcdef');
    expect(marked(pieces)).toEqual(['bc', 'de', 'f']);
  });

  it('are never hidden by a cut: the text is shortened where both sides agree', () => {
    const long = 'Ultra Hi Float treatment for latex balloons with a very long description (473ml)';
    const pieces = piecesOf(long, [{ start: long.indexOf('473'), end: long.indexOf('ml)') }]);
    const short = shortened(pieces, 24);
    expect(marked(short)).toEqual(['473']);
    expect(text(short).length).toBeLessThanOrEqual(24);
    expect(text(short)).toMatch(/^….*\(473ml\)$/);
  });

  it('stay whole even when they alone need more room', () => {
    const pieces = piecesOf('everything differs here', [{ start: 0, end: 23 }]);
    expect(shortened(pieces, 5)).toEqual(pieces);
  });

  it('leave a text that fits, and one without marks, as it is', () => {
    expect(text(shortened(piecesOf('short', [{ start: 0, end: 1 }]), 40))).toBe('short');
    expect(text(shortened(piecesOf('a long text without any mark', []), 5))).toBe('a long text without any mark');
  });

  it('never split a character in two', () => {
    const pieces = piecesOf('🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈x', [{ start: 24, end: 25 }]);
    const short = text(shortened(pieces, 9));
    expect([...short].every((letter) => letter === '…' || letter === '🎈' || letter === 'x')).toBe(true);
  });
});
