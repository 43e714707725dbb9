// Connections that explain themselves: a firewall, a certificate that nobody vouches for, what was found, how it stands over time.
import { expect } from '../checks.mjs';
import { Window } from '../driver.mjs';
import { lookAt, lookLarge } from '../looks.mjs';
import { until } from '../processes.mjs';
import { Sandbox } from '../sandbox.mjs';
import { SelfSigned } from '../secure.mjs';
import { chooseKind, errorShown, giveAddresses, giveOdooKeys, giveStoreKeys, go, mappingFilled, missingOfError, sides, speak, testBoth } from './pages.mjs';

/** Turned away once, asked to wait once, and slow enough for a rate to be seen. */
const FAULTS = {
  woocommerce: [
    { path: 'wp-json', times: 1, fault: 'cloudflare', code: 1010 },
    { path: 'page=2', times: 1, fault: 'too_many', retry_after_s: 6 },
    { path: '/products', fault: 'slow', delay_ms: 900 },
  ],
};

export async function connections(checks, place) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place, { listings: 600, faults: FAULTS }));
  const secure = await checks.step('a certificate that nobody vouches for is put before Odoo', () => SelfSigned.start(place, sandbox.odoo.url));
  let window;
  try {
    window = await checks.step('the window opens on an empty folder', () => Window.open(place));
    checks.watch(window, place);
    await checks.step('both sides are tested', async () => {
      await chooseKind(window);
      await giveAddresses(window, { store: sandbox.store, odoo: { url: secure.url } });
      await giveStoreKeys(window, sandbox.store.login, sandbox.store.secret);
      await giveOdooKeys(window, sandbox.odoo);
      await testBoth(window);
    });
    await firewall(checks, window);
    await lookAt(checks, window, place, '30-wizard-stopped');
    await certificate(checks, window, place, secure);
    await fetching(checks, window, place);
    await standing(checks, window, place);
    await inArabic(checks, window, place);
  } finally {
    await window?.close();
    await secure.stop();
    await sandbox.stop();
  }
}

async function firewall(checks, window) {
  await checks.step('a firewall is told in words, with numbered steps and folded details', async () => {
    const { store } = await sides(window);
    const error = await errorShown(window, store);
    expect(error.code === 'connection.firewall', `the code is ${error.code}`);
    const missing = missingOfError(window, error);
    expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
    const shape = await window.run((side) => ({ steps: side.querySelectorAll('[role=alert] ol > li').length, folded: !side.querySelector('[role=alert] details').open }), store);
    expect(shape.steps >= 3, `${shape.steps} steps`);
    expect(shape.folded, 'the details are not folded');
  });
  await checks.also('the server’s own words are in the details', async () => {
    const { store } = await sides(window);
    const details = await window.run((side) => side.querySelector('[role=alert] details pre').textContent, store);
    expect(/1010/.test(details), details);
  });
  await checks.also('when the firewall lets it through, the test passes', async () => {
    const { store } = await sides(window);
    await window.click('button', window.t('connections.test_again'), store);
    await until('the store passes', async () => (await window.text((await sides(window)).store)).includes(window.t('connections.all_good')));
  });
}

async function certificate(checks, window, place, secure) {
  await checks.step('a certificate that nobody vouches for stops it before the key is sent', async () => {
    const { odoo } = await sides(window);
    const error = await errorShown(window, odoo);
    expect(error.code === 'connection.certificate_untrusted', `the code is ${error.code}`);
    const missing = missingOfError(window, error);
    expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
  });
  await checks.step('it can be looked at, by host and fingerprint', async () => {
    const { odoo } = await sides(window);
    await window.click('button', window.t('trust.open'), odoo);
    const dialog = await window.find('dialog');
    const said = await window.text(dialog);
    const shown = await window.run((of) => of.querySelector('pre').textContent, dialog);
    expect(said.includes('127.0.0.1'), said);
    expect(shown.replace(/\s+/g, ':') === secure.fingerprint, `${shown} is not ${secure.fingerprint}`);
  });
  await lookAt(checks, window, place, '31-trust');
  await checks.step('trusted, the test goes on and passes', async () => {
    await window.click('button', window.t('trust.do'));
    await window.gone('dialog');
    await until('Odoo passes', async () => (await window.text((await sides(window)).odoo)).includes(window.t('connections.all_good')));
  });
  await lookAt(checks, window, place, '32-wizard-found');
}

