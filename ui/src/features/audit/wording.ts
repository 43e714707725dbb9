// How findings look.
import type { AuditKind } from '../../api/types';
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

/** What there is to do about a finding. */
export type Act = 'import' | 'clear' | 'look';

export const ACTS: Record<AuditKind, Act> = {
  missing: 'import',
  duplicate: 'look',
  total_differs: 'look',
  state_differs: 'look',
  blocked: 'clear',
  not_due: 'look',
  equal: 'look',
};
