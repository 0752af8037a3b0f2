//! An experiment on single targets: what is attacked, what the adversary knows, and what it is made of.

mod adversary;
mod knowledge;
mod shadow;
mod study;
#[cfg(test)]
mod testing;

pub(super) use study::single_target;
