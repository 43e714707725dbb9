// The days of an audit, as days of UTC.

/** How long the period is. */
export type Period = 'week' | 'month' | 'quarter' | 'between';

const DAYS: Record<Exclude<Period, 'between'>, number> = { week: 7, month: 30, quarter: 90 };
const DAY_MS = 86_400_000;

/** Whether this is a day as it is typed: 2026-11-21. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text.trim()}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.trim());
}

/** First and last day of a period that ends today. Days are days of UTC. */
export function daysOf(period: Exclude<Period, 'between'>, now: number): { from: string; to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (DAYS[period] - 1) * DAY_MS), to: day(now) };
}
