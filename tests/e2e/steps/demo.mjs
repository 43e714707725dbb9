// `tandem-desktop demo` on a computer without anything: it opens on the sandbox and fills the mapping by itself.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../checks.mjs';
import { Window } from '../driver.mjs';
import { lookAt } from '../looks.mjs';
import { until } from '../processes.mjs';
import { dayShown, go, mappingFilled, tabCounts } from './pages.mjs';

export async function demo(checks, place) {
  for (const folder of ['share', 'config', 'cache']) mkdirSync(join(place.folder, folder));
  place.env = {
    HOME: place.folder,
    XDG_DATA_HOME: join(place.folder, 'share'),
    XDG_CONFIG_HOME: join(place.folder, 'config'),
    XDG_CACHE_HOME: join(place.folder, 'cache'),
  };
  const window = await checks.step('the window opens', () => Window.open(place, ['demo']));
  try {
    checks.watch(window, place);
    await checks.step('the day fills by itself', () => dayShown(window, 120_000));
    await checks.step('the mapping is filled', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
    });
    await checks.also('every list has something to show', async () => {
      const counts = await tabCounts(window);
      expect(Object.values(counts).every((count) => count > 0), JSON.stringify(counts));
    });
    await checks.also('it says that the shop is made up', () => window.reads(window.t('shell.sandbox')));
    await checks.also('it keeps to its own folder', async () => {
      await go(window, 'settings');
      await window.reads(join(place.folder, 'share', 'tandem', 'demo'));
    });
    await lookAt(checks, window, place, '21-demo-settings');
    await checks.also('orders wait and are held back', async () => {
      await go(window, 'orders');
      await until('orders are listed', async () => (await window.all('option')).length > 3);
    });
    await lookAt(checks, window, place, '22-demo-orders');
  } finally {
    await window.close();
  }
}
