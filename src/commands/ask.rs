//! `turncoat ask`: status, training and predictions of a hand-started federation.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;
use turncoat_learn::{Answers, Seed, Shard};
use turncoat_net::{Address, Dialer};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Deadlines, Role};

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
                answers.push(("mean".to_owned(), answer.mean.into()));
                answers
                    .extend(answer.parties.into_iter().map(|(party, answers)| (party.to_string(), answers)));
            } else {
                let mean = runtime.block_on(client.predict(records.records()))?.mean;
                answers.push(("mean".to_owned(), mean.into()));
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
    Ok(client.with_timeout(Duration::from_millis(target.timeout_ms)))
}

/// `{"mean": [[p_0, p_1, ...], ...], "party-1": ...}`, one list a record, `null` where a party did not answer.
fn by_name(answers: &[(String, Answers)]) -> Map<String, Value> {
    let rows = |answers: &Answers| -> Value {
        (0..answers.len()).map(|record| answers.row(record).map(|vector| vector.to_vec())).collect()
    };
    answers.iter().map(|(who, answers)| (who.clone(), rows(answers))).collect()
}

/// `who,record,p_0,p_1,...`, one line a record; no probabilities where a party did not answer.
fn csv(answers: &[(String, Answers)]) -> String {
    use std::fmt::Write as _;
    let classes = answers.first().map_or(0, |(_, answers)| answers.classes());
    let names: Vec<String> = (0..classes).map(|class| format!("p_{class}")).collect();
    let mut text = format!("who,record,{}\n", names.join(","));
    for (who, answers) in answers {
        for record in 0..answers.len() {
            let reported =
                |class: usize| answers.row(record).map_or_else(String::new, |p| p[class].to_string());
            let values: Vec<String> = (0..classes).map(reported).collect();
            let _ = writeln!(text, "{who},{record},{}", values.join(","));
        }
    }
    text
}
