//! Builds the same world from the same number.
