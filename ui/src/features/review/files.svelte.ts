// The mapping out into a file, and decisions in from one: looked at first, then all or nothing.
import type { Exported, FileFormat, ImportInput, ImportPreview, ReviewQuery, StepDone } from '../../api/types';

/** What files ask of the backend. */
export interface FilesPort {
  exportLinks(query: ReviewQuery | null, format: FileFormat): Promise<Exported>;
  showFile(path: string): Promise<null>;
  previewImport(file: ImportInput): Promise<ImportPreview>;
  importLinks(file: ImportInput, set: string): Promise<StepDone>;
}

/** A file that a person chose. */
export interface Chosen {
  name: string;
  bytes(): Promise<ArrayBuffer>;
}

/** In pieces: a call takes only so many arguments. */
const AT_ONCE = 0x8000;

function base64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += AT_ONCE) parts.push(String.fromCharCode(...bytes.subarray(at, at + AT_ONCE)));
  return btoa(parts.join(''));
}

/** What happens in the window of files. */
export class FilesState {
  open = $state(false);
  busy = $state(false);
  failure = $state.raw<unknown>(null);
  exported = $state.raw<Exported | null>(null);
  name = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  /** What was taken from the file. */
  done = $state.raw<StepDone | null>(null);
  #file: ImportInput | null = null;
  readonly #port: FilesPort;

  constructor(port: FilesPort) {
    this.#port = port;
  }

  /** How many decisions the file would take. */
  get count(): number {
    return this.preview ? this.preview.accepted + this.preview.rejected + this.preview.ignored : 0;
  }

  /** Whether it can be taken: something to take, and no line that cannot be used. */
  get ready(): boolean {
    return this.preview !== null && this.preview.badTotal === 0 && this.count > 0 && !this.busy;
  }

  show(): void {
    this.#reset();
    this.open = true;
  }

  close(): void {
    if (!this.busy) this.open = false;
  }

  /** Writes the list that is shown, or everything. */
  write(query: ReviewQuery | null, format: FileFormat): Promise<void> {
    return this.#work(async () => {
      this.exported = await this.#port.exportLinks(query, format);
    });
  }

  /** Shows the file that was written. */
  async reveal(): Promise<void> {
    const { exported } = this;
    if (exported) await this.#work(() => this.#port.showFile(exported.path));
  }

  /** Looks at a file; nothing of it is taken. */
  look(chosen: Chosen): Promise<void> {
    this.#reset();
    return this.#work(async () => {
      const file = { name: chosen.name, content: base64(await chosen.bytes()) };
      this.name = chosen.name;
      this.preview = await this.#port.previewImport(file);
      this.#file = file;
    });
  }

  /** Takes the decisions of the file. Answers whether it did. */
  async take(): Promise<boolean> {
    const [file, preview] = [this.#file, this.preview];
    if (!file || !preview || !this.ready) return false;
    await this.#work(async () => {
      this.done = await this.#port.importLinks(file, preview.set);
      this.preview = null;
    });
    return this.done !== null;
  }

  #reset(): void {
    this.failure = null;
    this.exported = null;
    this.preview = null;
    this.done = null;
    this.name = '';
    this.#file = null;
  }

  async #work(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (failure) {
      this.failure = failure;
    } finally {
      this.busy = false;
    }
  }
}
