// A manager at work: a sandbox, a profile that the command line joined to it and filled, and the window open on it.
import { Window } from './driver.mjs';
import { joined, Sandbox } from './sandbox.mjs';

/** Does `work` with the open window and the sandbox; both are closed however it ends. */
export async function atDesk(checks, place, work, options) {
  const sandbox = await checks.step('the sandbox starts', () => Sandbox.start(place, options));
  let window;
  try {
    await checks.step('the command line prepares the profile', () => joined(place, sandbox));
    window = await checks.step('the window opens on it', () => Window.open(place));
    checks.watch(window, place);
    await work(window, sandbox);
  } finally {
    await window?.close();
    await sandbox.stop();
  }
}
