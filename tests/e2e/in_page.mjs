// Functions that run inside the window. Each stands alone: it is sent there as text.

/**
 * Elements that can be seen, by role and spoken name. `name` is `{ text }` or `{ pattern }`;
 * `within` is an element, or nothing for the whole page.
 */
export function findByRole(role, name, within) {
  const OF_ROLE = {
    button: 'button:not([role]), [role=button]',
    radio: '[role=radio], input[type=radio]',
    radiogroup: '[role=radiogroup]',
    checkbox: 'input[type=checkbox]',
    tab: '[role=tab]',
    option: '[role=option]',
    row: '[role=row]',
    textbox: 'input:not([type=checkbox]):not([type=radio]):not([role]), textarea',
    combobox: '[role=combobox]',
    heading: 'h1, h2, h3',
    dialog: 'dialog[open]',
    alert: '[role=alert]',
    listbox: '[role=listbox]',
    grid: '[role=grid]',
    region: 'section[aria-label], [role=region], aside[aria-label]',
    progressbar: '[role=progressbar]',
    menuitem: '[role^=menuitem]',
    navigation: 'nav',
  };
  const clean = (text) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();
  const spoken = (element) => {
    const label = element.getAttribute('aria-label');
    if (label) return label;
    const by = element.getAttribute('aria-labelledby');
    if (by) return by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    if (element.labels?.length) return [...element.labels].map((of) => of.textContent).join(' ');
    const copy = element.cloneNode(true);
    copy.querySelectorAll('[aria-hidden=true], kbd').forEach((hidden) => hidden.remove());
    return copy.textContent;
  };
  const seen = (element) => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
  const wanted = name?.pattern === undefined ? null : new RegExp(name.pattern, 'su');
  const fits = (element) => {
    if (!name) return true;
    const said = clean(spoken(element));
    return wanted ? wanted.test(said) : said === clean(name.text);
  };
  return [...(within ?? document).querySelectorAll(OF_ROLE[role])].filter((element) => seen(element) && fits(element));
}

/** Everything that is written or spoken on the page, with whether it is data and not a word of ours. */
export function allWords() {
  const DATA = '[dir=ltr], [dir=auto], [lang]:not(html), kbd, pre, code, mark';
  const words = [];
  const seen = (element) => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replace(/\s+/g, ' ').trim();
    if (text === '' || !node.parentElement || !seen(node.parentElement)) continue;
    words.push({ text, data: node.parentElement.closest(DATA) !== null, loose: node.parentElement.closest('bdi, option') !== null, from: 'text' });
  }
  for (const attribute of ['aria-label', 'placeholder', 'title', 'aria-valuetext']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      if (seen(element)) words.push({ text: element.getAttribute(attribute), data: false, loose: true, from: attribute });
    }
  }
  return words;
}

/** By how much the page is wider or taller than the window, and the cells whose content runs over their edge. */
export function overflow() {
  const root = document.documentElement;
  const cells = [...document.querySelectorAll('[role=gridcell], td, th, .spine, [role=tab], button, .chip')].filter((cell) => {
    if (cell.getClientRects().length === 0 || getComputedStyle(cell).overflowX !== 'visible') return false;
    return cell.clientWidth > 0 && cell.scrollWidth > cell.clientWidth + 1;
  });
  return {
    wide: root.scrollWidth - root.clientWidth,
    tall: root.scrollHeight - root.clientHeight,
    cells: cells.map((cell) => `${cell.className || cell.localName}: ${cell.textContent.replace(/\s+/g, ' ').trim()}`),
  };
}

/**
 * Makes every word of ours on the page longer by a third, as another language might, until called with false. What is
 * data stays as it is.
 */
export function stretch(on) {
  const DATA = '[dir=ltr], [dir=auto], [lang]:not(html), kbd, pre, code, mark, bdi, option, [role=option], .figure';
  for (const [node, before] of window.testsStretched ?? []) node.data = before;
  window.testsStretched = [];
  if (!on) return;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.data.trim();
    if (!/\p{L}{2,}/u.test(words) || !node.parentElement || node.parentElement.closest(DATA)) continue;
    window.testsStretched.push([node, node.data]);
    node.data = `${node.data.trimEnd()}${words.slice(0, Math.ceil(words.length * 0.3)).replaceAll(' ', '')}`;
  }
}

