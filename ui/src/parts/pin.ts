// One row that stands at another place of a list than the order says, so that it does not move under the cursor.

/** The row that is `from`th in the order stands `at` another place; all others keep their order around it. */
export interface Pin {
  readonly at: number;
  readonly from: number;
}

/** Where the row at a place of the list is in the order. */
export function origin(pin: Pin | null, index: number): number {
  if (!pin) return index;
  if (index === pin.at) return pin.from;
  if (index > pin.at && index <= pin.from) return index - 1;
  if (index < pin.at && index >= pin.from) return index + 1;
  return index;
}

/** Where in the order a new row goes, so that it stands at a place of the list. */
export function opening(pin: Pin | null, index: number): number {
  if (!pin) return index;
  const others = index > pin.at ? index - 1 : index;
  return others <= pin.from ? others : others + 1;
}

/** The pin once the row at a place of the list, which is `from`th in the order, is gone. */
export function without(pin: Pin | null, index: number, from: number): Pin | null {
  if (!pin || index === pin.at) return null;
  return { at: pin.at - (index < pin.at ? 1 : 0), from: pin.from - (from < pin.from ? 1 : 0) };
}

/** The pin once a new row stands at a place of the list, `before` whichever was there in the order. */
export function withOneMore(pin: Pin | null, index: number, before: number): Pin | null {
  if (!pin) return null;
  return { at: pin.at + (index <= pin.at ? 1 : 0), from: pin.from + (before <= pin.from ? 1 : 0) };
}
