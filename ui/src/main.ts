// Where the window begins.
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/all.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element for the window');
mount(App, { target });
