//! Named seed streams: every random draw of an experiment has an address, and its numbers depend on nothing else.
//!
//! A [`Seed`] is a 32-byte key. `child` derives the key of a part of the experiment (a repeat, a party, a shadow) and
//! `stream` opens the generator of one purpose there, so adding a draw in one place never moves the draws of another,
//! whatever the order in which threads or processes reach them. Derivation is SHA-256, generation is ChaCha with 8
//! rounds; both give the same numbers on every platform.

use std::fmt;
use std::str::FromStr;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// The generator behind every stream.
pub type Stream = ChaCha8Rng;

/// A key from which streams and further keys are derived.
///
/// ```
/// use rand::RngExt;
/// use turncoat_learn::Seed;
///
/// let repeat = |index| Seed::root(8).child("repeat", index);
/// let draw = |seed: Seed| seed.stream("order").random::<u64>();
/// assert_eq!(draw(repeat(0)), draw(repeat(0)));
/// assert_ne!(draw(repeat(0)), draw(repeat(1)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The key of a whole experiment, from the `seed` of its scenario.
    #[must_use]
    pub fn root(seed: u64) -> Self {
        Self(Sha256::new().chain_update(b"turncoat").chain_update(seed.to_le_bytes()).finalize().into())
    }

    /// The key of part `index` of the kind `name`: `seed.child("repeat", 3)`.
    #[must_use]
    pub fn child(&self, name: &str, index: u64) -> Self {
        Self(self.derive(b"child", name, index))
    }

    /// The generator for one purpose: `seed.stream("skew")`. The same purpose always starts at the same place.
    #[must_use]
    pub fn stream(&self, purpose: &str) -> Stream {
        ChaCha8Rng::from_seed(self.derive(b"stream", purpose, 0))
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn derive(&self, kind: &[u8], name: &str, index: u64) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.0)
            .chain_update(kind)
            .chain_update((name.len() as u64).to_le_bytes())
            .chain_update(name)
            .chain_update(index.to_le_bytes())
            .finalize()
            .into()
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seed({self})")
    }
}

/// A key that is not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("a seed key is 64 hexadecimal digits")]
pub struct SeedParseError;

/// The key of those bytes.
impl From<[u8; 32]> for Seed {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for Seed {
    type Err = SeedParseError;

    fn from_str(text: &str) -> Result<Self, SeedParseError> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(SeedParseError);
        }
        let mut key = [0; 32];
        for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| SeedParseError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| SeedParseError)?;
        }
        Ok(Self(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_are_independent_of_each_other_and_stable() {
        let seed = Seed::root(8);
        let first = seed.stream("skew").next_u64();
        assert_eq!(first, seed.stream("skew").next_u64());
        assert_ne!(first, seed.stream("deal").next_u64());
        assert_ne!(first, seed.child("repeat", 0).stream("skew").next_u64());
        assert_ne!(seed.child("repeat", 0), seed.child("repeat", 1));
        assert_ne!(seed.child("ab", 0).child("c", 0), seed.child("a", 0).child("bc", 0));
    }

    #[test]
    fn a_key_survives_its_text() {
        let seed = Seed::root(1).child("party", 3);
        assert_eq!(seed.to_string().parse::<Seed>().unwrap(), seed);
        assert!("xyz".parse::<Seed>().is_err());
        assert!("é".repeat(32).parse::<Seed>().is_err());
    }
}
