// The window on made-up answers, for looking at it in a browser: /dev/app.html?scene=mapping&lang=ar&theme=dark.
// Only the development server serves this; the product is built from index.html alone.
import { mockConvertFileSrc, mockIPC, mockWindows } from '@tauri-apps/api/mocks';
import { World, type Scene } from './world';

const wish = new URLSearchParams(location.search);
const scene = (wish.get('scene') ?? 'mapping') as Scene;
const world = new World(scene, {
  language: (wish.get('lang') ?? 'en') as 'en',
  theme: (wish.get('theme') ?? 'light') as 'light',
  density: (wish.get('density') ?? 'regular') as 'regular',
  digits: (wish.get('digits') ?? 'western') as 'western',
  textSize: '100',
  letterKeys: true,
  keepRunning: true,
  notifyFailures: true,
  notifyBlocked: true,
});
mockWindows('main');
mockConvertFileSrc('linux');
mockIPC((command, args) => world.answer(command, (args ?? {}) as Record<string, unknown>), { shouldMockEvents: true });
world.begin();
await import('../src/main');
