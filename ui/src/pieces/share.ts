// A measured share, as it is written everywhere.
import { number } from '../i18n';

/** A share that can be relied on, out of a hundred. Whole hundreds are never reached, and never shown. */
export function ofHundred(shareBp: number): string {
  return number(Math.min(shareBp, 9_999) / 100);
}
