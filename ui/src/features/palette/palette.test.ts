// What must hold of the palette: what it finds, what it offers, and what choosing does.
import { describe, expect, it, vi } from 'vitest';
import type { Found, OrderRow } from '../../api/types';
import { canRun, runCommand, type CommandHost, type CommandState } from './commands';
import { PaletteState } from './palette.svelte';

const order: OrderRow = {
  key: 'K1', number: '10482', customer: 'Noura', total: '1.000', currency: 'KWD', state: 'blocked', status: 'processing',
  placedAt: '2026-11-20T08:00:00Z', pieces: '1', blockers: [],
};
const found: Found = {
  products: [{ key: 'L 7', name: 'Hi Float', sku: 'HF', tab: 'mapped' }], orders: [order], ordersTotal: 12, commands: ['fetch', 'cancel_fetch', 'open_today'],
};
const now: CommandState = { store: 'shop', fetched: true, running: false, readOnly: false, sandbox: false };
const prepareSearch = vi.fn(() => Promise.resolve(null));
const paletteOf = (find: () => Promise<Found>, state = now) => new PaletteState({ prepareSearch, find: vi.fn(find) }, () => state, () => 'en');
const ids = (palette: PaletteState) => palette.groups.flatMap((group) => group.options.map((option) => option.id));

describe('the palette', () => {
  it('opens with all commands, and gets the search ready where there is something to find', async () => {
    const palette = paletteOf(() => Promise.resolve(found));
    prepareSearch.mockRejectedValueOnce({ code: 'cache.failed' });
    await palette.open();
    expect(prepareSearch).toHaveBeenCalledWith('shop');
    expect([palette.found, palette.failure]).toEqual([found, null]);
    prepareSearch.mockClear();
    await paletteOf(() => Promise.resolve(found), { ...now, fetched: false }).open();
    expect(prepareSearch).not.toHaveBeenCalled();
  });

  it('offers what was found and only commands that do something now', async () => {
    const palette = paletteOf(() => Promise.resolve(found));
    await palette.type('hi');
    expect(ids(palette)).toEqual(['product L 7', 'order K1', 'orders', 'command fetch', 'command open_today']);
    expect(palette.told).toBe('5 results');
  });

  it('says what each of them stands for', async () => {
    const palette = paletteOf(() => Promise.resolve(found));
    await palette.type(' hi ');
    expect(ids(palette).map((id) => palette.choice(id))).toEqual([
      { route: { page: 'mapping', listing: 'L 7' } },
      { route: { page: 'orders', order: 'K1' } },
      { route: { page: 'orders', find: 'hi' } },
      { command: 'fetch' },
      { command: 'open_today' },
    ]);
  });

  it('drops answers to older words', async () => {
    let late: (old: Found) => void = () => undefined;
    const find = vi.fn((): Promise<Found> => Promise.resolve({ ...found, products: [] }));
    find.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const palette = paletteOf(find);
    const first = palette.type('h');
    await palette.type('hi');
    late(found);
    await first;
    expect(ids(palette)).not.toContain('product L 7');
  });

  it('keeps what it has, and says so, when a search fails', async () => {
    const find = vi.fn(() => Promise.resolve(found));
    const palette = paletteOf(find);
    await palette.type('h');
    find.mockRejectedValueOnce(new Error('gone'));
    await palette.type('hi');
    expect(palette.failure).toBeInstanceOf(Error);
    expect(palette.groups).not.toEqual([]);
  });
});

describe('a command', () => {
  it('that would do nothing is not run', () => {
    const host = { fetch: vi.fn(), go: vi.fn() } as unknown as CommandHost;
    const reader = { ...now, readOnly: true };
    expect(canRun('fetch', reader)).toBe(false);
    runCommand('fetch', host, reader);
    expect(host.fetch).not.toHaveBeenCalled();
    runCommand('fetch_full', host, now);
    expect(host.fetch).toHaveBeenCalledWith(true);
    runCommand('open_problems', host, now);
    expect(host.go).toHaveBeenCalledWith({ page: 'connections', slug: 'shop', problems: true });
  });
});
