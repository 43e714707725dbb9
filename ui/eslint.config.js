// The arrows of ui/: who may import whom. The rest is the plugins' own recommendation.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const backend = {
  group: ['@tauri-apps/*', '**/generated/*'],
  message: 'Only src/api talks to the backend: use query, mutate and events of api/client.',
};
const apiAndFeatures = {
  group: ['**/api/*', '**/pieces/*', '**/features/*', '**/features/**'],
  message: 'A part knows no domain: it imports styles and i18n only.',
};
const features = {
  group: ['**/features/*', '**/features/**'],
  message: 'A piece serves several features and knows none of them.',
};
const otherFeature = {
  regex: '^\\.\\./(?!\\.\\./)',
  message: 'A feature imports parts and api, not another feature; App.svelte composes.',
};

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/generated'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      // TypeScript knows which names exist.
      'no-undef': 'off',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'svelte/require-each-key': 'error',
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/api/**', 'src/**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [backend] }] },
  },
  {
    files: ['src/parts/**', 'src/i18n/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [backend, apiAndFeatures] }] },
  },
  {
    files: ['src/pieces/**'],
    ignores: ['src/**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [backend, features] }] },
  },
  {
    files: ['src/features/**'],
    ignores: ['src/**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [backend, otherFeature] }] },
  },
);
