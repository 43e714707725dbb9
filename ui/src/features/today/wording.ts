// What calls for a person, in words, and where one clears it.
import { errorWords } from '../../api/errors';
import type { MoneyHeld, Need, NeedKind } from '../../api/types';
import { decimal, known, money, plural, t, type Key } from '../../i18n';
import type { IconName } from '../../parts/icons';
import type { Route } from '../../route';

/** How a kind of need looks. */
export interface NeedLook {
  icon: IconName;
  tone: 'bad' | 'warn' | 'acc';
}

export const NEEDS: Record<NeedKind, NeedLook> = {
  connection_stopped: { icon: 'stop', tone: 'bad' },
  keychain_closed: { icon: 'key', tone: 'warn' },
  fetch_failed: { icon: 'stop', tone: 'bad' },
  orders_blocked: { icon: 'orders', tone: 'bad' },
  conflicts: { icon: 'fork', tone: 'warn' },
  pairs_to_review: { icon: 'mapping', tone: 'acc' },
  connection_notice: { icon: 'key', tone: 'warn' },
  records_refused: { icon: 'alert', tone: 'warn' },
  never_fetched: { icon: 'refresh', tone: 'acc' },
};

/** Amounts one after the other: there is no sum over currencies. */
export function worth(held: readonly MoneyHeld[]): string {
  return held.map(({ amount, currency }) => money(amount, currency)).join(', ');
}

/** An amount whose currency stands beside it. */
export function amount(held: MoneyHeld): string {
  return decimal(held.amount);
}

/** What it is. */
export function needTitle(need: Need): string {
  switch (need.kind) {
    case 'orders_blocked': {
      const blocked = plural('today.need.orders_blocked', need.count);
      return need.held.length === 0 ? blocked : `${blocked}${t('orders.comma')}${t('today.need.orders_blocked.held', { worth: worth(need.held) })}`;
    }
    case 'conflicts':
    case 'pairs_to_review':
    case 'records_refused':
      return plural(`today.need.${need.kind}`, need.count);
    default:
      return t(`today.need.${need.kind}`, { name: need.name });
  }
}

/** Why, and what is safe. */
export function needText(need: Need): string {
  if (need.error) {
    const { title, what } = errorWords(need.error);
    return `${title}. ${what}`;
  }
  if (need.kind === 'orders_blocked') {
    const reasons = need.reasons.map(({ kind, orders }) => {
      const reason = t(`blocker.${kind}.short`);
      return orders > 1 ? t('today.and_reason', { reason, count: orders }) : reason;
    });
    return reasons.join(t('orders.comma'));
  }
  const notice = `notice.${need.notice ?? ''}.title`;
  if (known(notice)) return t(notice, need.params);
  const key = `today.need.${need.kind}.text`;
  return known(key) ? t(key) : '';
}

/** What a need's button says and does. */
export interface NeedAction {
  label: Key;
  route?: Route;
  /** It reads the need's store instead of opening a screen. */
  fetch?: true;
}

/** What clears it. */
export function actionOf(need: Need): NeedAction | null {
  switch (need.kind) {
    case 'orders_blocked':
      return { label: 'today.do.clear', route: { page: 'orders', blocked: true } };
    case 'conflicts':
      return { label: 'today.do.decide', route: { page: 'mapping', tab: 'conflicts' } };
    case 'pairs_to_review':
      return { label: 'today.do.review', route: { page: 'mapping', tab: 'to_review' } };
    case 'records_refused':
      return { label: 'today.do.look', route: { page: 'connections', slug: need.slug, problems: true } };
    case 'connection_notice':
      return { label: 'today.do.renew', route: { page: 'connections', slug: need.slug } };
    case 'connection_stopped':
    case 'keychain_closed':
      return { label: 'today.do.look', route: { page: 'connections', slug: need.slug } };
    case 'fetch_failed':
    case 'never_fetched':
      return { label: 'today.do.fetch', fetch: true };
  }
}
