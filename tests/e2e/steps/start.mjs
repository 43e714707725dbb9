// A profile that does not open: the window comes all the same, says why, and opens it when it can.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../checks.mjs';
import { Window } from '../driver.mjs';
import { lookAt } from '../looks.mjs';
import { tandem } from '../sandbox.mjs';
import { errorShown, missingOfError } from './pages.mjs';

/** Where the head of an SQLite file has the number of its format (`PRAGMA user_version`). */
const FORMAT_AT = 60;
const LATER = 9_999;

/** Puts the number of another format into the file; answers the one that stood there. */
function setFormat(file, format) {
  const [opened, number] = [openSync(file, 'r+'), Buffer.alloc(4)];
  readSync(opened, number, 0, 4, FORMAT_AT);
  const before = number.readUInt32BE();
  number.writeUInt32BE(format);
  writeSync(opened, number, 0, 4, FORMAT_AT);
  closeSync(opened);
  return before;
}

export async function start(checks, place) {
  const file = join(place.data, 'tandem.db');
  await checks.step('the command line makes a profile', () => tandem(place, ['connections']));
  const known = setFormat(file, LATER);
  const window = await checks.step('the window opens on one of a later version', () => Window.open(place));
  try {
    checks.watch(window, place);
    await checks.step('it says why it cannot start, and what to do', async () => {
      await window.find('heading', window.t('shell.start_failed'));
      const error = await errorShown(window);
      expect(error.code === 'cache.newer_version', `the code is ${error.code}`);
      const missing = missingOfError(window, error);
      expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
    });
    await lookAt(checks, window, place, '65-start-failed');
    await checks.also('as long as that is so, trying again says the same', async () => {
      await window.click('button', window.t('common.retry'));
      expect((await errorShown(window)).code === 'cache.newer_version', 'it says something else');
    });
    await checks.also('the file is left as it was', () => expect(setFormat(file, known) === LATER, 'it has another format'));
    await checks.step('once it can be opened, trying again opens it', async () => {
      await window.click('button', window.t('common.retry'));
      await window.find('heading', window.t('setup.headline'));
    });
  } finally {
    await window.close();
  }
}
