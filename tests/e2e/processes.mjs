// Programs that the tests start, each ended by its own process id, whatever happened.
import { spawn } from 'node:child_process';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const LOOK_EVERY_MS = 40;

/** Waits until `look` answers something true, and answers it. Never longer than `within_ms`. */
export async function until(what, look, within_ms = 20_000) {
  const deadline = Date.now() + within_ms;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${within_ms / 1000} s${last ? ` (${String(last.message ?? last).split('\n')[0]})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** A port of loopback that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A program that runs beside the tests. What it says goes into a log file, and its first output can be read. */
export class Program {
  output = '';
  #child;
  #ended;

  constructor(command, args, { env = {}, log }) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const file = createWriteStream(log, { flags: 'a' });
    this.#child.stdout.on('data', (chunk) => {
      this.output += chunk;
      file.write(chunk);
    });
    this.#child.stderr.on('data', (chunk) => file.write(chunk));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error));
      this.#child.once('close', () => file.end(() => resolve(null)));
    });
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
  }

  /** Asks it to end, and makes it end if it does not. */
  async stop(signal = 'SIGTERM') {
    if (!this.running) return;
    this.#child.kill(signal);
    const killed = setTimeout(() => this.#child.kill('SIGKILL'), 8_000);
    await this.#ended;
    clearTimeout(killed);
  }
}

/** Process ids of the children of a process. */
export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Whether a process is there; one that has ended and waits to be collected is not. */
export function isRunning(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

/** The command line of a process, as others on this computer can read it. */
export function commandLineOf(pid) {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
}
