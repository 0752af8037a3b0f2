//! The shape held against the reader: files that are accepted, texts that are refused, and every map, word, bound and default.

mod accepted;
mod bounds;
mod defaults;
mod instances;
mod keys;
mod refused;
mod stored;
mod told;
