// One connection while it is typed, saved and tested. The wizard holds two of them, the connections page one.
import { errorOf, mutate } from '../api/client';
import type { AppError, CheckView, CompanyView, ConnectionDraft, ConnectionView, ConsentEnded, ConsentStarted, Side } from '../api/types';
import { kindWords, wayOf, wayOfLogin, type Way } from './kinds';

/** What a draft asks of the backend. */
export type DraftPort = Pick<
  typeof mutate,
  'saveConnection' | 'testConnection' | 'testSaved' | 'checkNow' | 'makeKey' | 'beginConsent' | 'cancelConsent' | 'acceptShop' | 'openUrl'
>;

/** The part of `mutate` that a draft asks. */
export const draftPort: DraftPort = mutate;

/** What is wrong with what was typed, before anything is sent. */
export type DraftGap = 'url' | 'login' | 'secret' | 'consent';

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
  /** Fingerprint of a certificate that the person looked at and trusts. */
  certificate = $state<string | null>(null);
  /** The page in the browser that waits for a yes. */
  asking = $state.raw<ConsentStarted | null>(null);
  /** Whether the browser's page said yes to this draft. */
  granted = $state(false);

  readonly side: Side;
  readonly #port: DraftPort;
  #hadName = false;

  constructor(side: Side, port: DraftPort = draftPort) {
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
    this.certificate = null;
    this.#hadName = true;
  }

  /** The chosen way to sign in. */
  get chosenWay(): Way {
    return wayOf(this.kind, this.way);
  }

  get addressGap(): boolean {
    return !ADDRESS.test(this.url.trim());
  }

  /** What is missing before it can be tested. */
  get gaps(): DraftGap[] {
    const gaps: DraftGap[] = [];
    if (this.addressGap) gaps.push('url');
    if (this.chosenWay.does === 'consent') return this.slug === null ? [...gaps, 'consent'] : gaps;
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
    return this.database !== '' || this.databases.length > 1 || this.failure?.code === 'connection.database_needed' || this.failure?.code === 'connection.database_unknown';
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
      if (this.#makesKey) return await this.#makeKey();
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
      if (this.#makesKey) return await this.#makeKey();
      const check = await this.#port.testConnection(this.#typed(this.name));
      this.check = check;
      if (check.failure !== null) return;
      const saved = await this.#save(this.name);
      this.check = await this.#port.testSaved(saved.slug);
    });
  }

  /** Says that another name or address is the same shop or database as before. */
  async acceptAsSame(): Promise<void> {
    const slug = this.slug;
    if (slug !== null) await this.#working(async () => this.#adopt(await this.#port.acceptShop(slug)));
  }

  /** Opens the page in the browser on which a person says yes; how it ends is heard. */
  async ask(): Promise<void> {
    await this.#working(async () => {
      this.granted = false;
      const started = await this.#port.beginConsent(this.#typed(this.name));
      this.asking = started;
      await this.#port.openUrl(started.url);
    });
  }

  /** Waits for the browser no longer. */
  async stopAsking(): Promise<void> {
    if (!this.asking) return;
    this.asking = null;
    try {
      await this.#port.cancelConsent();
    } catch (thrown) {
      this.problem = errorOf(thrown);
    }
  }

  /** The page in the browser came to its end. */
  async hear(ended: ConsentEnded): Promise<void> {
    if (!this.asking) return;
    this.asking = null;
    const slug = ended.connection;
    if (slug === null) {
      this.problem = ended.error;
      return;
    }
    await this.#working(async () => {
      this.slug = slug;
      this.#adopt(await this.#port.checkNow(slug));
      this.granted = true;
    });
  }

  /** Whether what is typed is a password that is to become a key. */
  get #makesKey(): boolean {
    return this.chosenWay.does === 'make_key' && this.secret !== '';
  }

  async #makeKey(): Promise<void> {
    this.#adopt(await this.#port.makeKey(this.#typed(this.name)));
    this.way = wayOfLogin(this.kind, this.login);
  }

  /** What was saved is what stands here, the way it was chosen included. */
  #adopt(saved: ConnectionView): void {
    const way = this.way;
    this.resume(saved);
    this.way = way;
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
      certificate: this.certificate,
    };
  }
}

/** The host of an address, or the address when it has none. */
export function hostOf(url: string): string {
  const match = /^(?:https?:\/\/)?([^/]+)/i.exec(url.trim());
  return match?.[1] ?? url;
}
