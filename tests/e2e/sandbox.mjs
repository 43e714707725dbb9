// The made-up shop and its Odoo, and a profile that is joined to them through the command line.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program, until } from './processes.mjs';

/** The command line's longest job here is reading a small shop. */
const COMMAND_MS_MAX = 120_000;

/** Serves until `stop` is called. Its `accounts` say how to connect, by kind. */
export class Sandbox {
  #program;

  static async start(place, { listings = 300, orders, faults } = {}) {
    const sandbox = new Sandbox();
    const args = ['sandbox', '--listings', String(listings), ...(orders ? ['--orders', String(orders)] : [])];
    if (faults) {
      const file = join(place.folder, `faults-${Date.now()}.json`);
      writeFileSync(file, JSON.stringify(faults));
      args.push('--faults', file);
    }
    sandbox.#program = new Program(place.cli, args, { env: place.env, log: place.log('sandbox') });
    try {
      const accounts = await until('the sandbox says how to connect', () => sandbox.#answer(), COMMAND_MS_MAX);
      sandbox.accounts = Object.fromEntries(accounts.map((account) => [account.kind, account]));
      return sandbox;
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  #answer() {
    if (!this.#program.running) throw new Error('the sandbox ended by itself');
    return JSON.parse(this.#program.output);
  }

  get store() {
    return this.accounts.woocommerce;
  }

  get odoo() {
    return this.accounts.odoo;
  }

  async stop() {
    await this.#program?.stop('SIGINT');
  }
}

/** Runs one command of `tandem` on the place's profile. */
export function tandem(place, args, { input = '', within_ms = COMMAND_MS_MAX } = {}) {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...place.env }, timeout: within_ms, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(place.cli, ['--data-dir', place.data, ...args], options, (error, stdout, stderr) => {
      // 3 says that something waits for a person: that is an answer too.
      if (error && error.code !== 3) reject(new Error(`tandem ${args[0]}: ${stderr || stdout || error.message}`));
      else resolve(stdout);
    });
    child.stdin.end(input);
  });
}

async function connect(place, slug, account) {
  const database = account.database ? ['--database', account.database] : [];
  const args = ['--json', 'connect', account.kind, slug, '--url', account.url, '--login', account.login, '--name', account.name, ...database];
  return JSON.parse(await tandem(place, args, { input: `${account.secret}\n` }));
}

/** Connects both sides, binds the store to Odoo's first company, and reads everything once. */
export async function joined(place, sandbox, within_ms) {
  await connect(place, 'shop', sandbox.store);
  const { facts } = await connect(place, 'books', sandbox.odoo);
  await tandem(place, ['bind', 'shop', 'books', '--company', String(facts.companies[0].id)]);
  await tandem(place, ['fetch', 'shop'], { within_ms });
}

/** Calls a method of a model on the stand-in of Odoo, as another program would. */
export async function inOdoo(account, model, method, args) {
  const call = async (service, name, values) => {
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'call', params: { service, method: name, args: values } });
    const answer = await fetch(`${account.url}/jsonrpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${model}.${method}: ${JSON.stringify(error)}`);
    return result;
  };
  const user = await call('common', 'authenticate', [account.database, account.login, account.secret, {}]);
  return call('object', 'execute_kw', [account.database, user, account.secret, model, method, args]);
}
