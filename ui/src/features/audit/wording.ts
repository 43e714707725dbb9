// How findings look, and how their days are written.
import type { AuditKind } from '../../api/types';
import { dateTime } from '../../i18n';
import type { IconName } from '../../parts/icons';

export const LOOKS: Record<AuditKind, { icon: IconName; chip: 'ok' | 'warn' | 'bad' | 'idle' }> = {
  missing: { icon: 'only-store', chip: 'bad' },
  duplicate: { icon: 'copy', chip: 'bad' },
  total_differs: { icon: 'neq', chip: 'warn' },
  state_differs: { icon: 'fork', chip: 'warn' },
  blocked: { icon: 'stop', chip: 'idle' },
  not_due: { icon: 'clock', chip: 'idle' },
  equal: { icon: 'equal', chip: 'ok' },
};

/** Day and hour for this year, the date for older ones. */
export function when(instant: string, now: Date = new Date()): string {
  return dateTime(instant, new Date(instant).getFullYear() === now.getFullYear() ? 'both' : 'date');
}
