// Measures what docs/performance.md reports: start, idle memory, and long lists in the real window.
// node measure.mjs --app <tandem-desktop> [--cli <tandem>] [--listings 200000] [--orders 100000] [--artifacts <folder>]
//   [--fill <folder>]     fills a profile there, and ends
//   [--profile <folder>]  measures a profile that was filled before; it is decided about: take a copy
//   [--only starts,idle,list,orders,use,decide,bulk]
//   [--minutes 5]         how long somebody uses it, in the part `use`
import { createServer, request } from 'node:http';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './bench/figures.mjs';
import { bulk, decide, idle, list, orders, starts, use } from './bench/parts.mjs';
import { Window } from './driver.mjs';
import { Place } from './place.mjs';
import { joined, Sandbox, tandem } from './sandbox.mjs';

const FETCH_MS_MAX = 40 * 60_000;

/** In this order: what decides comes last. */
const PARTS = { starts, idle, list, orders, use, decide, bulk };

/** Counts the requests that pass through to a stand-in. */
function counter(target) {
  const counted = { requests: 0 };
  const server = createServer((incoming, answer) => {
    counted.requests += 1;
    const { hostname, port } = new URL(target);
    const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (from) => {
      answer.writeHead(from.statusCode, from.rawHeaders);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done({ counted, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
  });
}

async function countRequests(programs, artifacts, listings) {
  const place = new Place(programs, artifacts, 'measure-count');
  const sandbox = await Sandbox.start(place, { listings });
  const [store, odoo] = await Promise.all([counter(sandbox.store.url), counter(sandbox.odoo.url)]);
  try {
    const accounts = { store: { ...sandbox.store, url: store.url }, odoo: { ...sandbox.odoo, url: odoo.url } };
    await joined(place, accounts, FETCH_MS_MAX);
    say(`requests of tests and first fetch, ${listings} listings`, { store: store.counted.requests, odoo: odoo.counted.requests });
  } finally {
    store.close();
    odoo.close();
    await sandbox.stop();
    place.remove();
  }
}

/** Fills a place with a shop of so many listings and orders, and says what that took. */
async function filled(place, wanted) {
  const began = Date.now();
  const sandbox = await Sandbox.start(place, wanted);
  try {
    say(`${wanted.listings} listings, ${wanted.orders} orders: the sandbox is up after, s`, (Date.now() - began) / 1000);
    await joined(place, sandbox, FETCH_MS_MAX);
  } finally {
    await sandbox.stop();
  }
  const [run] = JSON.parse(await tandem(place, ['--json', 'runs', 'shop']));
  const seconds = (new Date(run.endedAt) - new Date(run.startedAt)) / 1000;
  say('first fetch and match, s', seconds);
  for (const step of run.steps) say(`  ${step.name}`, `${step.done} in ${step.elapsedMs / 1000} s`);
}

async function measure(place, wanted, options) {
  const bytes = readdirSync(place.data, { withFileTypes: true }).reduce((sum, file) => sum + (file.isFile() ? statSync(join(place.data, file.name)).size : 0), 0);
  say('data folder, MB', Math.round(bytes / 1e6));
  let window;
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (!wanted.includes(name)) continue;
      if (name === 'starts') await part(place);
      else await part((window ??= await Window.open(place)), options);
    }
  } finally {
    await window?.close();
  }
}

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: 'target/release/tandem-desktop' },
    cli: { type: 'string' },
    artifacts: { type: 'string', default: 'artifacts' },
    listings: { type: 'string', default: '200000' },
    orders: { type: 'string', default: '100000' },
    profile: { type: 'string' },
    fill: { type: 'string' },
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    minutes: { type: 'string', default: '5' },
    count: { type: 'string', default: '' },
  },
});
const app = resolve(values.app);
const programs = { app, cli: resolve(values.cli ?? join(dirname(app), 'tandem')) };
const artifacts = resolve(values.artifacts);
mkdirSync(artifacts, { recursive: true });
if (values.count !== '') {
  for (const listings of values.count.split(',')) await countRequests(programs, artifacts, Number(listings));
} else {
  const place = new Place(programs, artifacts, 'measure');
  try {
    const folder = values.profile ?? values.fill;
    if (folder) place.data = resolve(folder);
    mkdirSync(place.data, { recursive: true });
    if (!values.profile) await filled(place, { listings: Number(values.listings), orders: Number(values.orders) });
    if (!values.fill) await measure(place, values.only.split(','), { minutes: Number(values.minutes) });
  } finally {
    place.remove();
  }
}
