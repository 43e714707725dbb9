// What must hold of an order's documents.
import { describe, expect, it, vi } from 'vitest';
import type { DocumentWanted, OdooOrder, SavedFile } from '../../api/types';
import { idOf, PapersState, papersOf } from './papers.svelte';

const odoo = {
  sale: 'S00042',
  invoices: [
    { key: 7, name: null, state: 'draft', creditNote: false },
    { key: 8, name: 'INV/2026/00001', state: 'cancel', creditNote: false },
    { key: 9, name: 'RINV/2026/00001', state: 'posted', creditNote: true },
  ],
  shipments: [{ key: 3, name: 'WH/OUT/00001', state: 'done' }],
} as unknown as OdooOrder;
const invoice: DocumentWanted = { kind: 'invoice', id: 7 };

describe('the documents of an order', () => {
  it('are its own paper, and what it led to that is in force', () => {
    expect(papersOf(odoo).map(idOf)).toEqual(['order/null', 'invoice/7', 'credit_note/9', 'delivery/3']);
  });

  it('are printed one at a time, and say where they were saved', async () => {
    let ready: (file: SavedFile) => void = () => undefined;
    const save = vi.fn(() => new Promise<SavedFile>((resolve) => (ready = resolve)));
    const papers = new PapersState({ save, show: vi.fn(() => Promise.reject(new Error('no window'))) });
    const first = papers.save('A', invoice);
    expect(papers.printing).toBe('invoice/7');
    await papers.save('A', { kind: 'order', id: null });
    expect(save).toHaveBeenCalledExactlyOnceWith('A', invoice);
    ready({ path: '/downloads/INV.pdf' });
    await first;
    expect([papers.printing, papers.saved?.file.path, papers.failure]).toEqual([null, '/downloads/INV.pdf', null]);
    await papers.show();
    expect(papers.failure).toBeInstanceOf(Error);
    papers.forget();
    expect([papers.saved, papers.failure]).toEqual([null, null]);
  });

  it('fail for their own order alone', async () => {
    const papers = new PapersState({ save: () => Promise.reject(new Error('no paper')), show: vi.fn() });
    await papers.save('A', invoice);
    expect(papers.failure).toBeInstanceOf(Error);
    papers.forget();
    const late = papers.save('A', invoice);
    papers.forget();
    await late;
    expect(papers.failure).toBe(null);
  });
});
