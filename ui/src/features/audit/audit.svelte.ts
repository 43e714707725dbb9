// The audit of a period: every order of the store held against Odoo.
import type { AuditKind, AuditRow, AuditView } from '../../api/types';
import type { RowSource } from '../../parts/paged_rows.svelte';
import { daysOf, isDay, type Period } from './days';

/** One kind of finding, or all. */
export type Finding = AuditKind | 'all';

/** The kinds that are listed, worst first. */
export const LISTED: readonly AuditKind[] = ['missing', 'duplicate', 'total_differs', 'state_differs', 'blocked'];

export class AuditState {
  period = $state<Period>('month');
  /** First and last day, where they are typed. */
  from = $state('');
  to = $state('');
  finding = $state<Finding>('all');
  index = $state(0);
  view = $state.raw<AuditView | null>(null);
  failure = $state.raw<unknown>(null);
  counting = $state(false);

  readonly #audit: (from: string, to: string) => Promise<AuditView>;
  readonly #now: () => number;
  #turn = 0;

  constructor(audit: (from: string, to: string) => Promise<AuditView>, now: () => number = Date.now) {
    this.#audit = audit;
    this.#now = now;
  }

  /** The days that are asked for; nothing while one of them is no day. */
  get days(): { from: string; to: string } | null {
    if (this.period !== 'between') return daysOf(this.period, this.#now());
    const [from, to] = [this.from.trim(), this.to.trim()];
    return isDay(from) && isDay(to) && from <= to ? { from, to } : null;
  }

  /** Rows of the finding in front. */
  readonly rows = $derived.by((): readonly AuditRow[] => {
    const all = this.view?.rows ?? [];
    return this.finding === 'all' ? all : all.filter(({ kind }) => kind === this.finding);
  });

  /** The same, for a list. */
  readonly source = $derived.by((): RowSource<AuditRow> => {
    const { rows } = this;
    return { total: rows.length, row: (index) => rows[index], want: () => undefined };
  });

  readonly selected = $derived.by(() => this.rows[this.index]);

  /** How many orders of a kind there are. */
  count(kind: AuditKind): number {
    return this.view?.findings.find((each) => each.kind === kind)?.orders ?? 0;
  }

  /** Counts on both sides. */
  async run(): Promise<void> {
    const { days } = this;
    if (days === null) return;
    const turn = (this.#turn += 1);
    this.counting = true;
    try {
      const view = await this.#audit(days.from, days.to);
      if (turn !== this.#turn) return;
      this.view = view;
      this.failure = null;
      this.show('all');
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    } finally {
      if (turn === this.#turn) this.counting = false;
    }
  }

  /** Another period; one that is typed waits until it is whole. */
  async choose(period: Period): Promise<void> {
    if (period === 'between') {
      const days = this.days ?? daysOf('month', this.#now());
      this.from = days.from;
      this.to = days.to;
    }
    this.period = period;
    if (period !== 'between') await this.run();
  }

  /** One kind of finding, or all. */
  show(finding: Finding): void {
    this.finding = finding;
    this.index = 0;
  }

  /** Brings a row into focus. */
  select(index: number): void {
    this.index = Math.max(0, Math.min(index, this.rows.length - 1));
  }
}
