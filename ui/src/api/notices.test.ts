// What must hold of `notices.ts`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { speak, type Locale } from '../i18n';
import { WORDS } from '../i18n/words';
import { noticeWords, wayWords } from './notices';

const LOCALES: readonly Locale[] = ['en', 'fr', 'ar'];
/** The tests run in `ui`. */
const root = join(process.cwd(), '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The codes as the contract declares them: `Name = "code";` inside `notices!`. */
const CODES = [...(/\nnotices! \{([\s\S]*?)\n\}/.exec(read('crates/contract/src/check.rs'))?.[1] ?? '').matchAll(/^ {4}\w+ = "(\w+)";/gm)].map(([, code]) => code ?? '');

afterEach(() => speak('en', 'western'));

describe('a notice', () => {
  it.each(LOCALES)('of every code of the contract has its three sentences in %s', (locale) => {
    speak(locale, 'western');
    expect(CODES.length).toBeGreaterThan(10);
    for (const code of CODES) {
      for (const part of ['title', 'what', 'next']) expect(WORDS[locale][`notice.${code}.${part}`], `${code}.${part}`).toBeDefined();
      const words = noticeWords({ code, params: {} });
      expect(words?.steps.every((step) => step.trim() !== ''), code).toBe(true);
    }
  });

  it('of a later version is left out', () => {
    expect(noticeWords({ code: 'from_a_newer_version', params: {} })).toBeNull();
  });

  it('writes its values as a person does', () => {
    expect(noticeWords({ code: 'clock_skew', params: { seconds: '-420' } })?.title).toBe('The two clocks differ by 7 min');
    expect(noticeWords({ code: 'key_expires', params: { date: '2026-12-04T10:00:00Z' } })?.title).toBe('The key ends on Dec 4, 2026');
    expect(noticeWords({ code: 'facts_hidden', params: { facts: 'settings/tax, own_thing' } })?.what).toContain('tax settings, own_thing');
    speak('fr', 'western');
    const decimals = noticeWords({ code: 'currency_decimals', params: { currency: 'KWD', found: 'store 2, Odoo 3', standard: '3' } });
    expect(decimals?.title).toContain('Boutique 2, Odoo 3');
  });
});

describe('a way in', () => {
  it.each(LOCALES)('of every connector has words in %s', (locale) => {
    speak(locale, 'western');
    for (const [kind, ways] of Object.entries(waysOfConnectors())) {
      expect(ways.length, kind).toBeGreaterThan(2);
      for (const way of ways) expect(WORDS[locale][`way.${kind}.${way}`], `${kind}.${way}`).toBeDefined();
    }
  });

  it('of a later version keeps its code', () => {
    expect(wayWords('odoo', 'json3')).toBe('json3');
    expect(wayWords('odoo', 'jsonrpc')).toBe('login and key, JSON-RPC');
  });
});

/** The ways as the catalogue names them, checked against the sources: a code that no source says is a word that nobody says. */
function waysOfConnectors(): Record<string, string[]> {
  const ways: Record<string, string[]> = {};
  for (const key of Object.keys(WORDS.en)) {
    const [, kind, way] = /^way\.(\w+)\.(\w+)$/.exec(key) ?? [];
    if (kind && way) (ways[kind] ??= []).push(way);
  }
  for (const [kind, codes] of Object.entries(ways)) {
    const sources = readdirSync(join(root, 'connectors', kind, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => read(`connectors/${kind}/src/${name}`))
      .join('\n');
    for (const code of codes) expect(sources, `${kind} says ${code}`).toContain(`"${code}"`);
  }
  return ways;
}