/** Runs axe on the page by the rules of WCAG 2.1 A and AA; answers what it found, in short. */
export function runAxe(done) {
  const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] };
  window.axe.run(document, options).then(
    ({ violations, passes }) =>
      done({
        passes: passes.length,
        findings: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} at ${node.target.join(' ')}: ${node.failureSummary}`)),
      }),
    (error) => done({ passes: 0, findings: [String(error)] }),
  );
}

/** Paints a theme as the settings do, with nothing moving, so that colours are read at rest. */
export function paint(theme) {
  if (!document.getElementById('tests-still')) {
    const still = document.createElement('style');
    still.id = 'tests-still';
    still.textContent = '*, ::before, ::after { transition: none !important; animation: none !important; caret-color: transparent !important; }';
    document.head.append(still);
  }
  const before = document.documentElement.dataset.theme ?? '';
  if (theme === '') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  return before;
}

/** Keeps the page repainting one almost invisible dot, until called with false. */
export function stir(on) {
  const ID = 'tests-dot';
  document.getElementById(ID)?.remove();
  if (!on) return;
  const dot = document.createElement('div');
  dot.id = ID;
  dot.ariaHidden = 'true';
  dot.style.cssText = 'position:fixed;inset-block-end:0;inset-inline-start:0;inline-size:1px;block-size:1px;background:currentcolor;pointer-events:none';
  document.body.append(dot);
  let lit = false;
  const turn = () => {
    if (!dot.isConnected) return;
    lit = !lit;
    dot.style.opacity = lit ? '0.01' : '0.02';
    requestAnimationFrame(turn);
  };
  turn();
}

/**
 * Disturbs what the window asks its backend, until it is called with nothing: commands of `fail` are answered with an
 * error so many times, and every answer comes up to `late_ms` later than it was ready, so that they overtake each
 * other; commands of `hold` are answered when it is called again. What was asked, and what nobody caught, is gathered in
 * `window.testsAsked`.
 */
export function disturb({ fail = {}, late_ms = 0, hold = [] } = {}) {
  const ERROR = { code: 'internal', params: {}, details: 'made by a test', retryable: true };
  if (window.testsAsked === undefined) {
    window.testsAsked = { calls: [], failed: [], uncaught: [], waiting: 0 };
    const uncaught = (what) => window.testsAsked.uncaught.push(String(what?.error?.code ?? what?.message ?? what));
    window.addEventListener('unhandledrejection', (event) => uncaught(event.reason));
    window.addEventListener('error', (event) => uncaught(event.error ?? event.message));
    const ask = window.fetch;
    let turn = 7;
    window.fetch = async (url, options) => {
      const said = String(url);
      if (!said.startsWith('ipc://')) return ask(url, options);
      const command = decodeURIComponent(said.slice(said.lastIndexOf('/') + 1));
      const asked = window.testsAsked;
      asked.calls.push(command);
      const { fail: failing, late_ms: late } = window.testsDisturbed;
      const broken = (failing[command] ?? failing['*'] ?? 0) > 0 && !command.startsWith('plugin:');
      if (broken) {
        failing[command in failing ? command : '*'] -= 1;
        asked.failed.push(command);
      }
      asked.waiting += 1;
      const answer = broken ? new Response(JSON.stringify(ERROR), { headers: { 'content-type': 'application/json', 'Tauri-Response': 'error' } }) : await ask(url, options);
      turn = (turn * 1103515245 + 12345) % 2147483648;
      if (late > 0) await new Promise((done) => setTimeout(done, (turn / 2147483648) * late));
      while (window.testsDisturbed.hold.includes(command)) await new Promise((done) => setTimeout(done, 20));
      asked.waiting -= 1;
      return answer;
    };
  }
  window.testsDisturbed = { fail: { ...fail }, late_ms, hold };
  const { calls, failed } = window.testsAsked;
  window.testsAsked.calls = [];
  window.testsAsked.failed = [];
  return { calls: [...new Set(calls)], failed };
}
