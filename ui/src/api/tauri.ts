// The backend as Tauri carries it: generated commands, and the one event stream.
import { commands, events } from './generated/bindings';
import type { AppError, AppEvent, AppSettings } from './types';

/** The commands. Settings are declared with gaps because they are taken so; they are always told in full. */
export const backend = {
  ...commands,
  settings: commands.settings as () => Promise<{ status: 'ok'; data: AppSettings } | { status: 'error'; error: AppError }>,
};

/** Hears every event of the backend until the returned function is called. */
export async function listen(hear: (event: AppEvent) => void): Promise<() => void> {
  return await events.heard.listen((event) => {
    hear(event.payload);
  });
}
