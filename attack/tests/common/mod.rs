//! Test federations: answers from tables or from real models, as each vantage would see them, all in one process.
#![allow(dead_code, reason = "each test file uses its own part of this one")]

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use turncoat_attack::{
    AdversaryView, Attack, AttackError, Claims, Confidence, Gap, Knowledge, LeastLoss, MembershipClaim,
    Observation, Oracle, OwnShard, PriorAware, ShadowFederation, ShadowModel, SourceClaim, Targets, Ties,
    Vantage,
};
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, LocalModel, PartyId, PredictionVectors, Samples, Seed, Shard};

pub(crate) const GAP: Attack = Attack::Gap(Gap { ties: Ties::Lowest });
pub(crate) const CONFIDENCE: Attack = Attack::Confidence(Confidence { shadows: 10 });
pub(crate) const LEAST_LOSS: Attack = Attack::LeastLoss(LeastLoss {});
pub(crate) const PRIOR_AWARE: Attack = Attack::PriorAware(PriorAware {});

/// `shadow_model` with the learners that it takes by itself.
pub(crate) const fn shadow_model(shadows: u32) -> Attack {
    Attack::ShadowModel(ShadowModel {
        shadows,
        generation: None,
        attack_learner: None,
        sees: None,
        label: None,
        models: None,
    })
}

/// `shadow_federation` with the learner of the federation.
pub(crate) const fn shadow_federation(shadows: u32, transductive: bool) -> Attack {
    Attack::ShadowFederation(ShadowFederation { shadows, transductive, generation: None })
}

/// The party of that number.
pub(crate) fn party(number: u32) -> PartyId {
    PartyId::new(number).expect("parties count from one")
}

/// What the disclosure rule lets this adversary see.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sees {
    /// p.
    Mean,
    /// p and its own vector.
    Residual(PartyId),
    /// Every vector.
    All,
}

/// How a party of a test federation answers.
pub(crate) enum Answers {
    /// Row k of the table, k being the record's first feature.
    Table(Array2<f64>),
    /// A real model.
    Model(Box<LocalModel>),
}

/// A federation that answers in the same process.
pub(crate) struct TestFederation {
    pub(crate) parties: BTreeMap<PartyId, Answers>,
    pub(crate) sees: Sees,
}

impl Oracle for TestFederation {
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
        let parties = self
            .parties
            .iter()
            .map(|(&party, answers)| {
                let vectors = match answers {
                    Answers::Model(model) => model.predict_proba(records)?,
                    Answers::Table(table) => {
                        let rows: Vec<usize> =
                            records.rows().into_iter().map(|row| row[0] as usize).collect();
                        PredictionVectors::new(table.select(ndarray::Axis(0), &rows))?
                    }
                };
                Ok((party, vectors))
            })
            .collect::<Result<BTreeMap<_, _>, AttackError>>()?;
        let mean = PredictionVectors::mean(&parties.values().collect::<Vec<_>>())?;
        Ok(match self.sees {
            Sees::Mean => Observation::Averaged { mean },
            Sees::Residual(own) => {
                let own = parties[&own].clone();
                Observation::residual(mean, own, u32::try_from(self.parties.len()).expect("few parties"))?
            }
            Sees::All => {
                let parties = parties.into_iter().map(|(party, vectors)| (party, vectors.into())).collect();
                Observation::PerParty { mean, parties }
            }
        })
    }
}

/// A federation of parties that answer from a table each.
pub(crate) fn tables(tables: Vec<Array2<f64>>, sees: Sees) -> TestFederation {
    let parties = PartyId::first(u32::try_from(tables.len()).expect("few parties"));
    TestFederation { parties: parties.zip(tables.into_iter().map(Answers::Table)).collect(), sees }
}

/// Records in `[0, 1)^width`, on a coarse grid in the first feature; the label is a noisy function of two features.
pub(crate) fn synthetic(records: usize, width: usize, classes: u32, noise: f64, seed: Seed) -> Shard {
    let mut stream = seed.stream("synthetic");
    let x = Array2::from_shape_fn((records, width), |_| stream.random::<f32>());
    let labels = x
        .rows()
        .into_iter()
        .map(|row| {
            let clean = (((row[0] + row[1]) / 2.0) * classes as f32) as u32;
            let noisy = stream.random_range(0..classes);
            if stream.random::<f64>() < noise { noisy } else { clean.min(classes - 1) }
        })
        .collect();
    Shard::new(x, labels).expect("finite records")
}

/// Full trees.
pub(crate) fn full_tree() -> Learner {
    Learner::DecisionTree(TreeParams::default())
}

/// A full tree trained on the given rows.
pub(crate) fn train(data: &Shard, rows: &[usize], classes: usize) -> LocalModel {
    let (records, labels) = take(data, rows);
    let samples = Samples { records: records.view(), labels: &labels, classes };
    full_tree().fit(samples, Seed::root(0)).expect("a shard trains")
}

/// Rows of a data set.
pub(crate) fn take(data: &Shard, rows: &[usize]) -> (Array2<f32>, Vec<u32>) {
    (data.records().select(ndarray::Axis(0), rows), rows.iter().map(|&row| data.labels()[row]).collect())
}

/// Rows of a data set, as targets of a question about these candidates.
pub(crate) fn targets(data: &Shard, rows: &[usize], candidates: &[PartyId]) -> Targets {
    let (records, labels) = take(data, rows);
    Targets { records, labels, candidates: candidates.to_vec() }
}

/// What an adversary without data knows.
pub(crate) fn knowledge(vantage: Vantage, parties: u32, classes: usize) -> Knowledge {
    let seed = Seed::root(77);
    Knowledge {
        vantage,
        parties,
        classes,
        learner: full_tree(),
        release: Vec::new(),
        own: None,
        auxiliary: None,
        seed,
    }
}

/// A member's shard and model, for its knowledge.
pub(crate) fn own(data: &Shard, rows: &[usize], classes: usize) -> OwnShard {
    let (records, labels) = take(data, rows);
    OwnShard {
        shard: Shard::new(records, labels).expect("finite records"),
        model: train(data, rows, classes),
    }
}

/// Runs an attack.
pub(crate) fn run(
    attack: &Attack,
    knowledge: &Knowledge,
    targets: &Targets,
    oracle: &dyn Oracle,
) -> Result<Claims, AttackError> {
    attack.run(&AdversaryView::new(knowledge, targets, oracle)?)
}

/// The claims on membership, where there is one on every record.
pub(crate) fn memberships(claims: Claims) -> Vec<MembershipClaim> {
    match claims {
        Claims::Membership(claims) => {
            claims.into_iter().map(|claim| claim.expect("a claim on every record")).collect()
        }
        Claims::Source(_) => panic!("claims on the source"),
    }
}

/// The claims on the source, where there is one on every record.
pub(crate) fn sources(claims: Claims) -> Vec<SourceClaim> {
    match claims {
        Claims::Source(claims) => {
            claims.into_iter().map(|claim| claim.expect("a claim on every record")).collect()
        }
        Claims::Membership(_) => panic!("claims on membership"),
    }
}
