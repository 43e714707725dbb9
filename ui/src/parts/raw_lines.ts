// Cuts a JSON text into lines and pieces, so that values that were used can be tinted.

/** A piece of a line; `used` ones became something. */
export interface RawPiece {
  text: string;
  used: boolean;
}

/** A value: a string that names no field, or a number. */
const VALUE = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?/g;

/** The lines of an indented JSON text, up to `most`. */
export function rawLines(text: string, used: ReadonlySet<string>, most: number): RawPiece[][] {
  return text.split('\n', most).map((line) => piecesOf(line, used));
}

function piecesOf(line: string, used: ReadonlySet<string>): RawPiece[] {
  const pieces: RawPiece[] = [];
  let end = 0;
  for (const match of line.matchAll(VALUE)) {
    const value = match[0].replace(/^"|"$/g, '');
    if (value === '' || !used.has(value)) continue;
    const start = match.index + (match[0].startsWith('"') ? 1 : 0);
    if (start > end) pieces.push({ text: line.slice(end, start), used: false });
    pieces.push({ text: value, used: true });
    end = start + value.length;
  }
  if (end < line.length || pieces.length === 0) pieces.push({ text: line.slice(end), used: false });
  return pieces;
}
