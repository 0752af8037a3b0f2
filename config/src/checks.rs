//! What the library checks of parameters together, beyond the bounds of each: where a definition of the schema has such a check, it is
//! made wherever that definition stands.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use turncoat_attack::single_target::{ActiveLearning, ParameterViolation, RawShadowPlan};
use turncoat_learn::LearnerError;
use turncoat_learn::data::{DataError, RawCensusParams, RawGaussianClustersParams, RawPurchasesParams};
use turncoat_learn::ensemble::{RawAdaBoostParams, RawBaggingParams, RawForestParams, RawSoftVotingParams};
use turncoat_learn::partition::{PartitionViolation, RawPartitionParams};
use turncoat_learn::tree::RawTreeParams;

use super::broken::Broken;
use super::yaml::join;

/// A parameter that does not go with the others: its key path below what is checked, what it is, what it must be.
pub(super) struct Complaint {
    pub(super) parameter: String,
    pub(super) value: String,
    pub(super) rule: String,
}

/// Completes a value by what depends on its other keys, and says what is wrong with it. Given are its key path, and what is stood
/// in for.
type Check = fn(&mut Value, &str, &Broken) -> Checked;

/// Whether the value can be used as it stands, and what is told: nothing that hangs on what is not known.
type Checked = (bool, Vec<Complaint>);

/// The check of a definition, by the place of the definition in the schema.
pub(super) fn of(definition: &str) -> Option<Check> {
    Some(match definition.strip_prefix("#/definitions/")? {
        "decision_tree" => |value, path, broken| apart(together(value, RawTreeParams::check), path, broken),
        "random_forest" => |value, path, broken| apart(together(value, RawForestParams::check), path, broken),
        "ada_boost" => |value, path, broken| apart(together(value, RawAdaBoostParams::check), path, broken),
        "bagging" => |value, path, broken| apart(together(value, RawBaggingParams::check), path, broken),
        "soft_voting" => {
            |value, path, broken| apart(together(value, RawSoftVotingParams::check), path, broken)
        }
        "census" => |value, path, broken| apart(together(value, RawCensusParams::check), path, broken),
        "purchases" => |value, path, broken| apart(together(value, RawPurchasesParams::check), path, broken),
        "gaussian_clusters" => {
            |value, path, broken| apart(together(value, RawGaussianClustersParams::check), path, broken)
        }
        "shadow" => shadow,
        "federation" => partition,
        "active_learning" => rounds,
        "launch" => tls,
        _ => return None,
    })
}

/// Checks the raw form of parameters.
fn together<Raw: DeserializeOwned, Checked, Violation: Into<Complaint>>(
    value: &Value,
    check: impl FnOnce(Raw) -> Result<Checked, Vec<Violation>>,
) -> Vec<Complaint> {
    match serde_json::from_value::<Raw>(value.clone()) {
        Ok(raw) => check(raw).err().into_iter().flatten().map(Into::into).collect(),
        Err(error) => {
            vec![Complaint { parameter: String::new(), value: value.to_string(), rule: error.to_string() }]
        }
    }
}

/// Only what hangs on no key beside it that is stood in for.
fn apart(all: Vec<Complaint>, path: &str, broken: &Broken) -> Checked {
    retained(all, |complaint| !broken.beside(&join(path, &complaint.parameter)))
}

fn retained(mut all: Vec<Complaint>, is_kept: impl FnMut(&Complaint) -> bool) -> Checked {
    let sound = all.is_empty();
    all.retain(is_kept);
    (sound, all)
}

impl From<LearnerError> for Complaint {
    fn from(error: LearnerError) -> Self {
        match error {
            LearnerError::Parameter { parameter, value, rule } => {
                Self { parameter: parameter.into(), value, rule: rule.into() }
            }
            other => Self { parameter: String::new(), value: String::new(), rule: other.to_string() },
        }
    }
}

impl From<DataError> for Complaint {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Parameter { parameter, value, rule } => {
                Self { parameter: parameter.into(), value, rule: rule.into() }
            }
            other => Self { parameter: String::new(), value: String::new(), rule: other.to_string() },
        }
    }
}

impl From<PartitionViolation> for Complaint {
    fn from(PartitionViolation { parameter, value, rule }: PartitionViolation) -> Self {
        Self { parameter, value, rule }
    }
}

impl From<ParameterViolation> for Complaint {
    fn from(ParameterViolation { parameter, value, rule }: ParameterViolation) -> Self {
        Self { parameter, value, rule }
    }
}

/// What is said of the number of parties holds only where that is known.
fn partition(value: &mut Value, path: &str, broken: &Broken) -> Checked {
    let parties = broken.sound(&join(path, "parties"));
    retained(together(value, RawPartitionParams::check), |complaint| {
        parties || !complaint.rule.contains(" parties")
    })
}

/// What steps need of each other is not told where some number is not known: no record at all breaks a rule, so that it is not.
fn shadow(value: &mut Value, path: &str, broken: &Broken) -> Checked {
    let numbers = broken.sound(path);
    let mut tried = value.clone();
    if !numbers {
        tried["records"] = json!(0);
    }
    let steps = tried["steps"].as_array().map_or(0, Vec::len);
    let known = (0..steps).all(|place| broken.present(&join(path, &format!("steps.{place}"))));
    let mut all = together(&tried, RawShadowPlan::check);
    all.retain(|complaint| numbers || complaint.parameter != "records");
    let is_place = |parameter: &str| parameter.matches('.').count() == 1;
    all.retain(|complaint| match is_place(&complaint.parameter) {
        true => known,
        false => !broken.beside(&join(path, &complaint.parameter)),
    });
    (together(value, RawShadowPlan::check).is_empty(), all)
}

/// As many rounds as there are records to label, where those are few.
fn rounds(value: &mut Value, _: &str, _: &Broken) -> Checked {
    if value.get("rounds").is_none() {
        let labelled = value["labelled"].as_u64().unwrap_or(u64::MAX);
        value["rounds"] =
            json!(ActiveLearning::rounds_unless_told(usize::try_from(labelled).unwrap_or(usize::MAX)));
    }
    (true, Vec::new())
}

/// Between processes there is somebody to listen; within one there is nobody.
fn tls(value: &mut Value, _: &str, _: &Broken) -> Checked {
    if value.get("tls").is_none() {
        value["tls"] = json!(value["mode"] == "processes");
    }
    (true, Vec::new())
}
