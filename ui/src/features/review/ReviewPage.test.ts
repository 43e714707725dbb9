// What must hold of `ReviewPage.svelte`.
import { clearMocks, mockConvertFileSrc, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DecisionInput, ReviewQuery } from '../../api/types';
import { PairsInMemory } from './fixtures';
import ReviewPage from './ReviewPage.svelte';

let port: PairsInMemory;

beforeEach(() => {
  port = new PairsInMemory(6);
  mockConvertFileSrc('linux');
  mockIPC(
    (command, args) => {
      const sent = args as { query: ReviewQuery; listing: string; variant: number | null; decision: DecisionInput };
      if (command === 'review_page') return port.page(sent.query);
      if (command === 'review_counts') return port.counts();
      if (command === 'pair_detail') return port.detail(sent.listing, sent.variant);
      if (command === 'decide') return port.decide(sent.decision);
      if (command === 'undo') return port.undo();
      if (command === 'patterns') return port.patterns();
      if (command === 'pattern_sample') return port.sample('', (args as { rows: number }).rows);
      if (command === 'accept_all') return port.acceptAll(sent.query);
      return null;
    },
    { shouldMockEvents: true },
  );
});

afterEach(async () => {
  cleanup();
  await new Promise((resolve) => setTimeout(resolve, 0));
  clearMocks();
});

const press = (key: string, code: string) => fireEvent.keyDown(window, { key, code });
const inFocus = () => document.querySelector('[role=row][aria-selected=true]')?.textContent;

it('reviews pairs by keyboard alone: move, accept, reject, take back', async () => {
  render(ReviewPage, { store: 's', onNavigate: vi.fn() });
  await waitFor(() => expect(inFocus()).toContain('Cup 0'));
  await press('j', 'KeyJ');
  expect(inFocus()).toContain('Cup 1');
  await press('a', 'KeyA');
  await waitFor(() => expect(inFocus()).toContain('Cup 2'));
  await press('r', 'KeyR');
  await waitFor(() => expect(port.decisions.map(({ listing, action }) => `${action} ${listing}`)).toEqual(['accept L1', 'reject L2']));
  expect(await screen.findByText('4 left')).toBeTruthy();
  await press('z', 'KeyZ');
  await waitFor(() => expect(inFocus()).toContain('Cup 2'));
  expect(await screen.findByText('5 left')).toBeTruthy();
});

it('goes by the place of the key on a keyboard without Latin letters', async () => {
  render(ReviewPage, { store: 's', onNavigate: vi.fn() });
  await waitFor(() => expect(inFocus()).toContain('Cup 0'));
  await press('ش', 'KeyA');
  await waitFor(() => expect(port.decisions).toHaveLength(1));
});

it('decides once while a key is held down', async () => {
  render(ReviewPage, { store: 's', onNavigate: vi.fn() });
  await waitFor(() => expect(inFocus()).toContain('Cup 0'));
  await press('a', 'KeyA');
  await fireEvent.keyDown(window, { key: 'a', code: 'KeyA', repeat: true });
  await waitFor(() => expect(port.decisions).toHaveLength(1));
  expect(inFocus()).toContain('Cup 1');
});

it('leads to the orders when nothing is left', async () => {
  port.rows = port.rows.slice(0, 1);
  const onNavigate = vi.fn();
  render(ReviewPage, { store: 's', onNavigate });
  await waitFor(() => expect(inFocus()).toContain('Cup 0'));
  await press('a', 'KeyA');
  await waitFor(() => expect(screen.getByText('Nothing left to review')).toBeTruthy());
  await fireEvent.click(screen.getByText('See the orders'));
  expect(onNavigate).toHaveBeenCalledWith({ page: 'orders' });
});
