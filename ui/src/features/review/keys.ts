// The keys of the review.
import { t } from '../../i18n';
import { pressedCode, type KeyBinding } from '../../parts/keys.svelte';
import type { DecideAction } from '../../api/types';

/** What the keys act on. */
export interface ReviewActions {
  move(step: number): void;
  decide(action: DecideAction): void;
  /** Compares with the candidate at this place. */
  candidate(index: number): void;
  find(): void;
  stopFinding(): void;
  undo(): void;
  /** Chooses the pair in focus, or no longer. */
  select(): void;
  clearSelection(): void;
  history(): void;
  closeHistory(): void;
  /** Brings the next pattern in front, or the one before, with its sample. */
  pattern(step: 1 | -1): void;
  acceptPattern(): void;
  closePattern(): void;
  searchStore(): void;
  openListing(): void;
}

const ONWARD: readonly string[] = ['KeyJ', 'ArrowDown'];
const CANDIDATE_KEYS = ['Digit1', 'Digit2', 'Digit3', 'Digit4'] as const;

/** A key that is held down moves on, but decides only once. */
function once(act: () => void): KeyBinding['run'] {
  return (event) => {
    if (!event.repeat) act();
  };
}

/** What lies over the list, or waits: Escape ends the nearest. */
export interface Open {
  finding: boolean;
  history: boolean;
  pattern: boolean;
  selection: boolean;
}

/** The bindings, in the order of the strip. */
export function reviewKeys(actions: ReviewActions, open: Open): KeyBinding[] {
  const move: KeyBinding['run'] = (event) => actions.move(ONWARD.includes(pressedCode(event)) ? 1 : -1);
  const always: KeyBinding[] = [
    { code: ['KeyJ', 'KeyK'], label: t('review.key.move'), run: move },
    { code: ['ArrowDown', 'ArrowUp'], label: t('review.key.move'), hidden: true, run: move },
    { code: 'KeyA', label: t('review.key.accept'), run: once(() => actions.decide('accept')) },
    { code: 'KeyR', label: t('review.key.reject'), run: once(() => actions.decide('reject')) },
    { code: 'KeyX', label: t('review.key.ignore'), run: once(() => actions.decide('ignore')) },
    {
      code: CANDIDATE_KEYS,
      label: t('review.key.candidate'),
      run: (event) => actions.candidate((CANDIDATE_KEYS as readonly string[]).indexOf(pressedCode(event))),
    },
    { code: 'KeyS', label: t('review.key.search'), run: once(actions.find) },
    { code: 'KeyZ', label: t('review.key.undo'), run: once(actions.undo) },
    { code: 'Space', label: t('select.key'), run: once(actions.select) },
    { code: 'KeyH', label: t('decided.key'), hidden: true, run: once(actions.history) },
    { code: 'KeyP', label: t('review.key.pattern'), run: once(() => actions.pattern(1)) },
    { code: 'KeyP', shift: true, label: t('review.key.pattern_before'), hidden: true, run: once(() => actions.pattern(-1)) },
    { code: 'KeyA', shift: true, label: t('review.key.accept_pattern'), run: once(actions.acceptPattern) },
    { code: 'Slash', label: t('review.search.store'), hidden: true, run: actions.searchStore },
    { code: 'KeyO', label: t('review.open_listing'), hidden: true, run: once(actions.openListing) },
  ];
  const escape = (label: string, run: () => void): KeyBinding[] => [...always, { code: 'Escape', label, hidden: true, run }];
  if (open.finding) return escape(t('review.find.close'), actions.stopFinding);
  if (open.history) return escape(t('decided.close'), actions.closeHistory);
  if (open.pattern) return escape(t('pattern.close'), actions.closePattern);
  return open.selection ? escape(t('select.clear'), actions.clearSelection) : always;
}
