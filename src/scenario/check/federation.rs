//! The parties: how many, what each gets, what each trains, who sees what.

use turncoat_learn::Learner;
use turncoat_learn::partition::{Alpha, Deal, OnDegenerate, RawDeal, RecordsPerParty, Skew};

use super::MAX_RECORDS;
use super::commands::commands;
use super::learner::learner;
use super::limits::quorum;
use crate::scenario::checked::Federation;
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::yaml::{Scalar, Value, join};
use turncoat_proto::{Disclosure, Quorum};

const KEYS: [&str; 8] =
    ["parties", "records_per_party", "skew", "learner", "disclosure", "on_degenerate", "require", "commands"];
const DISCLOSURES: [(&str, Disclosure); 2] =
    [("open", Disclosure::Open), ("aggregator", Disclosure::Aggregator)];
/// Clusters a class where the scenario does not say.
const CLUSTERS: u64 = 8;

/// Reads the federation. The number of parties comes even when something else of it is wrong, so that ids can be held
/// against it all the same.
pub(super) fn federation(reader: &mut Reader<'_>, at: &At<'_>) -> (Option<u32>, Option<Federation>) {
    let Some(fields) = reader.fields(at, &KEYS) else { return (None, None) };
    let parties = reader.required(&fields, "parties", "how many data owners there are");
    let parties = parties.and_then(|at| reader.whole_u32(&at, 1..=Deal::MAX_PARTIES));
    let deal = deal(reader, at, &fields, parties);
    let learner = match fields.get("learner") {
        Some(at) => learner(reader, &at),
        None => Some(Learner::DecisionTree(turncoat_learn::tree::TreeParams::default())),
    };
    let disclosure = match fields.get("disclosure") {
        Some(at) => disclosure(reader, &at),
        None => Some(Disclosure::Open),
    };
    let quorum = match fields.get("require") {
        Some(at) => quorum(reader, &at, parties),
        None => Some(Quorum::All),
    };
    let commands = match fields.get("commands") {
        Some(at) => commands(reader, &at, parties),
        None => Some(Vec::new()),
    };
    let federation = match (deal, learner, disclosure, quorum, commands) {
        (Some(deal), Some(learner), Some(disclosure), Some(quorum), Some(commands)) => {
            Some(Federation { deal, learner, disclosure, quorum, commands })
        }
        _ => None,
    };
    (parties, federation)
}

