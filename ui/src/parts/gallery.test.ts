// The page of all parts has all of them, and drawing them breaks nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Gallery from '../../dev/Gallery.svelte';

/** The frame of a whole screen, which every screen shows, and a piece of the finder. */
const ELSEWHERE = new Set(['Page', 'FinderRow']);

describe('the page of all parts', () => {
  it('has every part', () => {
    const page = ['Gallery', 'GalleryMore'].map((name) => readFileSync(`dev/${name}.svelte`, 'utf8')).join('\n');
    const parts = readdirSync('src/parts').filter((file) => file.endsWith('.svelte')).map((file) => file.replace('.svelte', ''));
    const missing = parts.filter((part) => !ELSEWHERE.has(part) && !new RegExp(`<${part}[\\s/>]`).test(page));
    expect(missing).toEqual([]);
  });

  it('draws them', () => {
    const { container } = render(Gallery);
    expect(container.querySelectorAll('section').length).toBeGreaterThan(8);
  });
});
