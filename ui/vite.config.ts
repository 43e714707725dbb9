// How the window's screens are built, served while developing, and tested.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: 1420,
    strictPort: true,
    // The words live beside the crates, because the command line reads them too.
    fs: { allow: [here('.'), here('../i18n')] },
  },
  build: {
    target: ['es2022', 'safari16.4', 'chrome111'],
    sourcemap: false,
    reportCompressedSize: false,
  },
  // Under Vitest, Svelte must resolve to its browser build for components to mount.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test_setup.ts'],
    testTimeout: 10_000,
  },
}));
