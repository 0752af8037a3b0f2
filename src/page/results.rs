//! Every result in full: the figures of `report.json` in tables, each cell saying which one it is.

use super::folder::Run;
use super::opening::QUESTIONS;
use super::parts::{Cell, Page};
use crate::report::read::ReadResult;

const FIGURES: [(&str, &str); 8] = [
    ("precision", "precision"),
    ("accuracy", "accuracy"),
    ("recall", "recall"),
    ("auc", "AUC"),
    ("advantage", "advantage"),
    ("tpr_at_fpr_1pct", "TPR at 1 % FPR"),
    ("tpr_at_fpr_0_1pct", "TPR at 0.1 % FPR"),
    ("smallest_fpr", "smallest FPR"),
];

/// The tables, one for each question.
pub(super) fn results(page: &mut Page, run: &Run) {
    page.heading("results", "Every attack");
    page.small(
        "Percent, mean over the repeats ± half of its 95 % interval. Membership: precision is the share of records claimed to be \
         in that are in, recall the share of members claimed to be in, advantage the true less the false positive rate; non-members \
         are drawn uniformly or to the members' class counts (matched), which class skew cannot flatter. AUC takes ties as half, TPR \
         at a bounded FPR follows the step rule (the largest set of scores whose FPR does not exceed the bound, no interpolation), and is 0 below the smallest \
         FPR at which the attack claims anything. \
         Source: precision and recall are averages over the candidate parties. Prior only: asks nothing, knows the true class \
         counts. A dash is a figure that does not exist.",
    );
    for (question, title) in QUESTIONS {
        let is = |result: &ReadResult| result.question.as_deref() == Some(question);
        let rows: Vec<Vec<Cell>> = run
            .report
            .results
            .iter()
            .enumerate()
            .filter(|(_, result)| is(result))
            .map(|(place, result)| row(place, result, question))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let names = ["adversary", "attack", "target", "generation", "attack model", "non-members", "records"];
        let figures = FIGURES.iter().filter(|(name, _)| exists(question, name)).map(|(_, shown)| *shown);
        let columns: Vec<&str> = names
            .into_iter()
            .chain(figures)
            .chain(["precision, prior only", "accuracy, prior only", "chance"])
            .collect();
        page.table(title, &columns, &rows);
    }
}

/// The source question has no scores to be ranked.
fn exists(question: &str, figure: &str) -> bool {
    question == "membership" || ["precision", "accuracy", "recall"].contains(&figure)
}

fn row(place: usize, result: &ReadResult, question: &str) -> Vec<Cell> {
    let text = |field: &Option<String>| Cell::text(field.clone().unwrap_or_default());
    let records = result.figure("records").map_or_else(String::new, |records| format!("{:.0}", records.mean));
    let figure = |name: &str, figure| Cell::Figure { result: place, name: name.into(), figure };
    let mut cells = vec![
        text(&result.adversary),
        Cell::text(result.id()),
        text(&result.target),
        text(&result.generation),
        text(&result.attack_learner),
        text(&result.non_members),
        Cell::Number(records),
    ];
    let own = FIGURES.iter().filter(|(name, _)| exists(question, name));
    cells.extend(own.map(|(name, _)| figure(name, result.figure(name))));
    for name in ["precision", "accuracy"] {
        cells.push(figure(&format!("prior_only.{name}"), result.prior_only(name)));
    }
    cells.push(figure("chance", result.figure("chance")));
    cells
}
