// What must hold of how keys stand.
import { describe, expect, it } from 'vitest';
import { connectionOf } from '../../pieces/fixtures';
import { daysLeft, keyState } from './keys_kept';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const key = (keyExpiresAt: string | null, checkedAt: string | null = null) => ({ ...connectionOf('odoo', 'odoo'), keyExpiresAt, checkedAt });

describe('keys that are kept', () => {
  it('say when they end, and when it is time to renew them', () => {
    const states = ['2026-11-21T08:59:59Z', '2026-11-21T09:00:01Z', '2026-12-05T09:00:00Z', '2026-12-06T09:00:00Z'].map((end) => keyState(key(end), NOW));
    expect(states).toEqual(['ended', 'ending', 'ending', 'lasting']);
    expect(daysLeft(key('2026-12-05T09:00:00Z'), NOW)).toBe(14);
  });

  it('say when they were tried, or that nobody tried them', () => {
    expect([keyState(key(null), NOW), keyState(key(null, '2026-11-20T09:00:00Z'), NOW)]).toEqual(['untested', 'tested']);
    const connection = key('2026-12-06T09:00:00Z');
    expect(keyState({ ...connection, health: { ...connection.health, state: 'waiting_for_keychain' } }, NOW)).toBe('waiting');
  });
});