async function fetching(checks, window, place) {
  await checks.step('the first fetch starts', async () => {
    await window.click('button', window.t('setup.to_company'));
    await window.find('region', window.t('connections.company'));
    await window.click('button', window.t('setup.finish'));
    await window.find('heading', window.t('runs.reading'));
  });
  await checks.also('it says how many a second', () => window.reads(window.t('runs.a_second')));
  await checks.also('it says that the store asked to wait', async () => {
    // The name in front is the shop's own.
    const slower = window.t('log.waiting').split('{name}')[1].split('{seconds}')[0].trim();
    await window.reads(slower, 30_000);
  });
  await lookAt(checks, window, place, '33-fetch-waits');
  await checks.step('it goes on by itself, to the mapping', () => mappingFilled(window, 120_000));
  await checks.also('the pictures of the pairs stand in their boxes', async () => {
    const boxes = await window.run(() => [...document.querySelectorAll('[role=grid] .pic')].map((box) => `${box.offsetWidth}x${box.offsetHeight}`));
    expect(boxes.length > 4, `${boxes.length} boxes`);
    expect(new Set(boxes).size === 1, `boxes of ${[...new Set(boxes)].join(', ')}`);
  });
  await checks.also('pictures come', async () => {
    const loaded = () => [...document.querySelectorAll('[role=grid] .pic img')].filter((img) => img.complete && img.naturalWidth > 0).length;
    await until('pictures', async () => (await window.run(loaded)) > 0, 60_000);
  });
  await lookAt(checks, window, place, '34-mapping-pictures');
}

async function standing(checks, window, place) {
  await checks.step('the connections say what was found', async () => {
    await go(window, 'connections');
    const found = await window.find('region', window.t('connections.found'));
    await until('the way in is named', async () => (await window.text(found)).includes(window.t('connections.fact_way')));
  });
  await checks.also('the trusted certificate is named as worth knowing', () => window.reads(window.t('notice.certificate_pinned.title')));
  await lookAt(checks, window, place, '35-connection-odoo');
  await checks.also('records that were not understood are a list away', async () => {
    await (await entry(window, 'store')).click();
    await window.click('button', window.t('connections.problems_link'));
    await window.find('region', window.t('problems.title'));
    await until('the list is read', async () => {
      const text = await window.text();
      return text.includes(window.t('problems.what')) || text.includes(window.t('problems.none_title'));
    });
  });
  await lookAt(checks, window, place, '36-problems');
  await checks.also('back at the store', async () => {
    await window.click('button', window.t('problems.back'));
    await window.find('region', window.t('connections.found'));
  });
  await lookAt(checks, window, place, '37-connection-store');
  await lookLarge(window, place, '37-connection-store');
  await checks.step('the certificate is trusted no longer: the connection stops, and the rail says so', async () => {
    await (await entry(window, 'odoo')).click();
    await window.click('button', window.t('trust.forget'));
    const error = await errorShown(window);
    expect(error.code === 'connection.certificate_untrusted', `the code is ${error.code}`);
    const rail = await window.find('navigation', window.t('shell.main'));
    await until('the rail', async () => (await window.text(rail)).includes(window.t('shell.health_stopped#one', { count: 1 })));
  });
  await checks.also('what changed is listed', async () => {
    const history = await window.find('region', window.t('health.history'));
    await until('the change', async () => (await window.text(history)).includes(window.t('health.stopped')));
  });
  await lookAt(checks, window, place, '38-connection-stopped');
}

async function inArabic(checks, window, place) {
  await checks.step('the same in Arabic', async () => {
    // A message that is under way keeps the language it was told in.
    await until('no message is on the screen', async () => !(await window.text()).includes(window.t('shell.fetch_done_detail', { name: '' }).trim()));
    await speak(window, 'ar');
    await go(window, 'connections');
    const missing = missingOfError(window, await errorShown(window));
    expect(missing.length === 0, `not on the screen: ${missing.join(' | ')}`);
  });
  await lookAt(checks, window, place, '38-connection-stopped');
  await checks.also('the store, in Arabic', async () => {
    await (await entry(window, 'store')).click();
    await window.find('region', window.t('connections.found'));
  });
  await lookAt(checks, window, place, '37-connection-store');
}

/** The entry of one side in the list; Odoo stands first. */
async function entry(window, side) {
  const entries = await until('two connections', async () => {
    const found = await window.all('option');
    return found.length === 2 && found;
  });
  return entries[side === 'odoo' ? 0 : 1];
}
