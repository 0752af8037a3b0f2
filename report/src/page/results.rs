//! Every result in full: the figures of `report.json` in tables, each cell saying which one it is.

use super::folder::Run;
use super::opening::QUESTIONS;
use super::parts::{Cell, Page, claims};
use crate::result::attack::ResultFigures;

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

/// What a result is held against: the field, its figure, and the column.
const COMPARED: [(&str, &str, &str); 6] = [
    ("prior_only", "precision", "precision, prior only"),
    ("prior_only", "accuracy", "accuracy, prior only"),
    ("over_prior", "precision", "precision over prior"),
    ("over_prior", "accuracy", "accuracy over prior"),
    ("over_outsider", "precision", "precision over outsider"),
    ("over_outsider", "accuracy", "accuracy over outsider"),
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
         counts. Over prior, over outsider: differences repeat by repeat, in points, the latter to the outsider\u{2019}s attack of the same \
         id (or else its most accurate one, chosen on other repeats) on the same records. Claims: how many a repeat\u{2019}s figures rest on; \
         the precision of membership rests on the claims of in. A dash is a figure that does not exist.",
    );
    for (question, title) in QUESTIONS {
        let is = |result: &ResultFigures| result.question.as_deref() == Some(question);
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
        let names = [
            "adversary",
            "attack",
            "target",
            "generation",
            "attack model",
            "non-members",
            "records",
            "claims",
            "claims of in",
        ];
        let figures = FIGURES.iter().filter(|(name, _)| exists(question, name)).map(|(_, shown)| *shown);
        let columns: Vec<&str> = names
            .into_iter()
            .chain(figures)
            .chain(COMPARED.iter().map(|(.., shown)| *shown))
            .chain(["chance"])
            .collect();
        page.table(title, &columns, &rows);
        let unnamed = |result: &&ResultFigures| result.prior_leaves_unnamed(run.report.classes.len());
        if run.report.results.iter().filter(|result| is(result)).any(|result| unnamed(&result)) {
            page.small(
                "Precision, prior only: class counts alone name the likeliest owner of each class, and here never name some of the \
                 parties in question. Each of these counts as zero in the average, which may then lie below guessing: this question \
                 is told by accuracy, and accuracies are to be compared.",
            );
        }
    }
}

/// The source question has no scores to be ranked.
fn exists(question: &str, figure: &str) -> bool {
    question == "membership" || ["precision", "accuracy", "recall"].contains(&figure)
}

fn row(place: usize, result: &ResultFigures, question: &str) -> Vec<Cell> {
    let text = |field: &Option<String>| Cell::text(field.clone().unwrap_or_default());
    let count = |name| result.figure(name).map_or_else(String::new, |count| format!("{:.0}", count.mean));
    let figure = |name: &str, figure| Cell::Figure { result: place, name: name.into(), figure };
    let mut cells = vec![
        text(&result.adversary),
        Cell::text(result.id()),
        text(&result.means.target),
        text(&result.means.generation),
        text(&result.means.attack_learner),
        text(&result.non_members),
        Cell::Number(count("records")),
        claims(result.figure("claims").map(|claims| claims.mean)),
        claims(result.figure("claims_in").map(|claims| claims.mean)),
    ];
    let own = FIGURES.iter().filter(|(name, _)| exists(question, name));
    cells.extend(own.map(|(name, _)| figure(name, result.figure(name))));
    for (of, name, _) in COMPARED {
        cells.push(figure(&format!("{of}.{name}"), result.difference(of, name)));
    }
    cells.push(figure("chance", result.figure("chance")));
    cells
}
