// The moment after a frame: whoever waits for rows is not to wait for what goes with them.

/** A window that is not seen draws no frames; then this is long enough. */
const UNSEEN_MS = 100;

/** Once what was just changed stands on the screen. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, UNSEEN_MS);
    requestAnimationFrame(() => {
      // A frame is drawn behind its callbacks; a message comes behind the drawing.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        clearTimeout(late);
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  });
}
