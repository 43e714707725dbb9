// What the window says and offers for every error. The table is total: a new code does not type-check until it has a row,
// and its words do not type-check until the catalogue has them.
import { known, t, type Key } from '../i18n';
import type { AppError, Code } from './types';

/** What clears it, as far as this window can help. */
export type Remedy = 'retry' | 'keys' | 'address' | 'database' | 'company' | 'trust' | 'renew' | 'consent' | 'same';

/** How an error is shown. */
export interface Presentation {
  severity: 'bad' | 'warn';
  /** A drawing of `parts/icons`. */
  icon: 'alert' | 'clock' | 'connections' | 'key' | 'offline' | 'pause' | 'person' | 'shield' | 'stop' | 'wait';
  remedy: Remedy;
}

export const PRESENTATIONS: Record<Code, Presentation> = {
  'connection.host_unknown': { severity: 'bad', icon: 'offline', remedy: 'address' },
  'connection.port_closed': { severity: 'bad', icon: 'offline', remedy: 'address' },
  'connection.no_answer': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'connection.tls': { severity: 'bad', icon: 'shield', remedy: 'address' },
  'connection.certificate_untrusted': { severity: 'bad', icon: 'shield', remedy: 'trust' },
  'connection.certificate_expired': { severity: 'bad', icon: 'shield', remedy: 'retry' },
  'connection.certificate_other_name': { severity: 'bad', icon: 'shield', remedy: 'address' },
  'connection.tls_not_spoken': { severity: 'bad', icon: 'shield', remedy: 'address' },
  'connection.not_the_product': { severity: 'bad', icon: 'alert', remedy: 'address' },
  'connection.html_instead': { severity: 'bad', icon: 'alert', remedy: 'address' },
  'connection.api_missing': { severity: 'bad', icon: 'connections', remedy: 'retry' },
  'connection.redirected_elsewhere': { severity: 'bad', icon: 'alert', remedy: 'address' },
  'connection.redirect_loop': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'connection.another_shop': { severity: 'bad', icon: 'alert', remedy: 'same' },
  'connection.version_unsupported': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'connection.firewall': { severity: 'bad', icon: 'shield', remedy: 'retry' },
  'connection.maintenance': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'connection.server_failed': { severity: 'bad', icon: 'stop', remedy: 'retry' },
  'connection.too_many_requests': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'connection.credentials_refused': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'connection.secret_wrong': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'connection.two_factor': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'connection.key_expired': { severity: 'bad', icon: 'key', remedy: 'renew' },
  'connection.password_needed': { severity: 'warn', icon: 'key', remedy: 'renew' },
  'connection.clock_off': { severity: 'bad', icon: 'clock', remedy: 'retry' },
  'connection.locked_out': { severity: 'bad', icon: 'key', remedy: 'retry' },
  'connection.key_may_not_read': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'connection.key_may_not_write': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'connection.user_lacks_right': { severity: 'bad', icon: 'person', remedy: 'keys' },
  'connection.database_unknown': { severity: 'bad', icon: 'alert', remedy: 'database' },
  'connection.database_needed': { severity: 'bad', icon: 'alert', remedy: 'database' },
  'server.not_found': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'server.invalid': { severity: 'bad', icon: 'stop', remedy: 'retry' },
  'server.unreadable': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'server.answer_cut': { severity: 'warn', icon: 'offline', remedy: 'retry' },
  'server.answer_lost': { severity: 'warn', icon: 'offline', remedy: 'retry' },
  'server.overtaken': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'input.file_unreadable': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'input.file_exists': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'review.set_changed': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'input.invalid': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'input.connection_unknown': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'input.name_taken': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'input.still_bound': { severity: 'bad', icon: 'connections', remedy: 'retry' },
  'input.store_not_bound': { severity: 'bad', icon: 'connections', remedy: 'company' },
  'input.company_taken': { severity: 'bad', icon: 'connections', remedy: 'company' },
  'input.decisions_at_stake': { severity: 'warn', icon: 'connections', remedy: 'company' },
  'consent.denied': { severity: 'warn', icon: 'person', remedy: 'consent' },
  'consent.timed_out': { severity: 'warn', icon: 'wait', remedy: 'consent' },
  'input.order_ambiguous': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'input.record_unknown': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'vault.unavailable': { severity: 'bad', icon: 'key', remedy: 'retry' },
  'vault.locked': { severity: 'bad', icon: 'key', remedy: 'retry' },
  'vault.secret_missing': { severity: 'bad', icon: 'key', remedy: 'keys' },
  'vault.read_only': { severity: 'warn', icon: 'key', remedy: 'keys' },
  'vault.failed': { severity: 'bad', icon: 'key', remedy: 'retry' },
  'cache.failed': { severity: 'bad', icon: 'stop', remedy: 'retry' },
  'cache.newer_version': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'import.terms_unknown': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'import.no_sales': { severity: 'bad', icon: 'person', remedy: 'retry' },
  'import.totals_differ': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'import.product_gone': { severity: 'bad', icon: 'alert', remedy: 'retry' },
  'import.no_effect': { severity: 'bad', icon: 'stop', remedy: 'retry' },
  'import.nothing_to_invoice': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'import.no_document': { severity: 'warn', icon: 'alert', remedy: 'retry' },
  'import.held_back': { severity: 'warn', icon: 'stop', remedy: 'retry' },
  'customers.not_offered': { severity: 'warn', icon: 'person', remedy: 'retry' },
  'customers.not_kept': { severity: 'bad', icon: 'person', remedy: 'retry' },
  'engine.busy': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'engine.run_busy': { severity: 'warn', icon: 'wait', remedy: 'retry' },
  'engine.cancelled': { severity: 'warn', icon: 'pause', remedy: 'retry' },
  internal: { severity: 'bad', icon: 'stop', remedy: 'retry' },
};

