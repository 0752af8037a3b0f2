//! By what a model is known again: the SHA-256 of its saved form. Two models with the same digest answer the same bits.

use std::fmt;

/// The SHA-256 of a model's saved form: what `sha256sum` says of the file that
/// [`LocalModel::save`](super::LocalModel::save) writes.
///
/// ```
/// use turncoat_learn::ModelDigest;
///
/// assert!(ModelDigest::new([0xab; 32]).to_string().starts_with("abab"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelDigest([u8; 32]);

impl ModelDigest {
    /// Digest of 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve of its hexadecimal digits: enough to tell two models apart in a message.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..12].into()
    }
}

impl fmt::Display for ModelDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ModelDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModelDigest({self})")
    }
}
