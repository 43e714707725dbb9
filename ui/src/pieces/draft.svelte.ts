// One connection while it is typed, saved and tested. The wizard holds two of them, the connections page one.
import { errorOf, mutate } from '../api/client';
import type { AppError, CheckView, CompanyView, ConnectionDraft, ConnectionView, Side } from '../api/types';
import { kindWords, wayOfLogin } from './kinds';

/** What a draft asks of the backend. */
export type DraftPort = Pick<typeof mutate, 'saveConnection' | 'testConnection' | 'testSaved'>;

/** What is wrong with what was typed, before anything is sent. */
export type DraftGap = 'url' | 'login' | 'secret';

const ADDRESS = /^(https?:\/\/)?[^\s/:@]+(\.[^\s/:@]+)*(:\d{1,5})?(\/\S*)?$/i;

/** A connection being made or changed. */
export class Draft {
  kind = $state('');
  name = $state('');
  url = $state('');
  login = $state('');
  /** Emptied as soon as it is sent: from then on the keychain has it. */
  secret = $state('');
  database = $state('');
  way = $state('');
  /** Set once it is saved. */
  slug = $state<string | null>(null);
  check = $state.raw<CheckView | null>(null);
  /** What stopped saving or testing itself; what a test found wrong is in `check`. */
  problem = $state.raw<AppError | null>(null);
  busy = $state(false);

  readonly side: Side;
  readonly #port: DraftPort;
  #hadName = false;

  constructor(side: Side, port: DraftPort = mutate) {
    this.side = side;
    this.#port = port;
  }

  /** Starts anew with a kind. */
  begin(kind: string): void {
    if (this.kind === kind) return;
    this.kind = kind;
    this.way = kindWords(kind).ways[0].id;
  }

  /** Goes on with one that was saved. Its secret stays where it is. */
  resume(saved: ConnectionView): void {
    this.kind = saved.kind;
    this.name = saved.name;
    this.url = saved.url;
    this.login = saved.login;
    this.secret = '';
    this.database = saved.database ?? '';
    this.way = wayOfLogin(saved.kind, saved.login);
    this.slug = saved.slug;
    this.check = saved.check;
    this.problem = null;
    this.#hadName = true;
  }

  get addressGap(): boolean {
    return !ADDRESS.test(this.url.trim());
  }

  /** What is missing before it can be tested. */
  get gaps(): DraftGap[] {
    const gaps: DraftGap[] = [];
    if (this.addressGap) gaps.push('url');
    if (this.login.trim() === '') gaps.push('login');
    if (this.secret === '' && this.slug === null) gaps.push('secret');
    return gaps;
  }

  get passed(): boolean {
    return this.check !== null && this.check.failure === null && this.problem === null;
  }

  /** What stopped it, from whichever step. */
  get failure(): AppError | null {
    return this.problem ?? this.check?.failure ?? null;
  }

  /** Whether the server wants to hear which database. */
  get wantsDatabase(): boolean {
    return this.database !== '' || this.failure?.code === 'connection.database_needed' || this.failure?.code === 'connection.database_unknown';
  }

  get databases(): string[] {
    return this.check?.facts.databases ?? [];
  }

  get companies(): CompanyView[] {
    return this.check?.facts.companies ?? [];
  }

  /** Host of the address, for places where all of it is too long. */
  get host(): string {
    return hostOf(this.url);
  }

  /** Saves it, the secret in the keychain, then tests it and keeps the answer. Works for the first time and after a correction. */
  async saveAndTest(): Promise<void> {
    await this.#working(async () => {
      const saved = await this.#save(this.name);
      this.check = await this.#port.testSaved(saved.slug);
      const title = this.check.failure === null ? this.check.facts.title : null;
      // A shop knows its own name better than its address does.
      if (title && this.side === 'store' && !this.#hadName) {
        this.#hadName = true;
        this.name = title;
        await this.#save(title);
      }
    });
  }

  /** Tests what is typed, and saves it only if it works: a healthy connection is not lost to a typing mistake. */
  async saveIfItWorks(): Promise<void> {
    await this.#working(async () => {
      const check = await this.#port.testConnection(this.#typed(this.name));
      this.check = check;
      if (check.failure !== null) return;
      const saved = await this.#save(this.name);
      this.check = await this.#port.testSaved(saved.slug);
    });
  }

  async #working(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (thrown) {
      this.problem = errorOf(thrown);
    } finally {
      this.busy = false;
    }
  }

  async #save(name: string): Promise<ConnectionView> {
    const saved = await this.#port.saveConnection(this.#typed(name));
    this.secret = '';
    this.slug = saved.slug;
    this.url = saved.url;
    this.name = saved.name;
    return saved;
  }

  #typed(name: string): ConnectionDraft {
    return {
      slug: this.slug,
      name,
      kind: this.kind,
      url: this.url.trim(),
      login: this.login.trim(),
      secret: this.secret === '' ? null : this.secret,
      database: this.database.trim() === '' ? null : this.database.trim(),
    };
  }
}

/** The host of an address, or the address when it has none. */
export function hostOf(url: string): string {
  const match = /^(?:https?:\/\/)?([^/]+)/i.exec(url.trim());
  return match?.[1] ?? url;
}
