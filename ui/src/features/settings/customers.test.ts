// What must hold of telling a store about its customers.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CustomerItemView, CustomerPlan, CustomersTold, RunView } from '../../api/types';
import { CustomersState, type CustomersPort } from './customers.svelte';

const item = (id: string, stands: CustomerItemView['stands']) => ({ id, stands, fields: [] }) as unknown as CustomerItemView;
const plan = { ways: { address: true, mark: false }, customers: 3, items: [item('a', 'planned'), item('b', 'decide'), item('c', 'gone_from_store')] } as CustomerPlan;
const told = { run: { id: 4, state: 'done' }, items: [], moved: 0 } as unknown as CustomersTold;

let port: { [K in keyof CustomersPort]: ReturnType<typeof vi.fn<CustomersPort[K]>> };
let state: CustomersState;

beforeEach(() => {
  port = {
    ways: vi.fn(() => Promise.resolve({ address: false, mark: false })),
    save: vi.fn(() => Promise.resolve(null)),
    plan: vi.fn(() => Promise.resolve(plan)),
    tell: vi.fn(() => Promise.resolve(told)),
    cancel: vi.fn(() => Promise.resolve(null)),
  };
  state = new CustomersState(port);
});

describe('the switches', () => {
  it('are off, and one that was not saved goes back', async () => {
    await state.read();
    expect(state.isOn).toBe(false);
    await state.set({ mark: true });
    expect(port.save).toHaveBeenLastCalledWith({ address: false, mark: true });
    expect(state.isOn).toBe(true);
    port.save.mockRejectedValueOnce(new Error('no'));
    await state.set({ address: true });
    expect(state.ways).toEqual({ address: false, mark: true });
    expect(state.problem).not.toBeNull();
  });
});

describe('telling', () => {
  it('writes what was chosen: the planned by themselves, a decision only when taken', async () => {
    await state.propose();
    expect([...state.chosen]).toEqual(['a']);
    const [planned, decide, gone] = plan.items as [CustomerItemView, CustomerItemView, CustomerItemView];
    state.choose(gone, true);
    state.choose(decide, true);
    state.choose(planned, false);
    await state.tell();
    expect(port.tell).toHaveBeenCalledExactlyOnceWith(['b']);
    expect([state.step, state.told]).toEqual(['done', told]);
  });

  it('does nothing where nothing is chosen, and can be stopped while it runs', async () => {
    await state.propose();
    state.choose(plan.items[0] as CustomerItemView, false);
    await state.tell();
    expect(port.tell).not.toHaveBeenCalled();
    state.choose(plan.items[0] as CustomerItemView, true);
    port.tell.mockImplementationOnce(async () => {
      state.hear({ id: 3, kind: 'import' } as RunView);
      await state.cancel();
      expect(port.cancel).not.toHaveBeenCalled();
      state.hear({ id: 4, kind: 'customers' } as RunView);
      await state.cancel();
      return told;
    });
    await state.tell();
    expect(port.cancel).toHaveBeenCalledExactlyOnceWith(4);
    expect(state.cancelling).toBe(false);
  });

  it('shows why it failed, beside the plan', async () => {
    await state.propose();
    port.tell.mockRejectedValueOnce(new Error('no'));
    await state.tell();
    expect([state.step, state.failure === null]).toEqual(['plan', false]);
  });

  it('of a dialog that was closed is not shown later', async () => {
    const asked = state.propose();
    state.close();
    await asked;
    expect([state.step, state.plan]).toEqual(['closed', null]);
  });
});
