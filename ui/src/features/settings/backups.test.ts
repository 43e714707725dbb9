// What must hold of backups.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupView } from '../../api/types';
import { BackupsState, type BackupsPort } from './backups.svelte';

const backup = (path: string, stores = ['Shop']): BackupView => ({ path, kilobytes: 300, stores, leftOut: [], links: 5, decisions: 4, maps: 3 });

let port: { [K in keyof BackupsPort]: ReturnType<typeof vi.fn<BackupsPort[K]>> };
let state: BackupsState;

beforeEach(() => {
  port = {
    write: vi.fn(() => Promise.resolve(backup('new'))),
    list: vi.fn(() => Promise.resolve(['late', 'early'])),
    look: vi.fn((path: string) => Promise.resolve(backup(path))),
    restore: vi.fn((path: string) => Promise.resolve({ taken: backup(path), aside: 'aside' })),
  };
  state = new BackupsState(port);
});

describe('backups', () => {
  it('are taken over only once somebody saw what is in one', async () => {
    await state.restore();
    await state.open();
    expect([state.seen?.path, state.found]).toEqual(['late', ['late', 'early']]);
    await state.look('early');
    await state.restore();
    expect(port.restore).toHaveBeenCalledExactlyOnceWith('early');
    expect(state.restored?.aside).toBe('aside');
  });

  it('that have nothing for here are not taken over', async () => {
    port.look.mockResolvedValueOnce(backup('late', []));
    await state.open();
    await state.restore();
    expect(port.restore).not.toHaveBeenCalled();
  });

  it('show the one that was chosen last, whichever answers last, and what went wrong', async () => {
    await state.open();
    let answer: (seen: BackupView) => void = () => undefined;
    port.look.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const slow = state.look('early');
    await state.look('late');
    answer(backup('early'));
    await slow;
    expect([state.seen?.path, state.busy]).toEqual(['late', false]);
    port.look.mockRejectedValueOnce(new Error('no backup'));
    await state.look('early');
    expect([state.seen, state.failure instanceof Error, state.busy]).toEqual([null, true, false]);
  });
});
