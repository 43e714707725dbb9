// What the review says aloud: decisions to ears only, what needs a look as a message.
import { errorOf } from '../../api/client';
import { errorWords } from '../../api/errors';
import { plural, t } from '../../i18n';
import { toasts } from '../../parts/toasts.svelte';
import type { Teller } from './review.svelte';

/** A sentence for the live region, and the messages of the review. */
export class Telling implements Teller {
  /** The last decision; at forty a minute, a message for each would be noise. */
  said = $state('');

  decided: Teller['decided'] = (action, name) => {
    this.said = t(`review.said.${action}`, { name });
  };

  cleared: Teller['cleared'] = (orders, name) => {
    toasts.show({ tone: 'ok', title: plural('review.cleared', orders, { name }) });
  };

  notSaved: Teller['notSaved'] = (name, error) => this.failed(t('review.failed', { name }), error);

  notUndone: Teller['notUndone'] = (error) => this.failed(t('review.undo.failed'), error);

  undone: Teller['undone'] = (undone) => {
    if (!undone) {
      toasts.show({ tone: 'info', title: t('review.undo.nothing') });
      return;
    }
    toasts.show({ tone: 'info', title: t('review.undone'), detail: t(`review.undone.${undone.action}`, { name: undone.name }) });
  };

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
