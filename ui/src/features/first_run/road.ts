// The wizard's stations as the row of steps shows them, and the words at its foot.
import { number, t } from '../../i18n';
import { STAGES, type Stage, type Wizard } from './wizard.svelte';

function passedSteps(wizard: Wizard): string {
  const steps = [...(wizard.store.check?.steps ?? []), ...(wizard.odoo.check?.steps ?? [])];
  return t('setup.test_count', { passed: number(steps.filter((step) => step.state === 'passed').length), all: number(steps.length) });
}

/** Every station with how it stands, the first fetch at the end. */
export function roadOf(wizard: Wizard) {
  const at = STAGES.indexOf(wizard.stage);
  const stopped = wizard.stage === 'test' && !wizard.testing && (wizard.store.failure ?? wizard.odoo.failure) !== null;
  const details: Record<Stage, string> = {
    kind: wizard.store.kind === '' ? '' : `${wizard.labelOf(wizard.store.kind)}, ${wizard.labelOf(wizard.odoo.kind)}`,
    address: at > 1 ? wizard.store.host : '',
    keys: at > 2 ? t('setup.keys_kept') : '',
    test: wizard.testing ? t('connections.testing') : stopped ? t('setup.test_stopped') : at >= 3 ? passedSteps(wizard) : '',
    company: '',
  };
  const stations = STAGES.map((stage, index) => ({
    name: t(`setup.step_${stage}`),
    state: index < at ? ('done' as const) : index > at ? ('later' as const) : stopped ? ('stop' as const) : ('now' as const),
    detail: index === at + 1 ? t('setup.step_next') : details[stage],
  }));
  return [...stations, { name: t('setup.step_fetch'), state: 'later' as const, detail: wizard.stage === 'company' ? t('setup.step_next') : '' }];
}

/** Why the person cannot go on from here; nothing before they wanted to. */
export function refusalOf(wizard: Wizard): string | undefined {
  if (wizard.canGoOn) return undefined;
  if (wizard.stage === 'test') return t('setup.refused_test');
  if (wizard.stage === 'company') return t('connections.gap_warehouses');
  return wizard.insisted ? t('setup.refused_gaps') : undefined;
}

/** What is worth knowing before going on from here. */
export function footnoteOf(wizard: Wizard): string {
  if (wizard.stage === 'company') return t('setup.fetch_note');
  return wizard.stage === 'keys' || wizard.stage === 'test' ? t('setup.keychain_note') : '';
}

/** Words of the button that goes on. */
export function nextLabel(wizard: Wizard): string {
  if (wizard.stage === 'company') return t('setup.finish');
  if (wizard.stage === 'test') return t('setup.to_company');
  return wizard.stage === 'keys' ? t('setup.test_both') : t('common.continue');
}
