// What the orders say: every link is a message that can be taken back.
import { errorOf } from '../../api/client';
import { errorWords } from '../../api/errors';
import { plural, t } from '../../i18n';
import { toasts } from '../../parts/toasts.svelte';
import type { Teller } from './orders.svelte';

/** Something did not work: what, why, and what to do. */
export function failed(title: string, error: unknown): void {
  const words = errorWords(errorOf(error));
  toasts.show({ tone: 'bad', title, detail: `${words.title}. ${words.steps.join(' ')}` });
}

/** The messages of the orders; `undo` takes the link back. */
export function telling(undo: () => void): Teller {
  let offered: number | null = null;
  return {
    linked(name, sku, ordersCleared) {
      offered = toasts.show({
        tone: 'ok',
        title: t('orders.accepted', { name, sku }),
        detail: ordersCleared > 0 ? plural('orders.cleared', ordersCleared) : undefined,
        action: { label: t('common.undo'), keys: 'Z', run: undo },
      });
    },
    notLinked: (name, error) => failed(t('orders.failed', { name }), error),
    undone(undone) {
      // Its button would take back the decision before.
      if (offered !== null) toasts.dismiss(offered);
      const together = undone?.together ?? 0;
      const title = undone ? t('orders.undone', { name: undone.name }) : t('orders.undo.nothing');
      toasts.show({ tone: 'info', title: together > 1 ? plural('pattern.undone', together) : title });
    },
    notChosen: (error) => failed(t('orders.chosen.unread'), error),
    notUndone: (error) => failed(t('orders.undo.failed'), error),
  };
}
