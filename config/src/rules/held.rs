//! What rules between keys are held against, and how what breaks one is told.

use turncoat_learn::PartyId;

use crate::broken::Broken;
use crate::places::{At, Notes};

/// A tree that has been read, and where its values stand.
pub(super) struct Held<'h, 'a, 'n> {
    pub(super) notes: &'h mut Notes<'a>,
    pub(super) root: &'h At<'n>,
    pub(super) broken: Broken,
}

impl Held<'_, '_, '_> {
    /// Whether all that was written at these key paths is what is held.
    pub(super) fn sound(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.broken.sound(path))
    }

    /// Refuses the value at a key path, or the last one on the way that is there.
    pub(super) fn refuse(&mut self, path: &str, rule: impl Into<String>) {
        let at = self.root.deepest(path);
        self.notes.refuse(&at, rule);
        self.broken.add(path);
    }

    /// As [`refuse`](Self::refuse), with what the value is called.
    pub(super) fn refuse_as(&mut self, path: &str, value: impl Into<String>, rule: impl Into<String>) {
        let spot = self.root.deepest(path).spot;
        self.notes.note(spot, path, Some(value.into()), rule, None);
        self.broken.add(path);
    }

    /// Holds the id of a party against how many there are, where that is known. Whether both are as they were written, and the party
    /// is one of the federation's.
    pub(super) fn is_party(&mut self, path: &str, party: PartyId, parties: Option<u32>) -> bool {
        if !self.sound(&[path]) {
            return false;
        }
        match parties {
            Some(parties) if party.get() > parties => {
                let rule = match parties {
                    1 => "there is only party 1 (federation.parties)".into(),
                    _ => format!("there are parties 1 to {parties} (federation.parties)"),
                };
                self.refuse(path, rule);
                false
            }
            _ => true,
        }
    }
}
