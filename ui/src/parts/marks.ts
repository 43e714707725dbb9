// Cutting a text into what differs and what does not, and shortening it without hiding a difference.

/** A stretch in UTF-16 units, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A stretch of the text, marked or not. */
export interface Piece {
  text: string;
  marked: boolean;
}

/** The text as alternating pieces. Spans that overlap, run backwards or leave the text are tamed, not trusted. */
export function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = Math.max(at, Math.min(span.start, text.length));
    const end = Math.min(span.end, text.length);
    if (end <= start) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

const ELLIPSIS = '…';

/** Units kept where an unmarked stretch touches a mark, so that the mark can be read in its place. */
const BESIDE_A_MARK = 5;

/** The shortest that a piece may become: the letters beside its marks, and the dots. */
function leastOf(pieces: readonly Piece[], index: number): number {
  const sides = (index > 0 ? 1 : 0) + (index < pieces.length - 1 ? 1 : 0);
  return sides * BESIDE_A_MARK + ELLIPSIS.length;
}

/** A cut never falls between the two halves of one character. */
function whole(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

function cut(pieces: readonly Piece[], index: number, length: number): string {
  const text = pieces[index]?.text ?? '';
  const room = Math.max(0, length - ELLIPSIS.length);
  if (index === 0) return ELLIPSIS + text.slice(whole(text, text.length - room));
  if (index === pieces.length - 1) return text.slice(0, whole(text, room)) + ELLIPSIS;
  const head = Math.ceil(room / 2);
  return text.slice(0, whole(text, head)) + ELLIPSIS + text.slice(whole(text, text.length - (room - head)));
}

/**
 * The pieces, shortened to about `room` units where both sides agree. Marks stay whole, even when that
 * needs more room. A text without marks is left to the ellipsis of its cell.
 */
export function shortened(pieces: readonly Piece[], room: number): Piece[] {
  const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  if (length <= room || !pieces.some((piece) => piece.marked)) return [...pieces];
  let excess = length - room;
  const lengths = pieces.map((piece) => piece.text.length);
  const longestFirst = pieces
    .map((_, index) => index)
    .filter((index) => !pieces[index]?.marked)
    .sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  for (const index of longestFirst) {
    const spare = Math.max(0, (lengths[index] ?? 0) - leastOf(pieces, index));
    const taken = Math.min(spare, excess);
    lengths[index] = (lengths[index] ?? 0) - taken;
    excess -= taken;
  }
  return pieces.map((piece, index) =>
    lengths[index] === piece.text.length ? piece : { text: cut(pieces, index, lengths[index] ?? 0), marked: false },
  );
}
