// The backend as Tauri carries it: generated commands, and the one event stream.
import { commands, events } from './generated/bindings';
import type { AppEvent } from './types';

export const backend = commands;

/** Hears every event of the backend until the returned function is called. */
export async function listen(hear: (event: AppEvent) => void): Promise<() => void> {
  return await events.heard.listen((event) => {
    hear(event.payload);
  });
}
