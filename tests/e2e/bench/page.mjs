// Functions that measure inside the window. Each stands alone: it is sent there as text.

/** Frames while the list moves by so many pixels a frame. */
export function scroll(pixels, seconds, done) {
  const grid = document.querySelector('[role=grid], [role=listbox].list');
  grid.scrollTop = 0;
  const began = performance.now();
  const gaps = [];
  let [last, waiting, rows] = [began, 0, 0];
  const turn = (now) => {
    gaps.push(now - last);
    last = now;
    grid.scrollTop += pixels;
    const slots = grid.querySelectorAll('.slot');
    rows += slots.length;
    waiting += grid.querySelectorAll('.slot[aria-busy=true]').length;
    if (now - began < seconds * 1000) requestAnimationFrame(turn);
    else done({ frames: gaps.length - 1, ms: now - began, gaps: gaps.slice(1), waiting: waiting / Math.max(1, rows), mounted: slots.length });
  };
  requestAnimationFrame(turn);
}

/** From a jump to a place in the list until its rows stand there. */
export function jump(share, done) {
  const grid = document.querySelector('[role=grid], [role=listbox].list');
  const began = performance.now();
  grid.scrollTop = grid.scrollHeight * share;
  const look = () => {
    const rows = [...grid.querySelectorAll('.slot')];
    const box = grid.getBoundingClientRect();
    const seen = rows.filter((row) => row.getBoundingClientRect().bottom > box.top + 60 && row.getBoundingClientRect().top < box.bottom);
    if (seen.length > 0 && seen.every((row) => row.getAttribute('aria-busy') === null)) requestAnimationFrame(() => done(performance.now() - began));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * From now on, each decision is timed: from the key until the next pair stands painted in the list and below it. The
 * times gather in `window.testsDecided`.
 */
export function timeDecisions(label) {
  window.testsDecided = [];
  window.testsDeciding = false;
  const seen = () => {
    const row = document.querySelector('[role=grid] .slot[aria-selected=true]');
    const pane = document.querySelector(`section[aria-label="${label}"]`);
    const name = pane?.querySelector('.head .name')?.textContent.trim();
    const whole = row && row.getAttribute('aria-busy') === null && pane?.getAttribute('aria-busy') === 'false' && pane.querySelector('table');
    return whole && name ? `${row.getAttribute('aria-rowindex')} ${row.textContent} ${name}` : null;
  };
  const painted = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  };
  window.addEventListener(
    'keydown',
    (event) => {
      if (!['a', 'r'].includes(event.key) || window.testsDeciding) return;
      const before = seen();
      const began = performance.now();
      window.testsDeciding = true;
      const end = () => {
        window.testsDecided.push(performance.now() - began);
        window.testsDeciding = false;
        window.testsWaiting?.();
      };
      const look = () => {
        const now = seen();
        if ((now !== null && now !== before) || performance.now() - began > 5000) painted(end);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    true,
  );
}

/** Answers once more decisions than these are painted; until then it takes no time of the window's. */
export function decidedBeyond(count, done) {
  const look = () => {
    if (window.testsDecided.length <= count) return false;
    window.testsWaiting = undefined;
    done(window.testsDecided.length);
    return true;
  };
  if (!look()) window.testsWaiting = look;
}

/** From the yes to a step over all that is shown until it is done, and the longest gap between two frames meanwhile. */
export function decideAll(done) {
  const began = performance.now();
  let [last, gap] = [began, 0];
  document.querySelector('dialog[open] button:last-of-type')?.click();
  const look = (now) => {
    gap = Math.max(gap, now - last);
    last = now;
    if (document.querySelector('dialog[open]') === null) done({ ms: Math.round(performance.now() - began), longestGapMs: Math.round(gap) });
    else if (now - began > 50_000) done({ ms: null, longestGapMs: Math.round(gap) });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * From now on, each letter typed into the box of the list is timed: from the key until the rows that it leaves are
 * painted. The times gather in `window.testsTyped`; a letter that leaves as many rows as before is not among them.
 */
export function timeLetters() {
  window.testsTyped = [];
  const grid = document.querySelector('[role=grid], [role=listbox].list');
  const rows = () => Number(grid.getAttribute('aria-rowcount') ?? grid.querySelector('.slot')?.getAttribute('aria-setsize') ?? 0);
  let letter;
  window.addEventListener(
    'keydown',
    ({ key, target, timeStamp }) => {
      letter = key.length === 1 ? { text: target.value + key, began: timeStamp, before: rows() } : undefined;
    },
    true,
  );
  const seen = new MutationObserver(() => {
    if (letter === undefined || rows() === letter.before) return;
    const { text, began } = letter;
    letter = undefined;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.testsTyped.push({ text, ms: Math.round(performance.now() - began), rows: rows() });
      port2.postMessage(null);
    });
  });
  seen.observe(grid, { subtree: true, childList: true, attributes: true, characterData: true });
}
