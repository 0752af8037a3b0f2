//! Compiles the wire contract with protox, so no `protoc` is needed on the machine.
fn main() {}
