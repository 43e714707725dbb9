// What must hold of the maps page.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MapsSettled, MapsView, MapState, MapTrial, MapView } from '../../api/types';
import { isHead, MapsState, type MapsPort, type MapsTeller } from './maps.svelte';

const row = (key: string, state: MapState, kind: MapView['kind'] = 'tax'): MapView => ({
  kind, key, name: key, detail: '', state, choice: state === 'choose' ? null : { value: `v${key}`, label: '', detail: '' }, why: [], tracking: null, orders: 1, blocks: 0,
});

const sums = { goods: '5.00', charges: '0.00', tax: '0.00', total: '5.00' };
const trial = (...values: string[]): MapTrial => ({
  order: {
    key: '7', number: '1007', currency: 'EUR', goods: 1, store: sums, waits: true, others: 0, orders: 2,
    tried: values.map((value) => ({ choice: { value, label: '', detail: '' }, sums, difference: '0.00', goes: 'draft', held: null })),
  },
});

let rows: MapView[];
let port: { [K in keyof MapsPort]: ReturnType<typeof vi.fn<MapsPort[K]>> };
let tell: { [K in keyof MapsTeller]: ReturnType<typeof vi.fn<MapsTeller[K]>> };
let maps: MapsState;

const view = (): MapsView => ({ rows, choices: [], read: true });
const settled = (): Promise<MapsSettled> => Promise.resolve({ settled: 1, ordersCleared: 2, unused: [], maps: view() });

beforeEach(async () => {
  rows = [row('1', 'mapped'), row('2', 'proposed'), row('3', 'choose'), row('4', 'proposed', 'carrier')];
  port = {
    read: vi.fn(() => Promise.resolve(view())),
    readTerms: vi.fn(() => Promise.resolve(view())),
    settle: vi.fn(settled),
    accept: vi.fn(settled),
    clear: vi.fn(settled),
    tryOn: vi.fn(() => Promise.resolve(trial('v2', 'v9'))),
  };
  tell = { settled: vi.fn(), undone: vi.fn(), failed: vi.fn() };
  maps = new MapsState(port, tell);
  await maps.read();
});

describe('the maps', () => {
  it('show what is to be settled first, and how much of each kind', () => {
    expect(maps.rows.map(({ key }) => key)).toEqual(['2', '3', '1']);
    expect([maps.open('tax'), maps.open('carrier'), maps.open('status')]).toEqual([2, 1, 0]);
    maps.show('carrier', '4');
    expect(maps.selected?.key).toBe('4');
  });

  it('stand under heads, which are passed over', () => {
    const lines = maps.lines.map((line) => (isHead(line) ? line.count : line.key));
    expect(lines).toEqual([2, '2', '3', 1, '1']);
    const selected = (at: number) => (maps.selectLine(at), maps.selected?.key);
    expect([maps.line, selected(2), selected(3)], 'down over the second head').toEqual([1, '3', '1']);
    expect([selected(3), selected(0)], 'up over it, and to the top').toEqual(['3', '2']);
  });

  it('accept a proposal, and never what nobody proposed', async () => {
    await maps.accept();
    expect(port.settle).toHaveBeenCalledExactlyOnceWith([{ kind: 'tax', key: '2', value: 'v2', tracking: null }]);
    expect(tell.settled).toHaveBeenCalledWith(1, 2);
    maps.select(1);
    await maps.accept();
    maps.select(2);
    await maps.accept();
    expect(port.settle).toHaveBeenCalledOnce();
  });

  it('show what a row makes of a real order, and accept the choice that is meant', async () => {
    await maps.tryOn();
    expect([maps.picked, maps.candidate], 'what is proposed').toEqual([0, 'v2']);
    maps.pick(1);
    maps.pick(2);
    await maps.tryOn(true);
    expect(port.tryOn.mock.calls.map(([, key, turn]) => [key, turn])).toEqual([['2', 0], ['2', 1]]);
    expect(maps.candidate, 'kept on the next order').toBe('v9');
    await maps.accept();
    expect(port.settle).toHaveBeenCalledExactlyOnceWith([{ kind: 'tax', key: '2', value: 'v9', tracking: null }]);
  });

  it('guess nothing where a person has to choose, and show no answer of another row', async () => {
    maps.select(1);
    await maps.tryOn();
    expect([maps.picked, maps.candidate]).toEqual([null, null]);
    const late = maps.tryOn();
    maps.forgetTrial();
    await late;
    expect([maps.tried, maps.trying]).toEqual([null, false]);
    port.tryOn.mockRejectedValueOnce(new Error('not asked yet'));
    await maps.tryOn();
    expect([maps.tried, maps.trying]).toEqual([null, false]);
  });

  it('take back what was settled: to what it was, or to nothing', async () => {
    await maps.choose('other');
    maps.select(2);
    await maps.choose('other');
    await maps.undo();
    expect(port.settle).toHaveBeenLastCalledWith([{ kind: 'tax', key: '1', value: 'v1', tracking: null }]);
    await maps.undo();
    expect(port.clear).toHaveBeenCalledExactlyOnceWith('tax', '2');
    await maps.undo();
    expect(port.clear).toHaveBeenCalledOnce();
  });

  it('take all proposals back together', async () => {
    await maps.acceptAll();
    expect(port.accept).toHaveBeenCalledExactlyOnceWith(null);
    await maps.undo();
    expect(port.clear.mock.calls).toEqual([['tax', '2'], ['carrier', '4']]);
    expect(tell.undone).toHaveBeenCalledWith(2);
  });

  it('say what did not work, and keep what they show', async () => {
    port.settle.mockRejectedValueOnce(new Error('locked'));
    await maps.accept();
    expect(tell.failed).toHaveBeenCalledOnce();
    expect([maps.saving, maps.rows.length]).toEqual([false, 3]);
  });
});
