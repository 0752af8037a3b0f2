//! turncoat.
fn main() {}
