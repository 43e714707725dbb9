// Every part of the vocabulary in its states, from the page that only development builds have.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Window } from '../driver.mjs';
import { lookAt } from '../looks.mjs';
import { freePort, Program, until } from '../processes.mjs';

const UI = fileURLToPath(new URL('../../../ui/', import.meta.url));

export async function parts(checks, place) {
  const port = await freePort();
  const server = new Program(process.execPath, [join(UI, 'node_modules/vite/bin/vite.js'), UI, '--port', String(port), '--strictPort', '--logLevel', 'warn'], {
    log: place.log('vite'),
  });
  let window;
  try {
    const address = `http://127.0.0.1:${port}/gallery.html`;
    await checks.step('the development server has the page', () => until('it answers', async () => (await fetch(address)).ok, 60_000));
    window = await checks.step('the window opens', () => Window.open(place));
    checks.watch(window, place);
    for (const language of ['en', 'ar']) {
      await checks.step(`it shows the parts, ${language}`, async () => {
        await window.visit(`${address}?lang=${language}`);
        await until('the parts are drawn', async () => (await window.all('heading', 'Parts')).length === 1, 60_000);
      });
      // Its own words are English: it is for those who build.
      await lookAt(checks, window, place, `50-parts-${language}`);
    }
  } finally {
    await window?.close();
    await server.stop();
  }
}
