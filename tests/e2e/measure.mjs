// Measures what docs/performance.md reports: start, idle memory, and a long list in the real window.
// node measure.mjs --app <tandem-desktop> [--cli <tandem>] [--listings 200000] [--profile <folder>] [--artifacts <folder>]
// A profile that was filled before is measured as it is, and decided about: take a copy.
import { createServer, request } from 'node:http';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Window } from './driver.mjs';
import { Place } from './place.mjs';
import { childrenOf, until } from './processes.mjs';
import { joined, Sandbox, tandem } from './sandbox.mjs';
import { dayShown, go, mappingFilled, openTab } from './steps/pages.mjs';

const STARTS = 10;
const FETCH_MS_MAX = 40 * 60_000;
const QUIET_MS_MAX = 60_000;
/** What is kept to be quick is let go of after half a minute. */
const REST_MS = 40_000;
const DECISIONS = 40;
const WORDS = ['balloon', 'foil', 'ribbon', 'party', 'candle', 'paper straws', 'table cover', 'BLN', 'gold', 'zzz'];

function say(name, value) {
  console.log(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
}

function quantile(values, share) {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
}

const spread = (values) => ({ median: quantile(values, 0.5), p95: quantile(values, 0.95), n: values.length });

/** When a process began, in milliseconds since 1970: its start is counted in ticks of a hundredth since the system began. */
function beganAt(pid) {
  const bootedAt = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))[1]) * 1000;
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // `btime` is cut to seconds; the clock minus the uptime is not.
  const precise = Date.now() - uptime;
  const began = Math.abs(precise - bootedAt) < 1500 ? precise : bootedAt;
  return began + Number(fields[19]) * 10;
}

