// The data that the backend speaks in, for features. Features import it from here, never from the generated file.
export type * from './generated/bindings';
