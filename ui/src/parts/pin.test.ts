// What must hold of `pin.ts`: the list is the order, with one row lifted to its place.
import { expect, it } from 'vitest';
import { opening, origin, withOneMore, without, type Pin } from './pin';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const PINS: Pin[] = ORDER.flatMap((_, at) => ORDER.map((_, from) => ({ at, from })));

const shown = (order: readonly string[], pin: Pin | null) => order.map((_, index) => order[origin(pin, index)]);

it('lifts one row to its place and keeps the order of the rest', () => {
  for (const pin of PINS) {
    const rest = ORDER.filter((_, index) => index !== pin.from);
    expect(shown(ORDER, pin), JSON.stringify(pin)).toEqual(rest.toSpliced(pin.at, 0, ORDER[pin.from] ?? ''));
  }
});

it('stays right when any row goes', () => {
  for (const pin of PINS) {
    for (const index of ORDER.keys()) {
      const from = origin(pin, index);
      const expected = shown(ORDER, pin).toSpliced(index, 1);
      expect(shown(ORDER.toSpliced(from, 1), without(pin, index, from)), JSON.stringify([pin, index])).toEqual(expected);
    }
  }
});

it('stays right when a row comes anywhere', () => {
  for (const pin of PINS) {
    for (let index = 0; index <= ORDER.length; index += 1) {
      const before = opening(pin, index);
      const expected = shown(ORDER, pin).toSpliced(index, 0, 'new');
      expect(shown(ORDER.toSpliced(before, 0, 'new'), withOneMore(pin, index, before)), JSON.stringify([pin, index])).toEqual(expected);
    }
  }
});
