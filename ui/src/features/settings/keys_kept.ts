// How the keys of a connection stand, as far as that can be said without them.
import type { ConnectionView } from '../../api/types';

/** Keys that end within so many days should be renewed. */
const ENDING_DAYS = 14;
const DAY_MS = 86_400_000;

export type KeyState = 'ended' | 'ending' | 'lasting' | 'waiting' | 'tested' | 'untested';

/** Whole days until the key ends. */
export function daysLeft({ keyExpiresAt }: Pick<ConnectionView, 'keyExpiresAt'>, now: number): number {
  return keyExpiresAt === null ? 0 : Math.floor((Date.parse(keyExpiresAt) - now) / DAY_MS);
}

export function keyState(connection: Pick<ConnectionView, 'keyExpiresAt' | 'checkedAt' | 'health'>, now: number): KeyState {
  if (connection.health.state === 'waiting_for_keychain') return 'waiting';
  if (connection.keyExpiresAt !== null) {
    const left = daysLeft(connection, now);
    return left < 0 ? 'ended' : left <= ENDING_DAYS ? 'ending' : 'lasting';
  }
  return connection.checkedAt === null ? 'untested' : 'tested';
}
