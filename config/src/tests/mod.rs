//! The small scenario that the tests start from.

mod adversary;
mod arbitrary;
mod commands;
mod faults;
mod parts;
pub(super) mod refused;
mod sound;
mod sweep;
mod walk;

use super::*;

pub(super) const SMALL: &str = "\
name: small
seed: 8
data: iris
federation:
  parties: 3
  records_per_party: 20
  skew: {simplex: {}}
adversaries:
  - party: {id: 3, attacks: [least_loss]}
";

fn parse(text: &str, overrides: &[&str]) -> Result<Loaded, ScenarioErrors> {
    let overrides: Vec<String> = overrides.iter().map(|&o| o.into()).collect();
    Scenario::parse("x.yaml", text, &overrides)
}

/// `SMALL` with overrides, sound.
fn small(overrides: &[&str]) -> Loaded {
    parse(SMALL, overrides).unwrap_or_else(|errors| panic!("{errors}"))
}
