// What is counted of the running programs, and how figures are said.
import { readFileSync } from 'node:fs';
import { childrenOf, until } from '../processes.mjs';

const QUIET_MS_MAX = 60_000;

export function say(name, value) {
  console.log(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
}

export function quantile(values, share) {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
}

export const spread = (values) => ({ median: quantile(values, 0.5), p95: quantile(values, 0.95), n: values.length });

/** When a process began, in milliseconds since 1970: its start is counted in ticks of a hundredth since the system began. */
export function beganAt(pid) {
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
export function memoryOf(pid) {
  const parts = familyOf(pid).map((member) => ({
    name: readFileSync(`/proc/${member}/comm`, 'utf8').trim(),
    mib: Math.round(Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${member}/smaps_rollup`, 'utf8'))[1]) / 1024),
  }));
  return { total: parts.reduce((sum, part) => sum + part.mib, 0), parts };
}

export function ticksOf(pid) {
  return familyOf(pid).reduce((sum, member) => {
    const fields = readFileSync(`/proc/${member}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
}

/** Waits for two seconds in a row without work. */
export function quiet(pid) {
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
