// The word catalogue: flat keys in three languages, read from the files that the command line reads too.
import arCommon from '../../../i18n/ar/common.json';
import arToday from '../../../i18n/ar/today.json';
import arHistory from '../../../i18n/ar/history.json';
import arFind from '../../../i18n/ar/find.json';
import arConnections from '../../../i18n/ar/connections.json';
import arErrors from '../../../i18n/ar/errors.json';
import arMapping from '../../../i18n/ar/mapping.json';
import arImports from '../../../i18n/ar/imports.json';
import arOrders from '../../../i18n/ar/orders.json';
import arReview from '../../../i18n/ar/review.json';
import arRuns from '../../../i18n/ar/runs.json';
import arSelling from '../../../i18n/ar/selling.json';
import arSettings from '../../../i18n/ar/settings.json';
import arShell from '../../../i18n/ar/shell.json';
import enCommon from '../../../i18n/en/common.json';
import enToday from '../../../i18n/en/today.json';
import enHistory from '../../../i18n/en/history.json';
import enFind from '../../../i18n/en/find.json';
import enConnections from '../../../i18n/en/connections.json';
import enErrors from '../../../i18n/en/errors.json';
import enMapping from '../../../i18n/en/mapping.json';
import enImports from '../../../i18n/en/imports.json';
import enOrders from '../../../i18n/en/orders.json';
import enReview from '../../../i18n/en/review.json';
import enRuns from '../../../i18n/en/runs.json';
import enSelling from '../../../i18n/en/selling.json';
import enSettings from '../../../i18n/en/settings.json';
import enShell from '../../../i18n/en/shell.json';
import frCommon from '../../../i18n/fr/common.json';
import frToday from '../../../i18n/fr/today.json';
import frHistory from '../../../i18n/fr/history.json';
import frFind from '../../../i18n/fr/find.json';
import frConnections from '../../../i18n/fr/connections.json';
import frErrors from '../../../i18n/fr/errors.json';
import frMapping from '../../../i18n/fr/mapping.json';
import frImports from '../../../i18n/fr/imports.json';
import frOrders from '../../../i18n/fr/orders.json';
import frReview from '../../../i18n/fr/review.json';
import frRuns from '../../../i18n/fr/runs.json';
import frSelling from '../../../i18n/fr/selling.json';
import frSettings from '../../../i18n/fr/settings.json';
import frShell from '../../../i18n/fr/shell.json';

const en = {
  ...enCommon,
  ...enFind,
  ...enHistory,
  ...enToday,
  ...enConnections,
  ...enErrors,
  ...enMapping,
  ...enImports,
  ...enOrders,
  ...enReview,
  ...enRuns,
  ...enSelling,
  ...enSettings,
  ...enShell,
};

/** Languages of the screens. */
export type Locale = 'en' | 'fr' | 'ar';

/** Every key of the catalogue, plural forms included. English decides which there are. */
type AnyKey = keyof typeof en;

/** Keys of one sentence. */
export type Key = Exclude<AnyKey, `${string}#${string}`>;

/** Keys of a sentence that changes with a number; their forms end in `#one`, `#other` and so on. */
export type PluralKey = AnyKey extends infer K ? (K extends `${infer Base}#other` ? Base : never) : never;

/** The words of each language. A test holds their keys and placeholders equal. */
export const WORDS: Record<Locale, Readonly<Record<string, string>>> = {
  en,
  fr: {
    ...frCommon,
    ...frFind,
    ...frHistory,
    ...frToday,
    ...frConnections,
    ...frErrors,
    ...frMapping,
    ...frImports,
    ...frOrders,
    ...frReview,
    ...frRuns,
    ...frSelling,
    ...frSettings,
    ...frShell,
  },
  ar: {
    ...arCommon,
    ...arFind,
    ...arHistory,
    ...arToday,
    ...arConnections,
    ...arErrors,
    ...arMapping,
    ...arImports,
    ...arOrders,
    ...arReview,
    ...arRuns,
    ...arSelling,
    ...arSettings,
    ...arShell,
  },
};
