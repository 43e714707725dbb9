// What must hold of `errors.ts`.
import { afterEach, describe, expect, it } from 'vitest';
import { speak, type Locale } from '../i18n';
import { WORDS } from '../i18n/words';
import { Failure, errorOf } from './client';
import { PRESENTATIONS, errorWords, failureOf } from './errors';
import type { AppError, Code } from './types';

afterEach(() => speak('en', 'western'));

const codes = Object.keys(PRESENTATIONS) as Code[];
const error = (code: Code, params: AppError['params'] = {}): AppError => ({ code, params, details: '', retryable: false });

describe('every error', () => {
  it.each(['en', 'fr', 'ar'] as Locale[])('has its three sentences in %s', (locale) => {
    speak(locale, 'western');
    for (const code of codes) {
      const words = errorWords(error(code));
      expect(words.title, code).not.toContain('error.');
      expect(words.what, code).not.toBe('');
      expect(words.steps.every((step) => step.trim() !== ''), code).toBe(true);
    }
  });

  it('opens only places that its code always fills', () => {
    // Connectors know different things about a failure, so its words must read without any of them.
    const always: Partial<Record<Code, string[]>> = {
      'input.file_unreadable': ['file'],
      'input.file_exists': ['file'],
      'review.set_changed': ['count'],
      'input.invalid': ['field'],
      'input.connection_unknown': ['name'],
      'input.name_taken': ['name'],
      'input.order_ambiguous': ['record'],
      'input.record_unknown': ['record'],
      'input.still_bound': ['stores'],
      'input.store_not_bound': ['name'],
      'input.company_taken': ['store', 'company'],
      'input.decisions_at_stake': ['count'],
      'connection.another_shop': ['was', 'is'],
      'import.nothing_to_invoice': ['sale'],
      'import.totals_differ': ['difference', 'currency'],
      'import.product_gone': ['name'],
      'vault.secret_missing': ['name'],
    };
    for (const code of codes) {
      for (const part of ['title', 'what', 'next', 'next.woocommerce', 'next.odoo']) {
        const places = [...(WORDS.en[`error.${code}.${part}`] ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
        for (const place of places) expect(always[code], `${code}.${part}`).toContain(place);
      }
    }
  });

  it('names the fields of our forms in the language of the person', () => {
    speak('fr', 'western');
    expect(errorWords(error('input.invalid', { field: 'url', value: 'x' })).what).toContain('l’adresse');
  });

  it('keeps for support what came with it', () => {
    const words = errorWords({ code: 'connection.firewall', params: { status: '403' }, details: 'error code: 1010', retryable: false });
    expect(words.details).toBe('connection.firewall\nstatus: 403\nerror code: 1010');
  });

  it('names the connection that it is about, where that is known', () => {
    expect(errorWords(error('connection.firewall', { connection: 'Party Shop' })).title).toBe(`Party Shop: ${errorWords(error('connection.firewall')).title}`);
  });

  it('is told in steps', () => {
    expect(errorWords(error('connection.firewall')).steps).toHaveLength(4);
  });

  it('tells why, where the server said why', () => {
    const stripped = errorWords(error('connection.credentials_refused', { reason: 'header_stripped' }), 'woocommerce');
    expect(stripped.what).toContain('never arrived');
    expect(stripped.steps[0]).toContain('Authorization');
    const later = errorWords(error('connection.credentials_refused', { reason: 'from_a_newer_version' }), 'woocommerce');
    expect(later.steps[0], 'without words for the reason, those of the kind').toContain('Copy login and key');
    const cloudflare = errorWords(error('connection.firewall', { firewall: 'Cloudflare', firewall_code: '1010' }), 'woocommerce');
    expect([cloudflare.title, cloudflare.what]).toEqual(['Cloudflare turned Tandem away', expect.stringContaining('error 1010')]);
    expect(errorWords(error('connection.firewall', { rule: '1020' }), 'odoo').what, 'Odoo’s connector calls it a rule').toContain('error 1020');
    expect(errorWords(error('connection.credentials_refused', { two_factor: 'possible' }), 'odoo').what).toContain('two steps');
    expect(errorWords(error('connection.firewall', { firewall: 'Wordfence' })).title).toBe('Wordfence turned Tandem away');
  });

  it('tells the steps of the server at hand, where they are known', () => {
    expect(errorWords(error('connection.api_missing'), 'odoo').steps.join()).toContain('Apps');
    expect(errorWords(error('connection.api_missing'), 'woocommerce').steps.join()).toContain('Plugins');
    expect(errorWords(error('connection.tls'), 'woocommerce').steps).toEqual(errorWords(error('connection.tls')).steps);
  });
});

describe('a rejection', () => {
  it('is an error of ours when it has one of our codes', () => {
    const own = error('connection.tls');
    expect(failureOf(own)).toBe(own);
    expect(errorOf(new Failure(own))).toBe(own);
  });

  it('is a defect of ours when the framework refuses with a bare string', () => {
    expect(failureOf('decide not allowed')).toEqual({ code: 'internal', params: {}, details: 'decide not allowed', retryable: false });
    expect(errorOf(new TypeError('x is undefined')).details).toBe('x is undefined');
    expect(failureOf({ code: 'made.up' }).code).toBe('internal');
  });
});
