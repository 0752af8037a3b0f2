//! What the fuzz targets and the seeds of their corpus agree on: how one input is several files, and which it is.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

/// The loaders, told by the first byte of an input.
pub const LOADERS: u8 = 8;

/// Cuts an input into parts, each preceded by its length as two bytes, little-endian; the last one is what is left.
#[must_use]
pub fn parts<const N: usize>(mut input: &[u8]) -> [&[u8]; N] {
    let mut parts = [&input[..0]; N];
    for (place, part) in parts.iter_mut().enumerate() {
        if place + 1 == N || input.len() < 2 {
            *part = input;
            break;
        }
        let length = usize::from(u16::from_le_bytes([input[0], input[1]])).min(input.len() - 2);
        (*part, input) = input[2..].split_at(length);
    }
    parts
}

/// The input that [`parts`] cuts into these.
#[must_use]
pub fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut input = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place + 1 < parts.len() {
            input.extend(u16::try_from(part.len()).unwrap_or(u16::MAX).to_le_bytes());
        }
        input.extend_from_slice(part);
    }
    input
}

/// Writes a file below a folder.
pub fn put(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).expect("the temporary folder can be written to");
    }
    fs::write(&path, content).expect("the temporary folder can be written to");
    path
}
