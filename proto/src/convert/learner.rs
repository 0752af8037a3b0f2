//! What to train: learners and training runs.

use turncoat_learn::tree::{Criterion, Engine, RawTreeParams};
use turncoat_learn::{Learner, Seed};

use super::positive;
use crate::violation::Violation;
use crate::wire;

/// A training run.
#[derive(Clone, Debug, PartialEq)]
pub struct FitOrder {
    /// What to train.
    pub learner: Learner,
    /// Classes of the federation, at least 1.
    pub classes: u32,
    /// The key of the run's random draws.
    pub seed: Seed,
}

impl FitOrder {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::FitRequest {
        wire::FitRequest {
            learner: Some(learner_to_wire(&self.learner)),
            classes: self.classes,
            seed: seed_to_wire(self.seed),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: an absent learner, a parameter out of bounds, no class, or a seed that is not 32 bytes.
    pub fn from_wire(request: wire::FitRequest) -> Result<Self, Violation> {
        let learner = learner_from_wire(request.learner)?;
        Ok(Self {
            learner,
            classes: positive(request.classes, "classes")?,
            seed: seed_from_wire(&request.seed)?,
        })
    }
}

fn seed_to_wire(seed: Seed) -> Vec<u8> {
    let digits = seed.to_string().into_bytes();
    let value = |digit: u8| (digit as char).to_digit(16).map_or(0, |value| value as u8);
    digits.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn seed_from_wire(bytes: &[u8]) -> Result<Seed, Violation> {
    if bytes.len() != 32 {
        return Err(Violation::Length { field: "seed", got: bytes.len(), expected: 32 });
    }
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digits.parse().expect("32 bytes are 64 hexadecimal digits"))
}

fn learner_to_wire(learner: &Learner) -> wire::Learner {
    let kind = match learner {
        Learner::DecisionTree(params) => {
            let params = params.get();
            wire::learner::Kind::DecisionTree(wire::DecisionTree {
                max_depth: params.max_depth,
                min_samples_split: params.min_samples_split,
                min_samples_leaf: params.min_samples_leaf,
                min_impurity_decrease: params.min_impurity_decrease,
                criterion: match params.criterion {
                    Criterion::Gini => wire::Criterion::Gini,
                    Criterion::Entropy => wire::Criterion::Entropy,
                } as i32,
                engine: match params.engine {
                    Engine::Cart => wire::Engine::Cart,
                    Engine::Linfa => wire::Engine::Linfa,
                } as i32,
            })
        }
        // No scenario can ask for another kind.
        _ => return wire::Learner { kind: None },
    };
    wire::Learner { kind: Some(kind) }
}

fn learner_from_wire(learner: Option<wire::Learner>) -> Result<Learner, Violation> {
    let kind = learner.and_then(|learner| learner.kind).ok_or(Violation::Missing { field: "learner" })?;
    match kind {
        wire::learner::Kind::DecisionTree(tree) => {
            let criterion = match tree.criterion() {
                wire::Criterion::Gini => Criterion::Gini,
                wire::Criterion::Entropy => Criterion::Entropy,
                wire::Criterion::Unspecified => {
                    return Err(unknown(
                        "learner.decision_tree.criterion",
                        tree.criterion,
                        "gini or entropy",
                    ));
                }
            };
            let engine = match tree.engine() {
                wire::Engine::Cart => Engine::Cart,
                wire::Engine::Linfa => Engine::Linfa,
                wire::Engine::Unspecified => {
                    return Err(unknown("learner.decision_tree.engine", tree.engine, "cart or linfa"));
                }
            };
            let raw = RawTreeParams {
                max_depth: tree.max_depth,
                min_samples_split: tree.min_samples_split,
                min_samples_leaf: tree.min_samples_leaf,
                min_impurity_decrease: tree.min_impurity_decrease,
                criterion,
                engine,
                ..RawTreeParams::default()
            };
            raw.check().map(Learner::DecisionTree).map_err(|violations| Violation::Value {
                field: "learner.decision_tree",
                value: violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                rule: "parameters within their bounds",
            })
        }
    }
}

fn unknown(field: &'static str, number: i32, rule: &'static str) -> Violation {
    Violation::Value { field, value: number.to_string(), rule }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turncoat_learn::tree::TreeParams;

    fn order() -> FitOrder {
        let raw = RawTreeParams {
            max_depth: Some(7),
            min_samples_split: 4,
            min_samples_leaf: 3,
            min_impurity_decrease: 0.125,
            criterion: Criterion::Entropy,
            engine: Engine::Linfa,
            ..RawTreeParams::default()
        };
        let learner = Learner::DecisionTree(raw.check().unwrap());
        FitOrder { learner, classes: 10, seed: Seed::root(8).child("party", 3) }
    }

    #[test]
    fn an_order_survives_the_wire() {
        assert_eq!(FitOrder::from_wire(order().to_wire()).unwrap(), order());
        let plain = FitOrder {
            learner: Learner::DecisionTree(TreeParams::default()),
            classes: 2,
            seed: Seed::root(1),
        };
        assert_eq!(FitOrder::from_wire(plain.to_wire()).unwrap(), plain);
    }

    #[test]
    fn each_bad_field_is_named() {
        let says = |change: &dyn Fn(&mut wire::FitRequest, &mut wire::DecisionTree)| {
            let mut request = order().to_wire();
            let Some(wire::learner::Kind::DecisionTree(mut tree)) = request.learner.take().unwrap().kind
            else {
                panic!("a tree was ordered")
            };
            change(&mut request, &mut tree);
            request.learner = Some(wire::Learner { kind: Some(wire::learner::Kind::DecisionTree(tree)) });
            FitOrder::from_wire(request).unwrap_err().to_string()
        };
        assert!(says(&|request, _| request.classes = 0).contains("classes is 0"));
        assert!(says(&|request, _| request.seed.truncate(31)).contains("seed has 31 entries"));
        assert!(says(&|_, tree| tree.criterion = 0).contains("criterion is 0: gini or entropy"));
        assert!(says(&|_, tree| tree.engine = 99).contains("engine is 99"));
        assert!(says(&|_, tree| tree.min_samples_split = 1).contains("min_samples_split"));
        assert!(says(&|_, tree| tree.min_impurity_decrease = f64::NAN).contains("min_impurity_decrease"));
        let none = wire::FitRequest { learner: None, ..order().to_wire() };
        assert!(FitOrder::from_wire(none).unwrap_err().to_string().contains("learner is missing"));
    }
}