fn disclosure(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Disclosure> {
    if let Value::Scalar(_, written) = at.value
        && written == "none"
    {
        reader.refuse(at, "not offered yet (secure aggregation); use `aggregator` or `open`");
        return None;
    }
    reader.word(at, &DISCLOSURES)
}

fn deal(reader: &mut Reader<'_>, at: &At<'_>, fields: &Fields<'_>, parties: Option<u32>) -> Option<Deal> {
    let records = reader.required(fields, "records_per_party", "how many records each is dealt");
    let records = records.and_then(|at| records_per_party(reader, &at));
    let skew = reader.required(fields, "skew", "of which classes, such as `simplex` or `iid`");
    let skew = skew.and_then(|at| read_skew(reader, &at));
    let on_degenerate = match fields.get("on_degenerate") {
        Some(at) => reader.word(&at, &[("warn", OnDegenerate::Warn), ("error", OnDegenerate::Error)]),
        None => Some(OnDegenerate::default()),
    };
    let whole = parties.is_some() && records.is_some() && skew.is_some() && on_degenerate.is_some();
    // What could not be read is stood in for by what breaks no rule, so that the rest is checked all the same.
    let records_per_party = match (records, parties) {
        (Some(RecordsPerParty::Listed(_)), None) | (None, _) => RecordsPerParty::Equal(1),
        (Some(records), _) => records,
    };
    let skew = skew.unwrap_or(Skew::Simplex);
    let parties = parties.unwrap_or(match &skew {
        Skew::Explicit(rows) => u32::try_from(rows.len()).unwrap_or(u32::MAX).clamp(1, Deal::MAX_PARTIES),
        _ => 1,
    });
    let on_degenerate = on_degenerate.unwrap_or_default();
    match (RawDeal { parties, records_per_party, skew, on_degenerate }).check() {
        Ok(deal) => whole.then_some(deal),
        Err(violations) => {
            for violation in violations {
                let spot = at.deepest(&violation.parameter).spot;
                let path = join(&at.path, &violation.parameter);
                reader.note(spot, &path, Some(violation.value), format!("must be {}", violation.rule), None);
            }
            None
        }
    }
}

fn records_per_party(reader: &mut Reader<'_>, at: &At<'_>) -> Option<RecordsPerParty> {
    match at.value {
        Value::List(_) => {
            let list = reader.list(at)?;
            // All entries are read before the first violation is given way to.
            let list: Vec<_> =
                list.iter().map(|at| reader.whole(at, 0..=MAX_RECORDS).map(|n| n as usize)).collect();
            Some(RecordsPerParty::Listed(list.into_iter().collect::<Option<_>>()?))
        }
        Value::Map(_) => {
            let (_, body) = reader.tagged(at, &["skewed"])?;
            let fields = reader.fields(&body, &["alpha", "total"])?;
            let alpha = reader.required(&fields, "alpha", "the concentration of the Dirichlet draw");
            let alpha = alpha.and_then(|at| reader.number(&at));
            let total = reader.required(&fields, "total", "the records of all parties together");
            let total = total.and_then(|at| reader.whole(&at, 1..=MAX_RECORDS));
            Some(RecordsPerParty::Skewed { alpha: alpha?, total: total? as usize })
        }
        Value::Scalar(Scalar::Int(_), _) => {
            reader.whole(at, 1..=MAX_RECORDS).map(|n| RecordsPerParty::Equal(n as usize))
        }
        Value::Scalar(..) => {
            reader.refuse(
                at,
                "must be a whole number, a list of one for each party, or {skewed: {alpha, total}}",
            );
            None
        }
    }
}

fn read_skew(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Skew> {
    let (tag, body) = reader.tagged(at, &["iid", "simplex", "dirichlet", "explicit", "clustered"])?;
    match tag {
        "dirichlet" => {
            let fields = reader.fields(&body, &["alpha"])?;
            let alpha = reader.required(&fields, "alpha", "the concentration, such as 0.5")?;
            Some(Skew::Dirichlet { alpha: reader.number(&alpha)? })
        }
        "clustered" => {
            let fields = reader.fields(&body, &["alpha", "clusters"])?;
            let alpha =
                reader.required(&fields, "alpha", "the concentration, such as 0.3, or a range, [0.1, 100]");
            let alpha = alpha.and_then(|at| concentration(reader, &at));
            let clusters = match fields.get("clusters") {
                Some(at) => reader.whole(&at, 0..=MAX_RECORDS),
                None => Some(CLUSTERS),
            };
            Some(Skew::Clustered { alpha: alpha?, clusters: clusters? as usize })
        }
        "explicit" => {
            let rows = reader.list(&body)?;
            let rows: Vec<_> = rows.iter().map(|row| numbers(reader, row)).collect();
            Some(Skew::Explicit(rows.into_iter().collect::<Option<_>>()?))
        }
        tag => {
            reader.fields(&body, &[])?;
            Some(if tag == "iid" { Skew::Iid } else { Skew::Simplex })
        }
    }
}

/// A number, or a range of two from which each repeat draws its own.
fn concentration(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Alpha> {
    if !matches!(at.value, Value::List(_)) {
        return reader.number(at).map(Alpha::Fixed);
    }
    match numbers(reader, at)?.as_slice() {
        [low, high] => Some(Alpha::LogUniform { low: *low, high: *high }),
        _ => {
            reader.refuse(at, "must be a number, or a range of two, such as [0.1, 100]");
            None
        }
    }
}

fn numbers(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<f64>> {
    let list = reader.list(at)?;
    let list: Vec<_> = list.iter().map(|at| reader.number(at)).collect();
    list.into_iter().collect()
}
