//! The state of a federation: who has joined, and whether all have a model.
//!
//! Parties are kept in the order of their numbers, which is the order in which their vectors are summed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use turncoat_learn::PartyId;
use turncoat_proto::client::PartyClient;
use turncoat_proto::federation::Announcement;
use turncoat_proto::{FederationStatus, Limits, Refusal, version};

/// A party that was admitted.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) announcement: Announcement,
    pub(crate) client: PartyClient,
}

/// A federation.
#[derive(Debug)]
pub(crate) struct Federation {
    parties: u32,
    limits: Limits,
    state: Mutex<State>,
    joined: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    members: BTreeMap<PartyId, Member>,
    classes: Option<u32>,
}

/// A federation whose parties all have a model.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    /// All parties, in order.
    pub(crate) clients: Vec<PartyClient>,
    pub(crate) classes: usize,
    pub(crate) features: usize,
}

impl Federation {
    pub(crate) fn new(parties: u32, limits: Limits) -> Self {
        Self { parties, limits, state: Mutex::default(), joined: watch::Sender::new(0) }
    }

    pub(crate) fn parties(&self) -> u32 {
        self.parties
    }

    /// Whether a party may be admitted, from what it says about itself.
    pub(crate) fn check(&self, announcement: &Announcement) -> Result<(), Refusal> {
        check(self.parties, &self.state().members, announcement)
    }

    /// Admits a party that was dialled back. Checked again: others may have joined in the meantime.
    pub(crate) fn admit(&self, member: Member, has_model: bool) -> Result<(), Refusal> {
        let mut state = self.state();
        check(self.parties, &state.members, &member.announcement)?;
        if !has_model {
            // A party that comes back without its model takes the federation back to before the fit.
            state.classes = None;
        }
        state.members.insert(member.announcement.party, member);
        self.joined.send_replace(state.members.len());
        Ok(())
    }

    /// All parties, in order.
    pub(crate) fn all(&self) -> Result<Vec<PartyClient>, Refusal> {
        let state = self.state();
        let missing: Vec<_> =
            PartyId::first(self.parties).filter(|party| !state.members.contains_key(party)).collect();
        if missing.is_empty() {
            Ok(state.members.values().map(|member| member.client.clone()).collect())
        } else {
            Err(Refusal::NotJoined(missing))
        }
    }

    /// Notes that all parties have a model of that many classes, or that some may have none.
    pub(crate) fn set_fitted(&self, classes: Option<u32>) {
        self.state().classes = classes;
    }

    pub(crate) fn fitted(&self) -> Result<Fitted, Refusal> {
        let clients = self.all()?;
        let state = self.state();
        let classes = state.classes.ok_or(Refusal::NotFitted)? as usize;
        let features = features(&state.members).unwrap_or(0) as usize;
        Ok(Fitted { clients, classes, features })
    }

    pub(crate) fn status(&self) -> FederationStatus {
        let state = self.state();
        FederationStatus {
            revision: version::REVISION,
            parties: self.parties,
            joined: state.members.keys().copied().collect(),
            fitted: state.classes.is_some(),
            features: features(&state.members),
            classes: state.classes,
            records_per_call: self.limits.records_per_call,
            message_bytes: Some(self.limits.message_bytes),
            request_ms: Some(self.limits.request_ms),
        }
    }

    /// Waits until all have joined, for `patience` at most.
    pub(crate) async fn wait_joined(&self, patience: Duration) {
        let mut joined = self.joined.subscribe();
        let all = self.parties as usize;
        // Late or complete: the status that follows says which.
        let _ = tokio::time::timeout(patience, joined.wait_for(|&count| count >= all)).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is one insertion or assignment, so the state is whole even if a thread died holding it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn features(members: &BTreeMap<PartyId, Member>) -> Option<u32> {
    members.values().next().map(|member| member.announcement.features)
}

fn check(
    parties: u32,
    members: &BTreeMap<PartyId, Member>,
    announcement: &Announcement,
) -> Result<(), Refusal> {
    let Announcement { ref protocol, revision, party, ref address, features, .. } = *announcement;
    if protocol != version::PROTOCOL || revision != version::REVISION {
        let (ours, protocol) = (version::REVISION, protocol.chars().take(64).collect());
        return Err(Refusal::Version { ours, theirs: revision, protocol });
    }
    if party.get() > parties {
        return Err(Refusal::UnknownParty { party, parties });
    }
    if let Some(member) = members.get(&party)
        && member.announcement.address != *address
    {
        return Err(Refusal::AlreadyJoined { party, address: member.announcement.address.to_string() });
    }
    if let Some((&other, member)) = members.iter().find(|&(&other, _)| other != party)
        && member.announcement.features != features
    {
        return Err(Refusal::Features { party, features, other, expected: member.announcement.features });
    }
    Ok(())
}
