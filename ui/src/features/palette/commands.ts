// What each command does, and when it can be done.
import type { CommandTag } from '../../api/types';
import { t, type Key } from '../../i18n';
import type { IconName } from '../../parts/icons';
import type { Route } from '../../route';

/** What the window can do for a command. */
export interface CommandHost {
  go(route: Route): void;
  /** Reads the store in front; `full` reads everything. */
  fetch(full: boolean): void;
  cancelFetch(): void;
  matchAgain(): void;
  checkConnections(): void;
  openSandbox(): void;
  switchTheme(): void;
  showKeys(): void;
}

/** What is the case in the window now. */
export interface CommandState {
  store: string | null;
  /** Both sides of the store in front were read once. */
  fetched: boolean;
  running: boolean;
  readOnly: boolean;
  sandbox: boolean;
}

interface Command {
  icon: IconName;
  run(host: CommandHost, state: CommandState): void;
  /** Left out where it would do nothing. */
  can?(state: CommandState): boolean;
}

const withStore = ({ store }: CommandState) => store !== null;
const withFetched = ({ fetched }: CommandState) => fetched;
const canFetch = ({ store, running, readOnly }: CommandState) => store !== null && !running && !readOnly;
const opens = (icon: IconName, route: Route, can?: Command['can']): Command => ({ icon, run: (host) => host.go(route), ...(can ? { can } : {}) });

const COMMANDS: Record<CommandTag, Command> = {
  fetch: { icon: 'refresh', run: (host) => host.fetch(false), can: canFetch },
  fetch_full: { icon: 'refresh', run: (host) => host.fetch(true), can: canFetch },
  cancel_fetch: { icon: 'pause', run: (host) => host.cancelFetch(), can: ({ running }) => running },
  match_again: { icon: 'mapping', run: (host) => host.matchAgain(), can: (state) => state.fetched && canFetch(state) },
  check_connections: { icon: 'connections', run: (host) => host.checkConnections(), can: withStore },
  open_today: opens('today', { page: 'today' }, withStore),
  open_mapping: opens('mapping', { page: 'mapping' }, withStore),
  open_orders: opens('orders', { page: 'orders' }, withStore),
  open_blocked: opens('stop', { page: 'orders', blocked: true }, withFetched),
  open_maps: opens('maps', { page: 'maps' }, withFetched),
  open_audit: opens('shield', { page: 'audit' }, withFetched),
  open_history: opens('history', { page: 'history' }, withStore),
  open_failures: opens('stop', { page: 'history', failed: true }, withStore),
  open_learned: opens('bulb', { page: 'learned' }, withFetched),
  open_problems: { icon: 'alert', run: (host, { store }) => store !== null && host.go({ page: 'connections', slug: store, problems: true }), can: withFetched },
  open_connections: opens('connections', { page: 'connections' }),
  open_settings: opens('settings', { page: 'settings' }),
  add_store: opens('plus', { page: 'setup' }, withStore),
  open_sandbox: { icon: 'play', run: (host) => host.openSandbox(), can: ({ sandbox }) => !sandbox },
  set_language: opens('globe', { page: 'settings', at: 'language' }),
  set_digits: opens('globe', { page: 'settings', at: 'digits' }),
  set_theme: opens('half', { page: 'settings', at: 'theme' }),
  switch_theme: { icon: 'half', run: (host) => host.switchTheme() },
  set_density: opens('settings', { page: 'settings', at: 'density' }),
  set_letters: opens('keyboard', { page: 'settings', at: 'letters' }),
  set_store: opens('store', { page: 'settings', store: true }, withStore),
  show_keys: { icon: 'keyboard', run: (host) => host.showKeys() },
};

/** A command as the palette lists it. */
export function commandOption(tag: CommandTag): { id: string; icon: IconName; label: string } {
  return { id: `command ${tag}`, icon: COMMANDS[tag].icon, label: t(`command.${tag}` satisfies Key) };
}

/** Whether it does something now. */
export function canRun(tag: CommandTag, state: CommandState): boolean {
  return COMMANDS[tag].can?.(state) ?? true;
}

/** Does it. */
export function runCommand(tag: CommandTag, host: CommandHost, state: CommandState): void {
  if (canRun(tag, state)) COMMANDS[tag].run(host, state);
}
