// What the web view keeps of elements that are gone, and letting go of it.

/** Not more often: every style on the page is worked out anew. */
const EVERY_MS = 30_000;
/** After so long without a key or a press, nobody waits for it. */
const CALM_MS = 400;
const AT_WORK = ['keydown', 'pointerdown', 'wheel'] as const;

/**
 * WebKit (2.50) keeps the styles of elements that are gone, 24 kB for a table and 370 kB for the mapping, until the
 * set of style sheets changes: an empty one comes and goes.
 */
function forgetStyles(): void {
  document.adoptedStyleSheets = [new CSSStyleSheet()];
  document.adoptedStyleSheets = [];
}

/** Forgets while somebody works, in a pause, until the returned function is called. At rest it does nothing. */
export function forgetInPauses(forget: () => void = forgetStyles): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;

  const look = () => {
    const calm = performance.now() - lastAt;
    timer = calm < CALM_MS ? setTimeout(look, CALM_MS - calm) : undefined;
    if (timer === undefined) forget();
  };
  const worked = () => {
    lastAt = performance.now();
    timer ??= setTimeout(look, EVERY_MS);
  };

  for (const event of AT_WORK) window.addEventListener(event, worked, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    for (const event of AT_WORK) window.removeEventListener(event, worked, { capture: true });
  };
}
