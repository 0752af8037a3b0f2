//! Announcements, statuses and reports of training.

use turncoat_learn::PartyId;

use super::absence::digest_from_wire;
use super::{party, positive};
use crate::federation::{Announcement, FederationStatus, PartyFit, PartyStatus};
use crate::violation::Violation;
use crate::wire;

impl Announcement {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::JoinRequest {
        wire::JoinRequest {
            protocol: self.protocol.clone(),
            revision: self.revision,
            party: self.party.get(),
            address: self.address.to_string(),
            records: self.records,
            features: self.features,
            model_digest: self.model_digest.map(|digest| digest.as_bytes().to_vec()),
        }
    }

    /// Of a message. Which protocol and revision are acceptable is for the coordinator to say.
    ///
    /// # Errors
    /// [`Violation`]: party 0, no feature, or what is no address or no digest.
    pub fn from_wire(request: wire::JoinRequest) -> Result<Self, Violation> {
        let address = request.address.parse().map_err(|error: turncoat_net::AddressParseError| {
            Violation::Value { field: "address", value: error.to_string(), rule: "an address" }
        })?;
        Ok(Self {
            protocol: request.protocol,
            revision: request.revision,
            party: party(request.party, "party")?,
            address,
            records: request.records,
            features: positive(request.features, "features")?,
            model_digest: request.model_digest.as_deref().map(digest_from_wire).transpose()?,
        })
    }
}

