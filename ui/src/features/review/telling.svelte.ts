// What the review says aloud: decisions to ears only, what needs a look as a message.
import { errorOf } from '../../api/client';
import { errorWords } from '../../api/errors';
import { plural, t } from '../../i18n';
import { toasts } from '../../parts/toasts.svelte';
import type { PatternsState } from './patterns.svelte';
import type { Teller } from './review.svelte';

/** A sentence for the live region, and the messages of the review. */
export class Telling implements Teller {
  /** The last decision; at forty a minute, a message for each would be noise. */
  said = $state('');
  readonly #undo: () => void;
  /** The message that offers to take a bulk step back. */
  #offered: number | null = null;

  constructor(undo: () => void) {
    this.#undo = undo;
  }

  decided: Teller['decided'] = (action, name) => {
    this.said = t(`review.said.${action}`, { name });
  };

  cleared: Teller['cleared'] = (orders, name) => {
    toasts.show({ tone: 'ok', title: plural('review.cleared', orders, { name }) });
  };

  notSaved: Teller['notSaved'] = (name, error) => this.failed(t('review.failed', { name }), error);

  notUndone: Teller['notUndone'] = (error) => this.failed(t('review.undo.failed'), error);

  acceptedAll: Teller['acceptedAll'] = ({ accepted, guarded, taken, unclear }) => {
    const notes = [
      ...(guarded > 0 ? [plural('pattern.left_out.guarded', guarded)] : []),
      ...(taken > 0 ? [plural('pattern.left_out.taken', taken)] : []),
      ...(unclear > 0 ? [plural('pattern.left_out.unclear', unclear)] : []),
    ].join(', ');
    const left = notes === '' ? undefined : `${t('pattern.left_out.names', { names: notes })}.`;
    this.#offered = toasts.show({
      tone: accepted > 0 ? 'ok' : 'info',
      title: accepted > 0 ? plural('pattern.accepted', accepted) : t('pattern.accepted.none'),
      detail: left,
      action: accepted > 0 ? { label: t('common.undo'), keys: 'Z', run: this.#undo } : undefined,
    });
  };

  notAcceptedAll: Teller['notAcceptedAll'] = (error) => this.failed(t('pattern.failed'), error);

  decidedAll: Teller['decidedAll'] = (action, { decided }) => {
    this.#offered = toasts.show({
      tone: 'ok',
      title: plural(`bulk.done.${action}`, decided),
      action: { label: t('common.undo'), keys: 'Z', run: this.#undo },
    });
  };

  notDecidedAll: Teller['notDecidedAll'] = (error) => this.failed(t('bulk.failed'), error);

  stepUndone: Teller['stepUndone'] = (step, { undone, left }) => {
    toasts.show({
      tone: undone > 0 ? 'ok' : 'info',
      title: undone > 0 ? plural('decided.undone_step', undone) : t('decided.overtaken'),
      detail: left > 0 ? plural('decided.left', left) : step.name,
    });
  };

  undone: Teller['undone'] = (undone) => {
    // Its button would take back the decision before.
    if (this.#offered !== null) toasts.dismiss(this.#offered);
    if (!undone) {
      toasts.show({ tone: 'info', title: t('review.undo.nothing') });
      return;
    }
    if (undone.together > 1) {
      toasts.show({ tone: 'info', title: t('review.undone'), detail: plural('pattern.undone', undone.together) });
      return;
    }
    toasts.show({ tone: 'info', title: t('review.undone'), detail: t(`review.undone.${undone.action}`, { name: undone.name }) });
  };

  /** Whether there is a pattern to look at; if not, says why. */
  offers({ current, failure }: PatternsState): boolean {
    if (current) return true;
    if (failure === null) this.refused(t('pattern.none'));
    else this.failed(t('pattern.unread'), failure);
    return false;
  }

  /** A decision that cannot be taken: why. */
  refused(reason: string): void {
    toasts.show({ tone: 'info', title: reason });
  }

  /** Something did not work: what, why, and what to do. */
  failed(title: string, error: unknown): void {
    const words = errorWords(errorOf(error));
    toasts.show({ tone: 'bad', title, detail: `${words.title}. ${words.steps.join(' ')}` });
  }
}
