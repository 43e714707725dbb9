// What must hold of `paged_rows.svelte.ts`.
import { describe, expect, it, vi } from 'vitest';
import { PagedRows, type RowPage } from './paged_rows.svelte';

const numbers = (total: number) => (offset: number, limit: number) =>
  Promise.resolve({ total, rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => offset + index) });

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('paged rows', () => {
  it('fetch the first page, then only the pages in view', async () => {
    const load = vi.fn(numbers(1000));
    const list = new PagedRows(load, 100);
    expect(list.answered).toBe(false);
    await list.reload();
    expect([list.total, list.row(99), list.row(100), list.answered]).toEqual([1000, 99, undefined, true]);
    list.want(590, 610);
    list.want(590, 610);
    await settled();
    expect(list.row(605)).toBe(605);
    expect(list.row(300)).toBeUndefined();
    expect(load.mock.calls.map(([offset]) => offset), 'each page once').toEqual([0, 500, 600]);
  });

  it('ask for what is in view once there is time, not for all that was scrolled past', async () => {
    const answers: (() => void)[] = [];
    const load = vi.fn((offset: number, limit: number) => new Promise<void>((resolve) => answers.push(resolve)).then(() => numbers(100_000)(offset, limit)));
    const list = new PagedRows(load, 100);
    const first = list.reload();
    answers[0]?.();
    await first;
    for (let top = 1_000; top <= 50_000; top += 1_000) list.want(top, top + 20);
    expect(load.mock.calls.map(([offset]) => offset)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    answers[1]?.();
    await settled();
    expect(load.mock.calls.at(-1)).toEqual([50_000, 100]);
    for (const answer of answers) answer();
    await settled();
    expect([list.row(50_010), load.mock.calls.length], 'nothing else').toEqual([50_010, 6]);
  });

  it('ask for what is in view when a page that left it fails, and once for what fails in view', async () => {
    const load = vi.fn((offset: number, limit: number) => (offset < 50_000 && offset > 0 ? Promise.reject(new Error('gone')) : numbers(100_000)(offset, limit)));
    const list = new PagedRows(load, 100);
    await list.reload();
    for (const top of [1_000, 2_000, 3_000, 4_000, 50_000]) list.want(top, top + 20);
    await settled();
    expect(list.row(50_010)).toBe(50_010);
    list.want(5_000, 5_020);
    await settled();
    expect([load.mock.calls.filter(([offset]) => offset === 5_000).length, (list.failure as Error).message]).toEqual([1, 'gone']);
  });

  it('ask once for a page in view that comes with fewer rows than it should have', async () => {
    const load = vi.fn((offset: number, limit: number) => numbers(1000)(offset, limit).then(({ total, rows }) => ({ total, rows: offset > 0 && load.mock.calls.length < 50 ? rows.slice(0, -1) : rows })));
    const list = new PagedRows(load, 100);
    await list.reload();
    list.want(500, 600);
    await settled();
    expect(load.mock.calls).toEqual([[0, 100], [500, 100]]);
  });

  it('hold what is in view and around the row in focus, and nothing far from both', async () => {
    const list = new PagedRows(numbers(100_000), 100);
    await list.reload();
    list.focus = () => 40_000;
    for (const first of [20_000, 40_000, 41_000, 60_000]) {
      list.want(first, first + 20);
      await settled();
    }
    const held = [0, 20_000, 40_000, 41_000, 60_000, 60_099].map((index) => list.row(index));
    expect(held).toEqual([undefined, undefined, 40_000, 41_000, 60_000, 60_099]);
    list.want(20_000, 20_020);
    await settled();
    expect(list.row(20_010), 'it is fetched again').toBe(20_010);
  });

  it('read what the view holds first, and the rest of the page when they are told to', async () => {
    const load = vi.fn(numbers(1000));
    const list = new PagedRows(load, 100);
    await list.reload();
    list.want(0, 18);
    await list.reload();
    expect([list.total, list.row(17), list.row(18)]).toEqual([1000, 17, undefined]);
    await list.ahead();
    await list.ahead();
    expect(list.row(99)).toBe(99);
    expect(load.mock.calls, 'the rest is read once').toEqual([[0, 100], [0, 18], [0, 100]]);
  });

  it('read a whole page where a list was never longer than the view', async () => {
    const load = vi.fn(numbers(3));
    const list = new PagedRows(load, 100);
    await list.reload();
    list.want(0, 3);
    await list.reload();
    expect(load.mock.calls).toEqual([[0, 100], [0, 100]]);
  });

  it('drop the answer to a question that is no longer asked', async () => {
    const answers: ((page: RowPage<string>) => void)[] = [];
    const list = new PagedRows<string>(() => new Promise((resolve) => answers.push(resolve)), 10);
    const first = list.reload();
    const second = list.reload();
    answers[1]?.({ total: 1, rows: ['new'] });
    answers[0]?.({ total: 1, rows: ['old'] });
    expect([await first, await second, list.row(0)]).toEqual([false, true, 'new']);
  });

  it('close the gap when a row is taken out, and ask again for what moved in', async () => {
    const load = vi.fn(numbers(300));
    const list = new PagedRows(load, 100);
    await list.reload();
    list.want(90, 100);
    list.remove(0);
    expect([list.total, list.row(0), list.row(98), list.row(99)]).toEqual([299, 1, 99, undefined]);
    await settled();
    expect(list.row(99)).toBe(99);
  });

  it('put a row back where it was', async () => {
    const list = new PagedRows(numbers(3), 100);
    await list.reload();
    list.remove(1);
    list.insert(1, 42);
    expect([list.row(0), list.row(1), list.row(2)]).toEqual([0, 42, 2]);
  });

  it('keep what they have when a page fails, and say so', async () => {
    let broken = false;
    const list = new PagedRows((offset, limit) => (broken ? Promise.reject(new Error('gone')) : numbers(300)(offset, limit)), 100);
    await list.reload();
    broken = true;
    list.want(100, 120);
    await settled();
    expect([list.row(5), list.row(105), (list.failure as Error).message]).toEqual([5, undefined, 'gone']);
    broken = false;
    await list.refresh();
    expect([list.row(105), list.failure]).toEqual([105, null]);
  });

  it('forget old rows when a new question fails', async () => {
    let broken = false;
    const list = new PagedRows((offset, limit) => (broken ? Promise.reject(new Error('gone')) : numbers(3)(offset, limit)), 100);
    await list.reload();
    broken = true;
    await list.reload();
    expect([list.total, list.answered]).toEqual([0, true]);
  });
});
