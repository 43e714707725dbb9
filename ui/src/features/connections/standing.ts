// How a connection stands, as a chip.
import type { ConnectionState } from '../../api/types';
import type { IconName } from '../../parts/icons';

export const STANDING: Record<ConnectionState, { state: 'ok' | 'bad' | 'idle'; icon: IconName }> = {
  healthy: { state: 'ok', icon: 'check' },
  stopped: { state: 'bad', icon: 'stop' },
  untested: { state: 'idle', icon: 'circle' },
};
