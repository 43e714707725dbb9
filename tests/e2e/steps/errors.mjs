// What stops is told with its code, a sentence and the next step; and what was read stays.
import { expect } from '../checks.mjs';
import { atDesk } from '../desk.mjs';
import { lookAt } from '../looks.mjs';
import { until } from '../processes.mjs';
import { errorShown, go, mappingFilled, missingOfError, tabCounts } from './pages.mjs';

/** A fetch asks again for about half a minute before it gives up. */
const GIVING_UP_MS_MAX = 90_000;

export function errors(checks, place) {
  return atDesk(checks, place, async (window, sandbox) => {
    await checks.step('what the command line fetched is there', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
    });
    const before = await tabCounts(window);
    await checks.step('store and Odoo stop', () => sandbox.stop());
    await checks.step('a fetch says that it stopped, with code, sentence and next step', async () => {
      await window.click('button', window.t('shell.fetch_now'));
      await window.reads(window.t('shell.fetch_failed'), GIVING_UP_MS_MAX);
      const error = await errorShown(window);
      expect(/^connection\.(port_closed|no_answer)$/.test(error.code), `the code is ${error.code}`);
      const missing = missingOfError(window, error);
      expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
    });
    await lookAt(checks, window, place, '19-fetch-failed');
    await checks.also('what was read before stays', async () => {
      await go(window, 'mapping');
      await mappingFilled(window);
      const after = await tabCounts(window);
      expect(JSON.stringify(after) === JSON.stringify(before), `${JSON.stringify(before)} became ${JSON.stringify(after)}`);
    });
    await checks.also('a test of the connection says the same', async () => {
      await go(window, 'connections');
      await until('two connections', async () => (await window.all('option')).length === 2);
      await window.click('button', window.t('connections.test_all'));
      const detail = await window.find('region', window.t('connections.test'));
      const missing = missingOfError(window, await errorShown(window, detail));
      expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
    });
    await lookAt(checks, window, place, '20-connection-stopped');
  });
}
