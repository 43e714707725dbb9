// Which language the screens speak now, and with which digits. Words and formats read it, so they follow.
import type { Locale } from './words';

/** Digits in Arabic. */
export type DigitStyle = 'western' | 'arabic_indic';

class Speech {
  locale = $state<Locale>('en');
  digits = $state<DigitStyle>('western');

  /** Reading direction. */
  get direction(): 'ltr' | 'rtl' {
    return this.locale === 'ar' ? 'rtl' : 'ltr';
  }

  /** The tag for `Intl`: language and digits. Codes and SKUs never go through it. */
  get tag(): string {
    const numbers = this.locale === 'ar' && this.digits === 'arabic_indic' ? 'arab' : 'latn';
    return `${this.locale}-u-nu-${numbers}`;
  }
}

export const speech = new Speech();

/** The first of the system's languages that Tandem speaks, or English. */
export function systemLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'fr' || language === 'ar') return language;
  }
  return 'en';
}

/** Switches language and digits, and turns the page around for Arabic. */
export function speak(locale: Locale, digits: DigitStyle): void {
  speech.locale = locale;
  speech.digits = digits;
  document.documentElement.lang = locale;
  document.documentElement.dir = speech.direction;
}
