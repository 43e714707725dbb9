// Our own icons: strokes on a 16 by 16 grid, drawn in the colour of the text around them.

/** One drawing: lines, what is filled, and lines that are dashed. */
export interface Drawing {
  line?: string;
  solid?: string;
  dashed?: string;
  dash?: string;
}

export const ICONS = {
  alert: { line: 'M8 2.3 14.3 13.3H1.7zM8 6.5v3.2M8 11.5v.1' },
  arrow: { line: 'M2.5 8h11M9.5 4l4 4-4 4' },
  bell: { line: 'M4 11V7.2a4 4 0 0 1 8 0V11l1 1.2H3zM6.7 14h2.6' },
  bulb: { line: 'M5.6 10.2a4 4 0 1 1 4.8 0c-.5.4-.7.9-.7 1.5H6.3c0-.6-.2-1.1-.7-1.5zM6.5 13.7h3' },
  check: { line: 'm3 8.4 3.3 3.3L13 4.8' },
  chevron: { line: 'm6.2 4 4 4-4 4' },
  'chevron-down': { line: 'm4 6.3 4 4 4-4' },
  circle: { line: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0' },
  clock: { line: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0M8 4.8V8l2.2 1.6' },
  close: { line: 'm4 4 8 8M12 4l-8 8' },
  connections: { line: 'M5.8 2v3M10.2 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14' },
  copy: { line: 'M7 5.5h5a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-5a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5zM10.5 3.5a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1' },
  code: { line: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5' },
  diff: { line: 'M2.5 5h6M2.5 9h11M12 2.5 9.5 12M2.5 13h5' },
  dot: { line: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0', solid: 'M5.8 8a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0' },
  download: { line: 'M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11' },
  equal: { line: 'M3 6h10M3 10h10' },
  external: { line: 'M6.5 3.5h-3v9h9v-3M9 2.8h4.2V7M13 3 7.5 8.5' },
  fork: { line: 'M3 3v3.5a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2V3M8 8.5V13M1.5 4.5 3 3l1.5 1.5M11.5 4.5 13 3l1.5 1.5' },
  eye: { line: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM6.2 8a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0' },
  filter: { line: 'M2.5 4h11M4.5 8h7M6.5 12h3' },
  globe: { line: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0M2.2 8h11.6M8 2.2c4 3.6 4 8 0 11.6M8 2.2c-4 3.6-4 8 0 11.6' },
  half: { line: 'M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0', solid: 'M8 2.5a5.5 5.5 0 0 1 0 11z' },
  history: { line: 'M2.6 8a5.5 5.5 0 1 0 1.7-4M2.5 2.5v2.6h2.6M8 5.2V8l2 1.4' },
  key: { line: 'M2.2 11a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0M7 9l6-6M11 5l1.8 1.8M9.3 6.7 10.6 8' },
  keyboard: { line: 'M3 4h10a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-10a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5zM4 6.5h.1M6.7 6.5h.1M9.3 6.5h.1M12 6.5h.1M5 9.5h6' },
  logo: { line: 'M1.2 10.2a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M8.8 10.2a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M4.2 10.2 6.6 4.6h4.2l1 5.6M6.6 4.6H5.2M8 10.2 10.8 4.6' },
  mapping: { line: 'M3.3 4h1.7a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-1.7a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5zM11 4h1.7a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-1.7a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5zM6.5 8h3' },
  maps: { line: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM2.5 6.3h11M7 6.3V13' },
  near: { line: 'M3 6.8c1.5-2 3.3-1.8 5-.8s3.5 1.2 5-.8M3 11.2c1.5-2 3.3-1.8 5-.8s3.5 1.2 5-.8' },
  neq: { line: 'M3 6h10M3 10h10M11 2.5l-6 11' },
  none: { line: 'M6.5 8h3' },
  odoo: { line: 'M3 8a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M6.4 8a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0' },
  offline: { line: 'M2 2l12 12M4.5 4.6C2.8 5.5 1.9 7 1.9 8.4c0 1.9 1.5 3.3 3.4 3.3h6M6.5 3.7a4 4 0 0 1 5.2 3c1.5.2 2.4 1.4 2.4 2.6 0 .5-.1.9-.4 1.3' },
  ok: { line: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M5.3 8.2l1.9 1.9 3.6-3.9' },
  'only-odoo': { line: 'M10.7 4h2a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-2a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5z', dashed: 'M6 6v4M3.5 7v2', dash: '1 2' },
  'only-store': { line: 'M3.3 4h2a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-2a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5z', dashed: 'M10 6v4M12.5 7v2', dash: '1 2' },
  orders: { line: 'M3.5 14V2.5h9V14l-1.8-1.2L9 14l-1-1.2L6.8 14l-1.6-1.2zM6 6h4M6 9h4' },
  pause: { line: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0M6.5 6v4M9.5 6v4' },
  pencil: { line: 'm3 13 .6-2.8 7-7a1.5 1.5 0 0 1 2.2 2.2l-7 7z' },
  person: { line: 'M5.4 5.3a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0M3 13.5c.6-2.8 2.5-4 5-4s4.4 1.2 5 4' },
  play: { line: 'M5 3.2 12.5 8 5 12.8z' },
  plus: { line: 'M8 3v10M3 8h10' },
  price: { line: 'M8.3 2.3H13.7v5.4l-6 6L2.3 8.3zM11 5v.1' },
  refresh: { line: 'M13.3 6.5A5.5 5.5 0 0 0 3.6 5M2.7 9.5A5.5 5.5 0 0 0 12.4 11M3.3 2.3V5h2.7M12.7 13.7V11H10' },
  search: { line: 'M2.7 7a4.3 4.3 0 1 0 8.6 0a4.3 4.3 0 1 0 -8.6 0M10.3 10.3l3.4 3.4' },
  settings: { line: 'M5.9 8a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0 -4.2 0M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4' },
  shield: { line: 'M8 1.8 13.2 3.7v4c0 3-2.2 5.3-5.2 6.5C5 13 2.8 10.7 2.8 7.7v-4zM8 5v3.3M8 10.6v.1' },
  stock: { line: 'M2.5 5.5 8 2.5l5.5 3L8 8.5zM2.5 8.2 8 11.2l5.5-3M2.5 10.9 8 13.9l5.5-3' },
  stop: { line: 'M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM8 5v3.6M8 10.9v.1' },
  store: { line: 'M2.5 6.5 3.5 2.8h9l1 3.7a1.8 1.8 0 0 1-3.6.3 1.9 1.9 0 0 1-3.8 0 1.8 1.8 0 0 1-3.6-.3M3.5 8.5v5h9v-5' },
  today: { line: 'M4.5 3h7a2 2 0 0 1 2 2v6.5a2 2 0 0 1 -2 2h-7a2 2 0 0 1 -2 -2V5a2 2 0 0 1 2 -2zM2.5 6.5h11M5.5 1.8v2.4M10.5 1.8v2.4' },
  undo: { line: 'M3 6.5h6.3a3.5 3.5 0 0 1 0 7H6M5.8 3.5 2.8 6.5l3 3' },
  verified: { line: 'm1.5 8.6 2.8 2.8 5.5-6M7.5 11l.6.5 6-6.5' },
  wait: { line: 'M8 5v3l1.8 1.3', dashed: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0 -11.6 0', dash: '2.5 2' },
} as const satisfies Record<string, Drawing>;

export type IconName = keyof typeof ICONS;

/** These point somewhere in reading direction, so they turn around in Arabic. */
export const MIRRORED: ReadonlySet<IconName> = new Set(['arrow', 'chevron', 'external', 'undo']);
