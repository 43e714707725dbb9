// What must hold of `CustomerSettings.svelte` and the dialog that it opens.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CustomerItemView, CustomersTold, CustomerWays } from '../../api/types';
import CustomerSettings from './CustomerSettings.svelte';

const item = (id: string, change: Partial<CustomerItemView>): CustomerItemView => ({
  id, customer: id, name: `Customer ${id}`, order: id, number: id, part: 'billing', stands: 'planned', fields: [], error: null, ...change,
});
const items = [
  item('1', { fields: [{ field: 'city', before: 'Salmiya', after: 'Jahra' }] }),
  item('2', { stands: 'decide', fields: [{ field: 'postcode', before: null, after: '22001' }] }),
  item('3', { part: 'customer', stands: 'gone_from_store' }),
];
let saved: CustomerWays[];
let chosen: string[] | undefined;

beforeEach(() => {
  [saved, chosen] = [[], undefined];
  // jsdom knows no dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  mockIPC(
    (command, args) => {
      const sent = args as { ways: CustomerWays; chosen: string[] };
      if (command === 'customer_ways') return { address: false, mark: false };
      if (command === 'save_customer_ways') return void saved.push(sent.ways);
      if (command === 'customer_plan') return { ways: saved.at(-1), customers: 3, items };
      if (command === 'tell_customers') {
        chosen = sent.chosen;
        const run = { id: 4, kind: 'customers', store: 's', state: 'done', steps: [], rate: 0, secondsLeft: null, startedAt: '', endedAt: '', error: null, log: [] };
        return { run, items: items.slice(0, 2).map((one) => ({ ...one, stands: 'told' })), moved: 0 } as unknown as CustomersTold;
      }
      return null;
    },
    { shouldMockEvents: true },
  );
});

afterEach(() => {
  cleanup();
  clearMocks();
});

it('is off, shows before and after, and writes what was chosen', async () => {
  render(CustomerSettings, { store: 's' });
  const open = await screen.findByRole('button', { name: /See the changes/ });
  expect(open.getAttribute('aria-disabled')).toBe('true');
  const [on] = screen.getAllByText('On');
  await fireEvent.click(on as HTMLElement);
  await waitFor(() => expect(saved).toEqual([{ address: true, mark: false }]));
  await fireEvent.click(screen.getByRole('button', { name: /See the changes/ }));
  await screen.findByText('Customer 1');
  const shown = document.querySelector('dialog')?.textContent ?? '';
  for (const text of ['Salmiya', 'Jahra', 'nothing', '22001', 'account deleted in the store', '3 customers looked at']) expect(shown).toContain(text);
  const boxes = [...document.querySelectorAll<HTMLInputElement>('dialog input[type=checkbox]')];
  expect(boxes.map(({ checked }) => checked)).toEqual([true, false]);
  await fireEvent.click(boxes[1] as HTMLInputElement);
  await fireEvent.click(await screen.findByText('Write 2 changes'));
  await screen.findByText('2 changes written and read back');
  expect(chosen).toEqual(['1', '2']);
});
