// The data that the backend speaks in, for features. Features import it from here, never from the generated file.
import type * as generated from './generated/bindings';

export type * from './generated/bindings';

// The backend takes these with gaps, which it fills with defaults; the window always says all of it.
export type AppSettings = Required<generated.AppSettings>;
export type OrdersQuery = Required<generated.OrdersQuery>;
export type ReviewQuery = Required<generated.ReviewQuery>;
export type FindQuery = Required<generated.FindQuery>;
export type HistoryQuery = Required<generated.HistoryQuery>;
export type TodayQuery = Required<generated.TodayQuery>;