impl PartyFit {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::PartyFit {
        wire::PartyFit {
            party: self.party.get(),
            records: self.records,
            train_accuracy: self.train_accuracy,
            fit_ms: self.fit_ms,
            model_bytes: self.model_bytes,
            smallest_leaf: self.smallest_leaf,
            converged: self.converged,
            model_digest: self.model_digest.as_bytes().to_vec(),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: party 0, an accuracy outside [0, 1], a time that is none, or no digest.
    pub fn from_wire(fit: &wire::PartyFit) -> Result<Self, Violation> {
        if let Some(accuracy) = fit.train_accuracy
            && !(0.0..=1.0).contains(&accuracy)
        {
            return Err(Violation::Value {
                field: "train_accuracy",
                value: accuracy.to_string(),
                rule: "within [0, 1]",
            });
        }
        if !fit.fit_ms.is_finite() || fit.fit_ms < 0.0 {
            return Err(Violation::Value {
                field: "fit_ms",
                value: fit.fit_ms.to_string(),
                rule: "finite and at least 0",
            });
        }
        Ok(Self {
            party: party(fit.party, "party")?,
            records: fit.records,
            train_accuracy: fit.train_accuracy,
            fit_ms: fit.fit_ms,
            model_bytes: fit.model_bytes,
            smallest_leaf: fit.smallest_leaf,
            converged: fit.converged,
            model_digest: digest_from_wire(&fit.model_digest)?,
        })
    }
}

impl FederationStatus {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::FederationStatusReply {
        wire::FederationStatusReply {
            revision: self.revision,
            parties: self.parties,
            joined: self.joined.iter().map(|party| party.get()).collect(),
            fitted: self.fitted,
            features: self.features.unwrap_or(0),
            classes: self.classes.unwrap_or(0),
            records_per_call: self.records_per_call.unwrap_or(0),
            message_bytes: self.message_bytes.unwrap_or(0),
            request_ms: self.request_ms.unwrap_or(0),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: parties out of range or out of order, or a fitted federation without classes.
    pub fn from_wire(reply: wire::FederationStatusReply) -> Result<Self, Violation> {
        let parties = positive(reply.parties, "parties")?;
        let joined = ascending(&reply.joined, "joined")?;
        if let Some(beyond) = joined.iter().find(|party| party.get() > parties) {
            return Err(Violation::Value {
                field: "joined",
                value: beyond.to_string(),
                rule: "within the number of parties",
            });
        }
        if reply.fitted {
            positive(reply.classes, "classes")?;
        }
        let some = |count: u32| (count > 0).then_some(count);
        Ok(Self {
            revision: reply.revision,
            parties,
            joined,
            fitted: reply.fitted,
            features: some(reply.features),
            classes: some(reply.classes),
            records_per_call: some(reply.records_per_call),
            message_bytes: (reply.message_bytes > 0).then_some(reply.message_bytes),
            request_ms: (reply.request_ms > 0).then_some(reply.request_ms),
        })
    }
}

impl PartyStatus {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::PartyStatusReply {
        wire::PartyStatusReply {
            revision: self.revision,
            party: self.party.get(),
            records: self.records,
            features: self.features,
            fitted: self.fitted,
            model_digest: self.model_digest.map(|digest| digest.as_bytes().to_vec()),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: party 0, or a digest that is none.
    pub fn from_wire(reply: wire::PartyStatusReply) -> Result<Self, Violation> {
        Ok(Self {
            revision: reply.revision,
            party: party(reply.party, "party")?,
            records: reply.records,
            features: reply.features,
            fitted: reply.fitted,
            model_digest: reply.model_digest.as_deref().map(digest_from_wire).transpose()?,
        })
    }
}

/// Parties in strictly ascending order: nobody twice, and one order for everybody.
pub(crate) fn ascending(numbers: &[u32], field: &'static str) -> Result<Vec<PartyId>, Violation> {
    let parties = numbers.iter().map(|&number| party(number, field)).collect::<Result<Vec<_>, _>>()?;
    match parties.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(Violation::Value {
            field,
            value: format!("{} before {}", pair[0], pair[1]),
            rule: "each party once, in ascending order",
        }),
        None => Ok(parties),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_survives_the_wire_and_a_wrong_one_is_refused() {
        let status = FederationStatus {
            revision: 1,
            parties: 3,
            joined: PartyId::first(2).collect(),
            fitted: false,
            features: Some(14),
            classes: None,
            records_per_call: Some(10),
            message_bytes: None,
            request_ms: Some(1_000),
        };
        assert_eq!(FederationStatus::from_wire(status.to_wire()).unwrap(), status);
        assert_eq!(status.missing(), [PartyId::new(3).unwrap()]);
        for joined in [vec![0], vec![4], vec![2, 1], vec![1, 1]] {
            assert!(
                FederationStatus::from_wire(wire::FederationStatusReply { joined, ..status.to_wire() })
                    .is_err()
            );
        }
        assert!(
            FederationStatus::from_wire(wire::FederationStatusReply { fitted: true, ..status.to_wire() })
                .is_err()
        );
    }

    #[test]
    fn an_announcement_survives_the_wire_and_a_wrong_one_is_refused() {
        let announcement = Announcement {
            protocol: crate::wire::PROTOCOL.into(),
            revision: 1,
            party: PartyId::new(2).unwrap(),
            address: "memory:party-2".parse().unwrap(),
            records: 0,
            features: 14,
            model_digest: Some(turncoat_learn::ModelDigest::new([5; 32])),
        };
        assert_eq!(Announcement::from_wire(announcement.to_wire()).unwrap(), announcement);
        let good = announcement.to_wire();
        assert!(Announcement::from_wire(wire::JoinRequest { party: 0, ..good.clone() }).is_err());
        assert!(Announcement::from_wire(wire::JoinRequest { features: 0, ..good.clone() }).is_err());
        let here = wire::JoinRequest { address: "here".into(), ..good.clone() };
        assert!(Announcement::from_wire(here).is_err());
        let model_digest = Some(vec![5; 31]);
        assert!(Announcement::from_wire(wire::JoinRequest { model_digest, ..good }).is_err());
    }

    #[test]
    fn a_report_of_training_is_checked() {
        let fit = PartyFit {
            party: PartyId::new(1).unwrap(),
            records: 10,
            train_accuracy: Some(1.0),
            fit_ms: 2.5,
            model_bytes: 640,
            smallest_leaf: Some(3),
            converged: Some(false),
            model_digest: turncoat_learn::ModelDigest::new([7; 32]),
        };
        assert_eq!(PartyFit::from_wire(&fit.to_wire()).unwrap(), fit);
        assert!(PartyFit::from_wire(&wire::PartyFit { train_accuracy: Some(1.5), ..fit.to_wire() }).is_err());
        assert!(PartyFit::from_wire(&wire::PartyFit { fit_ms: f64::NAN, ..fit.to_wire() }).is_err());
        assert!(PartyFit::from_wire(&wire::PartyFit { model_digest: vec![], ..fit.to_wire() }).is_err());
    }
}
