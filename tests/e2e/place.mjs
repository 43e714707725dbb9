// Where a scenario lives: folders of its own, the programs, and where pictures and logs go.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A scenario's own folders. Removed at the end; pictures and logs stay. */
export class Place {
  constructor(programs, artifacts, name) {
    this.name = name;
    this.app = programs.app;
    this.cli = programs.cli;
    this.folder = mkdtempSync(join(tmpdir(), 'tandem-e2e-'));
    this.data = join(this.folder, 'data');
    this.env = {};
    this.screens = join(artifacts, 'screens');
    this.logs = join(artifacts, 'logs');
    for (const folder of [this.data, this.screens, this.logs]) mkdirSync(folder, { recursive: true });
  }

  log(program) {
    return join(this.logs, `${this.name}-${program}.log`);
  }

  /** Keeps a picture of what the window shows. */
  async keep(window, name) {
    writeFileSync(join(this.screens, `${name}.png`), await window.picture(), 'base64');
  }

  /** A folder for downloads that is not the person's own; for windows opened afterwards. */
  downloads() {
    const [config, downloads] = [join(this.folder, 'config'), join(this.folder, 'downloads')];
    for (const folder of [config, downloads]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    this.env = { ...this.env, XDG_CONFIG_HOME: config };
    return downloads;
  }

  /** Names of the files of the profile that hold these bytes, and how many files there are. */
  filesWith(text) {
    const files = readdirSync(this.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const holding = files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => readFileSync(file).includes(text));
    return { holding, count: files.length };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
