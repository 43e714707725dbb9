// How a connection stands, as a chip and as a dot.
import type { ConnectionView, HealthState } from '../../api/types';
import { plural, t } from '../../i18n';
import type { IconName } from '../../parts/icons';
import { keyDaysLeft } from '../../pieces/facts';

type ChipState = 'ok' | 'warn' | 'bad' | 'idle';

const STANDING: Record<HealthState, { state: ChipState; icon: IconName }> = {
  healthy: { state: 'ok', icon: 'check' },
  warning: { state: 'warn', icon: 'alert' },
  stopped: { state: 'bad', icon: 'stop' },
  waiting_for_keychain: { state: 'warn', icon: 'key' },
  untested: { state: 'idle', icon: 'circle' },
};

/** The chip of a connection. A key that ends soon says in how many days: that is what needs somebody. */
export function standingOf(connection: ConnectionView): { state: ChipState; icon: IconName; label: string } {
  const { state } = connection.health;
  const days = keyDaysLeft(connection.keyExpiresAt);
  if (state === 'warning' && days !== null) return { state: 'warn', icon: 'key', label: plural('connections.key_days', days) };
  return { ...STANDING[state], label: t(`health.${state}`) };
}
