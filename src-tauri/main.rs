//! The desktop window's entry point.
fn main() {}
