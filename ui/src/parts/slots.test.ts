// What must hold of `slots.ts`.
import { expect, it } from 'vitest';
import { Slots } from './slots';

it('a row keeps its element, and one that came gets that of one that left', () => {
  const slots = new Slots();
  expect(slots.assign(['a', 'b', 'c'])).toEqual([0, 1, 2]);
  expect(slots.assign(['b', 'c', 'd']), 'scrolled by one').toEqual([1, 2, 0]);
  expect(slots.assign(['b', 'd', 'e']), 'one was decided').toEqual([1, 0, 2]);
  expect(slots.assign(['x', 'y', 'z', 'w']), 'another list, and longer').toEqual([0, 1, 2, 3]);
  expect(slots.assign(['x'])).toEqual([0]);
});

it('no element shows two rows', () => {
  expect(new Slots().assign(['a', 'a', 'b'])).toEqual([0, 1, 2]);
});
