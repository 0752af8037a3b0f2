//! The state of a federation: who has joined, and whether all have a model.
//!
//! Parties are kept in the order of their numbers, which is the order in which their vectors are summed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use turncoat_learn::{ModelDigest, PartyId, Seed};
use turncoat_net::Address;
use turncoat_proto::client::PartyClient;
use turncoat_proto::federation::Announcement;
use turncoat_proto::{FederationStatus, Limits, Refusal, wire};

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
    /// Whether all have joined and have a model.
    ready: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    members: BTreeMap<PartyId, Member>,
    training: Option<Training>,
    /// Members that somebody waited for in vain and that have not been heard of since.
    gone: BTreeSet<PartyId>,
}

/// What the last training that succeeded made.
#[derive(Clone, Debug)]
pub(crate) struct Training {
    pub(crate) classes: u32,
    /// The key of its random draws.
    pub(crate) seed: Seed,
    /// By what each party's model is known again.
    pub(crate) digests: BTreeMap<PartyId, ModelDigest>,
}

/// A federation whose parties all have a model.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    pub(crate) classes: usize,
    /// The key of the training's random draws.
    pub(crate) seed: Seed,
    pub(crate) features: usize,
    /// By what each party's model is known again.
    pub(crate) digests: BTreeMap<PartyId, ModelDigest>,
}

impl Federation {
    pub(crate) fn new(parties: u32, limits: Limits) -> Self {
        Self {
            parties,
            limits,
            state: Mutex::default(),
            joined: watch::Sender::new(0),
            ready: watch::Sender::new(false),
        }
    }

    pub(crate) fn parties(&self) -> u32 {
        self.parties
    }

    /// Whether a party may be admitted, from what it says about itself.
    pub(crate) fn check(&self, announcement: &Announcement) -> Result<(), Refusal> {
        check(self.parties, &self.state().members, announcement)
    }

    /// Admits a party that was dialled back and said what model it has. Checked again: others may have joined in the
    /// meantime. Once the federation is fitted, a party comes back with its own model or not at all. Whether it came back.
    ///
    /// `replaces` is where the party was, if that is elsewhere and it was seen to be there no more.
    pub(crate) fn admit(
        &self,
        member: Member,
        model: Option<ModelDigest>,
        replaces: Option<&Address>,
    ) -> Result<bool, Refusal> {
        let party = member.announcement.party;
        let mut state = self.state();
        check(self.parties, &state.members, &member.announcement)?;
        if let Some(place) = elsewhere(&state.members, &member.announcement)
            && replaces != Some(place)
        {
            return Err(Refusal::AlreadyJoined { party, address: place.to_string() });
        }
        let expected = state.training.as_ref().and_then(|training| training.digests.get(&party));
        if let Some(&expected) = expected
            && model != Some(expected)
        {
            return Err(Refusal::OtherModel { party, expected, got: model });
        }
        let came_back = state.members.insert(party, member).is_some();
        state.gone.remove(&party);
        self.joined.send_replace(state.members.len());
        self.tell(&state);
        Ok(came_back)
    }

    /// Where a party that announces itself has joined from before, if that was elsewhere.
    pub(crate) fn elsewhere(&self, announcement: &Announcement) -> Option<Member> {
        let state = self.state();
        elsewhere(&state.members, announcement)?;
        state.members.get(&announcement.party).cloned()
    }

    /// One party, if it has joined.
    pub(crate) fn client(&self, party: PartyId) -> Option<PartyClient> {
        self.state().members.get(&party).map(|member| member.client.clone())
    }

    /// Whether a party was waited for in vain, so that nobody waits for it again until it is back.
    pub(crate) fn is_gone(&self, party: PartyId) -> bool {
        self.state().gone.contains(&party)
    }

    /// Notes that a party was waited for in vain, or that it has answered.
    pub(crate) fn set_gone(&self, party: PartyId, gone: bool) {
        let mut state = self.state();
        if gone {
            state.gone.insert(party);
        } else {
            state.gone.remove(&party);
        }
    }

    /// Changes whenever a party joins.
    pub(crate) fn joins(&self) -> watch::Receiver<usize> {
        self.joined.subscribe()
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

    /// Notes that all parties have a model, or that some may have none.
    pub(crate) fn set_training(&self, training: Option<Training>) {
        let mut state = self.state();
        state.training = training;
        self.tell(&state);
    }

    /// Whether it can be asked for predictions, and when that changes.
    pub(crate) fn ready(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    fn tell(&self, state: &State) {
        let ready = state.training.is_some() && state.members.len() == self.parties as usize;
        self.ready.send_if_modified(|reported| std::mem::replace(reported, ready) != ready);
    }

    pub(crate) fn fitted(&self) -> Result<Fitted, Refusal> {
        self.all()?;
        let state = self.state();
        let Training { classes, seed, digests } = state.training.clone().ok_or(Refusal::NotFitted)?;
        let features = features(&state.members).unwrap_or(0) as usize;
        Ok(Fitted { classes: classes as usize, seed, features, digests })
    }

    pub(crate) fn status(&self) -> FederationStatus {
        let state = self.state();
        FederationStatus {
            revision: wire::REVISION,
            parties: self.parties,
            joined: state.members.keys().copied().collect(),
            fitted: state.training.is_some(),
            features: features(&state.members),
            classes: state.training.as_ref().map(|training| training.classes),
            records_per_call: self.limits.records_per_call,
            message_bytes: Some(self.limits.message_bytes),
            request_ms: Some(self.limits.request_ms),
        }
    }

    /// Waits until all have joined, for `timeout` at most.
    pub(crate) async fn wait_joined(&self, timeout: Duration) {
        let mut joined = self.joined.subscribe();
        let all = self.parties as usize;
        // Late or complete: the status that follows says which.
        let _ = tokio::time::timeout(timeout, joined.wait_for(|&count| count >= all)).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is one insertion or assignment, so the state is whole even if a thread died holding it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn features(members: &BTreeMap<PartyId, Member>) -> Option<u32> {
    members.values().next().map(|member| member.announcement.features)
}

fn elsewhere<'a>(members: &'a BTreeMap<PartyId, Member>, announcement: &Announcement) -> Option<&'a Address> {
    let place = &members.get(&announcement.party)?.announcement.address;
    (*place != announcement.address).then_some(place)
}

fn check(
    parties: u32,
    members: &BTreeMap<PartyId, Member>,
    announcement: &Announcement,
) -> Result<(), Refusal> {
    let Announcement { ref protocol, revision, party, features, .. } = *announcement;
    if protocol != wire::PROTOCOL || revision != wire::REVISION {
        let (ours, protocol) = (wire::REVISION, protocol.chars().take(64).collect());
        return Err(Refusal::Version { ours, theirs: revision, protocol });
    }
    if party.get() > parties {
        return Err(Refusal::UnknownParty { party, parties });
    }
    if let Some((&other, member)) = members.iter().find(|&(&other, _)| other != party)
        && member.announcement.features != features
    {
        return Err(Refusal::Features { party, features, other, expected: member.announcement.features });
    }
    Ok(())
}
