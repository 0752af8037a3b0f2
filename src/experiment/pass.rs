//! The ways through a repeat: as the scenario is written, and, where parties are Byzantine, once more with all of them honest.

/// One way through a repeat. Both draw the same numbers from the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Everything that the scenario says.
    AsWritten,
    /// All parties honest: what Byzantine behaviour is held against.
    Honest,
}

impl Pass {
    /// The name of its folders.
    pub(super) fn folder(self, number: u32) -> String {
        match self {
            Self::AsWritten => format!("repeat-{:03}", number + 1),
            Self::Honest => format!("repeat-{:03}-honest", number + 1),
        }
    }
}
