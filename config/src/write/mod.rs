//! Values as YAML.

mod serializer;
mod yaml;

pub(super) use yaml::{Out, write};
