// Drives the real window through whole jobs and says what held.
// node run.mjs --app <tandem-desktop> [--cli <tandem>] [--artifacts <folder>] [--only <scenario>,…]
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Checks, Stopped } from './checks.mjs';
import { Place } from './place.mjs';
import { blockers } from './steps/blockers.mjs';
import { chaos } from './steps/chaos.mjs';
import { connections } from './steps/connections.mjs';
import { days } from './steps/days.mjs';
import { demo } from './steps/demo.mjs';
import { errors } from './steps/errors.mjs';
import { firstRun } from './steps/first_run.mjs';
import { arabic, french } from './steps/languages.mjs';
import { parts } from './steps/parts.mjs';
import { mapping } from './steps/mapping.mjs';
import { patterns } from './steps/patterns.mjs';
import { selling, sellingArabic } from './steps/selling.mjs';
import { start } from './steps/start.mjs';

const SCENARIOS = {
  start,
  'first-run': firstRun,
  connections,
  patterns,
  mapping,
  days,
  parts,
  errors,
  chaos,
  arabic,
  french,
  demo,
  selling,
  'selling-arabic': sellingArabic,
  blockers,
};

function programs(options) {
  const app = resolve(options.app);
  const cli = resolve(options.cli ?? join(dirname(app), 'tandem'));
  for (const program of [app, cli]) {
    if (!existsSync(program)) throw new Error(`${program} was not built`);
  }
  return { app, cli };
}

async function run(options) {
  const built = programs(options);
  const artifacts = resolve(options.artifacts);
  mkdirSync(artifacts, { recursive: true });
  const wanted = options.only?.split(',') ?? Object.keys(SCENARIOS);
  const checks = new Checks();
  for (const name of wanted) {
    const place = new Place(built, artifacts, name);
    checks.begin(name);
    try {
      await SCENARIOS[name](checks, place);
    } catch (error) {
      if (!(error instanceof Stopped)) await checks.broke('the scenario itself', error);
    } finally {
      place.remove();
    }
  }
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  return checks.failed === 0 && checks.passed > 0;
}

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: 'target/debug/tandem-desktop' },
    cli: { type: 'string' },
    artifacts: { type: 'string', default: 'artifacts' },
    only: { type: 'string' },
  },
});
process.exitCode = (await run(values)) ? 0 : 1;
