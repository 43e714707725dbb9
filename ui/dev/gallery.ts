// Every part in its states, for looking at: /gallery.html?lang=ar&theme=dark. Only the development server serves it.
import { mount } from 'svelte';
import { speak } from '../src/i18n';
import '../src/styles/all.css';
import Gallery from './Gallery.svelte';

const wish = new URLSearchParams(location.search);
speak((wish.get('lang') ?? 'en') as 'en', 'western');
const theme = wish.get('theme');
if (theme) document.documentElement.dataset['theme'] = theme;
const target = document.getElementById('app');
if (target) {
  target.style.overflow = 'auto';
  mount(Gallery, { target });
}
