// What must hold of `selection.svelte.ts`, `history.svelte.ts` and `files.svelte.ts`, within the review.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PairsInMemory } from './fixtures';
import { ReviewState } from './review.svelte';
import { atOnce, silent } from './silent';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function review(port: PairsInMemory) {
  const tell = silent();
  const state = new ReviewState(port, tell, atOnce);
  await state.ask();
  return { state, tell };
}

const keys = (state: ReviewState) => Array.from({ length: state.list.total }, (_, at) => state.list.row(at)?.listing.key);

it('decides about exactly the pairs that were chosen, as one step that is taken back as one', async () => {
  const { state, tell } = await review(new PairsInMemory(5));
  state.selection.toggle('L1');
  state.selection.toggle('L3');
  state.selection.toggle('L4');
  state.selection.toggle('L4');
  await state.askAll('reject');
  expect(state.selection.asked?.preview?.decided).toBe(2);
  expect(keys(state), 'nothing is done before the yes').toHaveLength(5);
  await state.decideAll();
  expect(tell.decidedAll).toHaveBeenCalledWith('reject', { decided: 2, undoable: 1 });
  expect(keys(state)).toEqual(['L0', 'L2', 'L4']);
  expect(state.selection.count(state.list.total)).toBe(0);
  await state.undo();
  await vi.advanceTimersByTimeAsync(100);
  expect(keys(state)).toEqual(['L0', 'L1', 'L2', 'L3', 'L4']);
});

it('chooses all that the filters leave, on all pages, and forgets it when the question changes', async () => {
  const port = new PairsInMemory(300);
  const { state } = await review(port);
  state.selection.chooseAll(true);
  expect(state.selection.count(state.list.total)).toBe(300);
  await state.askAll('accept');
  expect(state.selection.asked?.preview?.decided, 'also those that were never on the screen').toBe(300);
  await state.narrow({ storeText: 'Cup 2' });
  expect(state.selection.asked).toBeNull();
  expect(state.selection.count(state.list.total)).toBe(0);
});

it('does nothing when the pairs are other ones by the time of the yes', async () => {
  const port = new PairsInMemory(4);
  const { state, tell } = await review(port);
  state.selection.chooseAll(true);
  await state.askAll('ignore');
  port.rows.pop();
  await state.decideAll();
  expect(tell.notDecidedAll).toHaveBeenCalledOnce();
  expect(port.rows).toHaveLength(3);
});

it('counts behind the decisions that are still being saved', async () => {
  const { state } = await review(new PairsInMemory(3));
  await state.look();
  state.selection.chooseAll(true);
  const deciding = state.decide('accept');
  await state.askAll('ignore');
  await deciding;
  expect(state.selection.asked?.preview?.decided, 'the accepted one is no longer among them').toBe(2);
});

it('takes any step of the history back, and reads it and the list again', async () => {
  const { state, tell } = await review(new PairsInMemory(3));
  await state.look();
  await state.decide('accept');
  await state.look();
  await state.decide('reject');
  await state.history.show(null);
  expect(state.history.list.row(0)).toMatchObject({ action: 'reject', listing: 'L1' });
  const first = state.history.list.row(1);
  if (first) await state.history.undo(first);
  state.settle();
  await vi.advanceTimersByTimeAsync(500);
  expect(tell.stepUndone).toHaveBeenCalledOnce();
  expect(state.history.list.total).toBe(1);
  expect(keys(state).toSorted(), 'it is back beside the pair in focus').toEqual(['L0', 'L2']);
});

it('takes nothing from a file with a line that cannot be used', async () => {
  const port = new PairsInMemory(2);
  const { state } = await review(port);
  const taken = vi.spyOn(port, 'importLinks');
  await state.files.look({ name: 'a.csv', bytes: () => Promise.resolve(new Uint8Array([108, 105]).buffer) });
  expect(state.files.preview?.badTotal).toBe(1);
  await state.files.take();
  expect(state.files.ready || taken.mock.calls.length > 0).toBe(false);
});