/** An error in the person's language, ready for the `Diagnosis` part. */
export interface ErrorWords {
  icon: Presentation['icon'];
  tone: Presentation['severity'];
  title: string;
  /** What happened, and what is safe. */
  what: string;
  /** What to do, in order. */
  steps: string[];
  code: string;
  /** For support: the values that came with it, and the server's own words. */
  details: string;
}

type Part = 'title' | 'what' | 'next';

/**
 * Says an error in the person's language. Where it is known why exactly, or what kind of server it is, the words for that
 * are told: the switch to flip is somewhere else in a shop than in Odoo.
 */
export function errorWords(error: AppError, kind?: string): ErrorWords {
  const params = withOurNames(error.params);
  const values = Object.entries(error.params).map(([name, value]) => `${name}: ${value}`);
  const said = (part: Part) => t(keyOf(error, part, kind), params);
  return {
    icon: PRESENTATIONS[error.code].icon,
    tone: PRESENTATIONS[error.code].severity,
    title: ofConnection(error.params, said('title')),
    what: said('what'),
    steps: said('next').split('\n'),
    code: error.code,
    details: [error.code, ...values, error.details].filter((line) => line !== '').join('\n'),
  };
}

/** Where it is known which connection something is about, its name comes first. */
export function ofConnection(params: AppError['params'], sentence: string): string {
  const connection = params['connection'];
  return connection === undefined ? sentence : t('problem.of_connection', { connection, sentence });
}

/** The most particular sentence that the catalogue has. */
function keyOf(error: AppError, part: Part, kind: string | undefined): Key {
  const { reason, firewall, firewall_code: code, rule = code, two_factor: twoFactor, secret } = error.params;
  const particulars = [
    reason,
    twoFactor === 'possible' ? 'two_factor' : secret === 'key' ? 'key' : '',
    rule && `cloudflare_${rule}`,
    firewall && 'named',
    kind,
  ];
  const keys = particulars.map((particular) => `error.${error.code}.${part}.${particular ?? ''}`);
  return keys.find(known) ?? `error.${error.code}.${part}`;
}

/** Some values are names of our own, such as a field of a form: they are said in the person's language too. */
function withOurNames(params: AppError['params']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const key = `name.${name}.${value}`;
      return [name, known(key) ? t(key) : value];
    }),
  );
}

/** Any rejection as an `AppError`. The framework refuses calls with a bare string: that is a defect of ours. */
export function failureOf(thrown: unknown): AppError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && isCode(thrown.code)) return thrown as AppError;
  const details = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : JSON.stringify(thrown);
  return { code: 'internal', params: {}, details, retryable: false };
}

function isCode(code: unknown): code is Code {
  return typeof code === 'string' && code in PRESENTATIONS;
}
