//! `turncoat ask`: status, training and predictions of a hand-started federation.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;
use turncoat_learn::{PredictionVectors, Seed, Shard};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Address, Deadlines, Dialer, Role};

use super::dispatch::small_runtime;
use super::identity;
use crate::cli::{AskArgs, AskQuestion, AskTarget, Format};
use crate::error::Error;
use crate::scenario::parse_learner;
use crate::terminal;

pub(super) fn ask(args: AskArgs) -> Result<(), Error> {
    let runtime = small_runtime()?;
    match args.question {
        AskQuestion::Status { target, format } => {
            let status = runtime.block_on(connect(&runtime, &target)?.status())?;
            let joined: Vec<String> = status.joined.iter().map(ToString::to_string).collect();
            if format == Format::Json {
                return terminal::print_json(&json!({
                    "parties": status.parties, "joined": joined, "fitted": status.fitted
                }));
            }
            terminal::print(&format!(
                "{} of {} parties joined ({}), {}\n",
                joined.len(),
                status.parties,
                if joined.is_empty() { "none yet".into() } else { joined.join(", ") },
                if status.fitted { "fitted" } else { "not fitted" },
            ))?;
        }
        AskQuestion::Fit { target, classes, seed, learner } => {
            let learner = parse_learner("--learner", &learner)?;
            let order = FitOrder { learner, classes, seed: Seed::root(seed) };
            let fits = runtime.block_on(connect(&runtime, &target)?.fit(&order))?;
            for fit in fits {
                let accuracy = fit.train_accuracy.map_or("-".into(), |a| format!("{a:.3}"));
                terminal::print(&format!(
                    "{}: {} records, training accuracy {accuracy}\n",
                    fit.party, fit.records
                ))?;
            }
        }
        AskQuestion::Predict { target, records, shared, format } => {
            let records = Shard::read(&records)?;
            if records.is_empty() {
                return Err(Error::Data("there is no record to predict".into()));
            }
            let client = connect(&runtime, &target)?;
            let mut answers = Vec::new();
            if shared {
                let answer = runtime.block_on(client.predict_shared(records.records()))?;
                answers.push(("mean".to_owned(), answer.mean));
                answers
                    .extend(answer.parties.into_iter().map(|(party, vectors)| (party.to_string(), vectors)));
            } else {
                answers.push(("mean".to_owned(), runtime.block_on(client.predict(records.records()))?.mean));
            }
            match format {
                Format::Json => terminal::print_json(&by_name(&answers))?,
                Format::Table => terminal::print(&csv(&answers))?,
            }
        }
    }
    Ok(())
}

fn connect(runtime: &Runtime, target: &AskTarget) -> Result<CoordinatorClient, Error> {
    let usage = |e: &dyn std::fmt::Display| Error::Usage(e.to_string());
    let address: Address = target.coordinator.parse().map_err(|e| usage(&e))?;
    let role: Role = target.role.parse().map_err(|e| usage(&e))?;
    let proof = identity::of_caller(&target.identity, role)?.proof(role).map_err(|e| usage(&e))?;
    let deadlines =
        Deadlines { fit_ms: target.timeout_ms, predict_ms: target.timeout_ms, ..Deadlines::default() };
    let client = runtime.block_on(CoordinatorClient::connect(&Dialer::tcp(), &address, &proof, deadlines))?;
    Ok(client.with_patience(Duration::from_millis(target.timeout_ms)))
}

/// `{"mean": [[p_0, p_1, ...], ...], "party-1": ...}`, one list a record.
fn by_name(answers: &[(String, PredictionVectors)]) -> Map<String, Value> {
    let rows = |vectors: &PredictionVectors| -> Value {
        vectors.view().rows().into_iter().map(|vector| vector.to_vec()).collect::<Vec<_>>().into()
    };
    answers.iter().map(|(who, vectors)| (who.clone(), rows(vectors))).collect()
}

/// `who,record,p_0,p_1,...`, one line a record.
fn csv(answers: &[(String, PredictionVectors)]) -> String {
    use std::fmt::Write as _;
    let classes = answers.first().map_or(0, |(_, vectors)| vectors.classes());
    let names: Vec<String> = (0..classes).map(|class| format!("p_{class}")).collect();
    let mut text = format!("who,record,{}\n", names.join(","));
    for (who, vectors) in answers {
        for (record, vector) in vectors.view().rows().into_iter().enumerate() {
            let values: Vec<String> = vector.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "{who},{record},{}", values.join(","));
        }
    }
    text
}
