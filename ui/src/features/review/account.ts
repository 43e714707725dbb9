// What the texts of a pair say to each other, and how sure the matching is, in words for the screen.
import { decimal, number, plural, t } from '../../i18n';
import type { AccountView, Measured, PairDetail } from '../../api/types';
import type { IconName } from '../../parts/icons';
import { ofHundred } from '../../pieces/share';

/** One line between store and Odoo: what is compared, how it stands, and what each side says. */
export interface TextRow {
  label: string;
  icon: IconName;
  tone: string;
  text: string;
  store: string;
  odoo: string;
  /** What stands there differs, so it is marked. */
  marked: boolean;
  /** The whole words, where the text is short. */
  full: string;
}

/** As far from the usual ratio of prices, and it is no longer just as usual. */
const USUAL_MAX = 1.1;

const said = (words: string) => (words === '' ? t('account.silent') : words);

/** What excludes each other: it stands before everything else. */
export function contrastRows(account: AccountView): TextRow[] {
  return account.contrasts.map(({ difference, store, odoo }) => ({
    label: t(`difference.${difference}`),
    icon: 'neq',
    tone: 'bad',
    text: t('relation.differs'),
    store: said(store),
    odoo: said(odoo),
    marked: true,
    full: '',
  }));
}

/** Words that were taken for one, words that agree or stand on one side alone, and how usual the price is. */
export function wordRows(account: AccountView): TextRow[] {
  const met: TextRow[] = account.met.map(({ store, odoo, origin }) => ({
    label: t('account.word'),
    icon: 'near',
    tone: '',
    text: t(`origin.${origin}`),
    store,
    odoo,
    marked: false,
    full: '',
  }));
  const { same, onlyStore, onlyOdoo } = account;
  const only = (words: readonly string[]) => (words.length === 0 ? '' : t('account.only', { words: words.join(', ') }));
  const words: TextRow = {
    label: t('account.words'),
    icon: same.length > 0 ? 'equal' : 'neq',
    tone: same.length > 0 ? 'ok' : 'warn',
    text: same.length > 0 ? plural('account.same', same.length) : t('account.none_same'),
    store: only(onlyStore),
    odoo: only(onlyOdoo),
    marked: false,
    full: same.join(', '),
  };
  const rows = same.length + onlyStore.length + onlyOdoo.length > 0 ? [...met, words] : met;
  return account.priceFactor === null ? rows : [...rows, priceRow(account.priceFactor)];
}

function priceRow(factor: string): TextRow {
  const usual = Number(factor) < USUAL_MAX;
  return {
    label: t('account.price'),
    icon: usual ? 'equal' : 'price',
    tone: usual ? 'ok' : '',
    text: usual ? t('account.price.usual') : t('account.price.off', { factor: decimal(factor) }),
    store: '',
    odoo: '',
    marked: false,
    full: '',
  };
}

/** How often such pairs were right. */
export function measuredWords(measured: Measured | null): string {
  if (measured === null) return t('measured.nobody');
  return t(measured.checked === 0 ? 'measured.before' : 'measured.here', { share: ofHundred(measured.shareBp) });
}

/** What the share rests on; empty where nobody looked. */
export function lookedWords(measured: Measured | null): string {
  return measured === null || measured.checked === 0 ? '' : plural('measured.looked', measured.checked, { wrong: number(measured.wrong) });
}

/** Why a pair was not linked by itself, the finest words there are; each is said once. */
export function cautionSentences({ cautions, reasons }: Pick<PairDetail, 'cautions' | 'reasons'>): string[] {
  const sentences = cautions.length > 0 ? cautions.map((caution) => t(`caution.${caution}`)) : reasons.map((reason) => t(`reason.${reason}`));
  return [...new Set(sentences)];
}
