// The real window under WebKitWebDriver: opened, driven as a person would, and ended by its process id.
import { Builder, Capabilities, Key } from 'selenium-webdriver';
import { findByRole, stir } from './in_page.mjs';
import { childrenOf, freePort, isRunning, Program, until } from './processes.mjs';
import { plain, say } from './words.mjs';

/** How the driver of WebKitGTK calls a window of this kind; under another name it refuses. */
const BROWSER = 'wry';

/** Automation on, and English until a setting says otherwise. How it draws is for the app to find out, as for a person. */
const ENVIRONMENT = {
  TAURI_WEBVIEW_AUTOMATION: 'true',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'en',
};

const CLOSING_MS_MAX = 10_000;
const PICTURE_MS_MAX = 20_000;
const SCRIPT_MS_MAX = 60_000;

/** The promise, or an error when it takes longer. */
function bounded(promise, ms_max, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms_max / 1000} s`)), ms_max);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** One running window. */
export class Window {
  language = 'en';
  #program;
  #session;
  #app;

  /** Opens the app on the place's profile, or with other arguments. */
  static async open(place, args = ['--data-dir', place.data]) {
    const window = new Window();
    const port = await freePort();
    window.#program = new Program('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env: { ...ENVIRONMENT, ...place.env },
      log: place.log('window'),
    });
    try {
      const address = `http://127.0.0.1:${port}/`;
      await until('the driver answers', async () => (await fetch(`${address}status`)).ok);
      const wanted = new Capabilities();
      wanted.setBrowserName(BROWSER);
      wanted.set('webkitgtk:browserOptions', { binary: place.app, args });
      window.#session = await new Builder().withCapabilities(wanted).usingServer(address).build();
      await window.#session.manage().setTimeouts({ script: SCRIPT_MS_MAX });
      [window.#app] = childrenOf(window.#program.pid);
      await window.size(1280, 800);
      return window;
    } catch (error) {
      await window.close();
      throw error;
    }
  }

  /** The process id of the app. */
  get pid() {
    return this.#app;
  }

  /** Ends the app and its driver; the app by its id if the driver did not. */
  async close() {
    const [app] = this.#program.running ? childrenOf(this.#program.pid) : [];
    if (this.#session) await bounded(this.#session.quit(), CLOSING_MS_MAX, 'the end of the session').catch(() => {});
    if (app !== undefined) {
      await until('the app ends', () => !isRunning(app), CLOSING_MS_MAX).catch(() => process.kill(app, 'SIGKILL'));
    }
    await this.#program.stop();
  }

  size(width, height) {
    return this.#session.manage().window().setRect({ x: 0, y: 0, width, height });
  }

  /** Runs a function inside the window. */
  run(act, ...values) {
    return this.#session.executeScript(act, ...values);
  }

  /** Runs a function inside the window that calls back when it is done. */
  runLong(act, ...values) {
    return this.#session.executeAsyncScript(act, ...values);
  }

  /** The page as a picture, in base64. WebKitGTK waits for the next frame, and a page at rest never draws one. */
  async picture() {
    await this.run(stir, true);
    try {
      return await bounded(this.#session.takeScreenshot(), PICTURE_MS_MAX, 'a picture of the window');
    } finally {
      await this.run(stir, false);
    }
  }

  /** A sentence in the language the window speaks now. */
  t(key, params) {
    return say(this.language, key, params);
  }

  /** Elements in view by role and name; `name` is the words or a pattern. */
  all(role, name, within) {
    const wanted = name === undefined ? null : name instanceof RegExp ? { pattern: name.source } : { text: name };
    return this.run(findByRole, role, wanted, within ?? null);
  }

  /** The one element of this role and name, once it is there. */
  find(role, name, within) {
    return until(`${role} “${name ?? ''}”`, async () => (await this.all(role, name, within))[0]);
  }

  /** Waits until nothing of this role and name is there. */
  gone(role, name) {
    return until(`no ${role} “${name ?? ''}”`, async () => (await this.all(role, name)).length === 0);
  }

  /** Presses it with the mouse. Found anew when the page replaced it in between. */
  click(role, name, within) {
    return until(`a click on ${role} “${name}”`, async () => {
      const [element] = await this.all(role, name, within);
      if (!element) return false;
      // What lies further down in a pane of its own is scrolled to first, as a person would.
      await this.run((of) => of.scrollIntoView({ block: 'nearest' }), element);
      await element.click();
      return true;
    });
  }

  /** Writes into a field instead of what was in it. */
  async fill(label, value, within) {
    const field = await this.find('textbox', label, within);
    const before = await field.getProperty('value');
    if (before !== '') await field.sendKeys(Key.END, ...Array(before.length).fill(Key.BACK_SPACE));
    if (value !== '') await field.sendKeys(value);
    await until(`“${label}” holds what was typed`, async () => (await field.getProperty('value')) === value);
  }

  /** Presses keys wherever the focus is. */
  press(...keys) {
    return this.#session.actions().sendKeys(...keys).perform();
  }

  /** Presses a key with Shift held, as for “?” on most keyboards. */
  pressShifted(key) {
    return this.#session.actions().keyDown(Key.SHIFT).sendKeys(key).keyUp(Key.SHIFT).perform();
  }

  /** Presses a key with Control held. */
  pressWithControl(key) {
    return this.#session.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
  }

  /** Shows another page in the window, as a browser would. */
  visit(url) {
    return this.#session.get(url);
  }

  /** Waits until these words stand somewhere on the page. */
  reads(words, within_ms) {
    return until(`the words “${words}”`, async () => (await this.text()).includes(plain(words)), within_ms);
  }

  /** All that is written, in one line. */
  async text(element) {
    const words = await this.run((of) => (of ?? document.body).innerText, element ?? null);
    return plain(words);
  }
}

export { Key };