function familyOf(pid) {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

/** Memory of a process and its children, each shared page counted once, in MiB. */
function memoryOf(pid) {
  const parts = familyOf(pid).map((member) => ({
    name: readFileSync(`/proc/${member}/comm`, 'utf8').trim(),
    mib: Math.round(Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${member}/smaps_rollup`, 'utf8'))[1]) / 1024),
  }));
  return { total: parts.reduce((sum, part) => sum + part.mib, 0), parts };
}

function ticksOf(pid) {
  return familyOf(pid).reduce((sum, member) => {
    const fields = readFileSync(`/proc/${member}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
}

/** Waits for two seconds in a row without work. */
function quiet(pid) {
  let before = -1;
  let calm = 0;
  return until(
    'the app is idle',
    () =>
      new Promise((done) => {
        setTimeout(() => {
          const now = ticksOf(pid);
          calm = now - before <= 1 ? calm + 1 : 0;
          before = now;
          done(calm >= 2);
        }, 1000);
      }),
    QUIET_MS_MAX,
  );
}

/** From the start of the process to the first words, and to the day with its numbers. */
async function starts(place, name) {
  const [words, rows] = [[], []];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const window = await Window.open(place);
    try {
      await dayShown(window, 60_000);
      const began = beganAt(window.pid);
      const seen = await window.run(() => ({
        origin: performance.timeOrigin,
        first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
        now: performance.now(),
      }));
      words.push(seen.origin + seen.first - began);
      rows.push(seen.origin + seen.now - began);
    } finally {
      await window.close();
    }
  }
  say(`${name}: process start to first words, ms`, spread(words));
  say(`${name}: process start to the day, driver's looking included, ms`, spread(rows));
}

/** Frames while the list moves by so many pixels a frame. */
function scroll(pixels, seconds, done) {
  const grid = document.querySelector('[role=grid]');
  grid.scrollTop = 0;
  const began = performance.now();
  const gaps = [];
  let [last, waiting, rows] = [began, 0, 0];
  const turn = (now) => {
    gaps.push(now - last);
    last = now;
    grid.scrollTop += pixels;
    const slots = grid.querySelectorAll('.slot');
    rows += slots.length;
    waiting += grid.querySelectorAll('.slot[aria-busy=true]').length;
    if (now - began < seconds * 1000) requestAnimationFrame(turn);
    else done({ frames: gaps.length - 1, ms: now - began, gaps: gaps.slice(1), waiting: waiting / Math.max(1, rows), mounted: slots.length });
  };
  requestAnimationFrame(turn);
}

/** From a jump to a place in the list until its rows stand there. */
function jump(share, done) {
  const grid = document.querySelector('[role=grid]');
  const began = performance.now();
  grid.scrollTop = grid.scrollHeight * share;
  const look = () => {
    const rows = [...grid.querySelectorAll('.slot')];
    const box = grid.getBoundingClientRect();
    const seen = rows.filter((row) => row.getBoundingClientRect().bottom > box.top + 60 && row.getBoundingClientRect().top < box.bottom);
    if (seen.length > 0 && seen.every((row) => row.getAttribute('aria-busy') === null)) requestAnimationFrame(() => done(performance.now() - began));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** From the key that accepts until the next pair stands in the list and below it. */
function decide(done) {
  const focused = () => document.querySelector('[role=grid] .slot[aria-selected=true]')?.textContent;
  const before = focused();
  const began = performance.now();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', code: 'KeyX', bubbles: true }));
  const look = () => {
    const now = focused();
    if (now !== undefined && now !== before) requestAnimationFrame(() => done(performance.now() - began));
    else if (performance.now() - began > 5000) done(5000);
    else requestAnimationFrame(look);
  };
  look();
}

/** From the yes to a step over all that is shown until it is done, and the longest gap between two frames meanwhile. */
function decideAll(done) {
  const began = performance.now();
  let [last, gap] = [began, 0];
  document.querySelector('dialog[open] button:last-of-type')?.click();
  const look = (now) => {
    gap = Math.max(gap, now - last);
    last = now;
    if (document.querySelector('dialog[open]') === null) done({ ms: Math.round(performance.now() - began), longestGapMs: Math.round(gap) });
    else if (now - began > 50_000) done({ ms: null, longestGapMs: Math.round(gap) });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** From the letter until what it finds is painted: the rows changed, and one more frame. */
function type(text, done) {
  const grid = document.querySelector('[role=grid]');
  const input = grid.querySelector('input');
  const before = grid.getAttribute('aria-rowcount');
  const began = performance.now();
  let ended = false;
  const end = (changed) => {
    if (ended) return;
    ended = true;
    seen.disconnect();
    clearTimeout(late);
    requestAnimationFrame(() => requestAnimationFrame(() => done({ ms: performance.now() - began, changed, rows: Number(grid.getAttribute('aria-rowcount')) })));
  };
  const seen = new MutationObserver(() => {
    if (grid.getAttribute('aria-rowcount') !== before) end(true);
  });
  seen.observe(grid, { subtree: true, childList: true, attributes: true, characterData: true });
  const late = setTimeout(() => end(false), 5000);
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

async function longList(window) {
  await openTab(window, 'mapped', 60_000);
  const rows = await window.run(() => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1);
  say('rows in the list', rows);
  for (const [name, pixels] of [['slow, 8 px a frame', 8], ['fast, 120 px a frame', 120], ['fling, 4000 px a frame', 4000]]) {
    const seen = await window.runLong(scroll, pixels, 6);
    const { median, p95 } = spread(seen.gaps);
    say(`scrolling ${name}`, {
      framesPerSecond: Math.round((seen.frames / seen.ms) * 1000),
      gapMs: { median, p95 },
      placeholders: `${Math.round(seen.waiting * 100)} %`,
      mounted: seen.mounted,
    });
  }
  const jumps = [];
  for (let turn = 0; turn < 20; turn += 1) jumps.push(await window.runLong(jump, ((turn * 7 + 3) % 20) / 20));
  say('jump to filled rows, ms', spread(jumps));
  // A person goes to the box before typing.
  await window.run(() => document.querySelector('[role=grid] input[type=text]').focus());
  await quiet(window.pid);
  const [times, slowest] = [[], { ms: 0 }];
  for (const word of WORDS) {
    for (let letters = 1; letters <= word.length; letters += 1) {
      const text = word.slice(0, letters);
      const seen = await window.runLong(type, text);
      if (!seen.changed) continue;
      times.push(seen.ms);
      if (seen.ms > slowest.ms) Object.assign(slowest, { ms: Math.round(seen.ms), text, rows: seen.rows });
    }
    await window.runLong(type, '');
  }
  say('search, letter to painted rows, ms', { ...spread(times), slowest });
}

/** Decisions one by one, and one over everything that waits. */
async function deciding(window) {
  await openTab(window, 'to_review', 60_000);
  await window.run(() => document.querySelector('[role=grid]').focus());
  const times = [];
  for (let turn = 0; turn < DECISIONS; turn += 1) times.push(await window.runLong(decide));
  say('decision to the next pair painted, ms', spread(times));
  await quiet(window.pid);
  await window.click('checkbox', window.t('select.all'));
  await window.click('button', window.t('select.accept'));
  const heading = await until('what it would do is known', () => window.run(() => document.querySelector('dialog[open] button:last-of-type')?.textContent));
  say('a step over all that is shown', { step: heading.trim(), ...(await window.runLong(decideAll)) });
  await quiet(window.pid);
}

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

/** Fills a place with a shop of so many listings, and says what that took. */
async function filled(place, listings) {
  const began = Date.now();
  const sandbox = await Sandbox.start(place, { listings });
  try {
    say(`${listings} listings: the sandbox is up after, s`, (Date.now() - began) / 1000);
    await joined(place, sandbox, FETCH_MS_MAX);
  } finally {
    await sandbox.stop();
  }
  const [run] = JSON.parse(await tandem(place, ['--json', 'runs', 'shop']));
  const seconds = (new Date(run.endedAt) - new Date(run.startedAt)) / 1000;
  say(`${listings} listings: first fetch and match, s`, seconds);
  for (const step of run.steps) say(`  ${step.name}`, `${step.done} in ${step.elapsedMs / 1000} s`);
}

async function idle(window, name) {
  await quiet(window.pid);
  const before = ticksOf(window.pid);
  await new Promise((done) => setTimeout(done, 10_000));
  say(`${name}: CPU ticks in 10 s idle`, ticksOf(window.pid) - before);
  say(`${name}: memory at once, MiB (PSS)`, memoryOf(window.pid));
  await new Promise((done) => setTimeout(done, REST_MS));
  say(`${name}: idle memory, MiB (PSS)`, memoryOf(window.pid));
}

async function measure(programs, artifacts, { listings, profile }) {
  const name = profile ? 'profile' : `${listings} listings`;
  const place = new Place(programs, artifacts, `measure-${profile ? 'profile' : listings}`);
  let window;
  try {
    if (profile) place.data = resolve(profile);
    else await filled(place, listings);
    const bytes = readdirSync(place.data, { withFileTypes: true }).reduce((sum, file) => sum + (file.isFile() ? statSync(join(place.data, file.name)).size : 0), 0);
    say(`${name}: data folder, MB`, Math.round(bytes / 1e6));
    await starts(place, name);
    window = await Window.open(place);
    await go(window, 'mapping');
    await mappingFilled(window, 60_000);
    await idle(window, name);
    await longList(window);
    say(`${name}: memory after that, MiB (PSS)`, memoryOf(window.pid));
    await deciding(window);
    await idle(window, `${name}, after deciding`);
  } finally {
    await window?.close();
    place.remove();
  }
}

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: 'target/release/tandem-desktop' },
    cli: { type: 'string' },
    artifacts: { type: 'string', default: 'artifacts' },
    listings: { type: 'string', default: '200000' },
    profile: { type: 'string' },
    count: { type: 'string', default: '' },
  },
});
const app = resolve(values.app);
const programs = { app, cli: resolve(values.cli ?? join(dirname(app), 'tandem')) };
const artifacts = resolve(values.artifacts);
mkdirSync(artifacts, { recursive: true });
if (values.profile) await measure(programs, artifacts, { profile: values.profile });
else for (const listings of values.listings.split(',').filter(Boolean)) await measure(programs, artifacts, { listings: Number(listings) });
for (const listings of values.count.split(',').filter(Boolean)) await countRequests(programs, artifacts, Number(listings));
