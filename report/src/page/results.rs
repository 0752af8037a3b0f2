//! Every result in full: the figures of `report.json` in tables, each cell saying which one it is.

use super::folder::Run;
use super::parts::{Part, small, table};
use crate::headline::QUESTIONS;
use crate::result::attack::ResultFigures;
use crate::table::columns::{Cell, Table};

/// The column and the field of each name.
const NAMES: [(&str, &str); 6] = [
    ("adversary", "adversary"),
    ("attack", "id"),
    ("target", "target"),
    ("generation", "generation"),
    ("attack model", "attack_learner"),
    ("non-members", "non_members"),
];

/// Figures of both questions, and those of scores, which the source question has none of to be ranked.
const FIGURES: [(&str, &str); 3] =
    [("precision", "precision"), ("accuracy", "accuracy"), ("recall", "recall")];
const RANKED: [(&str, &str); 5] = [
    ("auc", "AUC"),
    ("advantage", "advantage"),
    ("tpr_at_fpr_1pct", "TPR at 1 % FPR"),
    ("tpr_at_fpr_0_1pct", "TPR at 0.1 % FPR"),
    ("smallest_fpr", "smallest FPR"),
];

/// What a result is held against: the figure, by the field that it stands in, and the column.
const COMPARED: [(&str, &str); 6] = [
    ("prior_only.precision", "precision, prior only"),
    ("prior_only.accuracy", "accuracy, prior only"),
    ("over_prior.precision", "precision over prior"),
    ("over_prior.accuracy", "accuracy over prior"),
    ("over_outsider.precision", "precision over outsider"),
    ("over_outsider.accuracy", "accuracy over outsider"),
];

/// A result with its place in the report.
type Placed<'a> = (usize, &'a ResultFigures);

/// The tables, one for each question.
pub(super) fn results(run: &Run) -> Vec<Part> {
    let mut parts = vec![small(
        "Percent, mean over the repeats ± half of its 95 % interval. Membership: precision is the share of records claimed to be \
         in that are in, recall the share of members claimed to be in, advantage the true less the false positive rate; non-members \
         are drawn uniformly or to the members' class counts (matched), which class skew cannot flatter. AUC takes ties as half, TPR \
         at a bounded FPR follows the step rule (the largest set of scores whose FPR does not exceed the bound, no interpolation), and is 0 below the smallest \
         FPR at which the attack claims anything. \
         Source: precision and recall are averages over the candidate parties. Prior only: asks nothing, knows the true class \
         counts. Over prior, over outsider: differences repeat by repeat, in points, the latter to the outsider\u{2019}s attack of the same \
         id (or else its most accurate one, chosen on other repeats) on the same records. Claims: how many a repeat\u{2019}s figures rest on; \
         the precision of membership rests on the claims of in. A dash is a figure that does not exist.",
    )];
    for (question, title) in QUESTIONS {
        let all = run.report.results.iter().enumerate();
        let own: Vec<Placed<'_>> =
            all.filter(|(_, result)| result.question.as_deref() == Some(question)).collect();
        if own.is_empty() {
            continue;
        }
        let known = if question == "membership" { &RANKED[..] } else { &[] };
        parts.push(table(title, columns(&own, known)));
        if own.iter().any(|(_, result)| result.prior_leaves_unnamed(run.report.classes.len())) {
            parts.push(small(
                "Precision, prior only: class counts alone name the likeliest owner of each class, and here never name some of the \
                 parties in question. Each of these counts as zero in the average, which may then lie below guessing: this question \
                 is told by accuracy, and accuracies are to be compared.",
            ));
        }
    }
    parts
}

fn columns<'a>(own: &[Placed<'a>], ranked: &[(&str, &str)]) -> Table<Placed<'a>> {
    let mean = |result: &ResultFigures, name: &str| result.figure(name).map(|figure| figure.mean);
    let mut table = NAMES
        .iter()
        .fold(Table::of(own.iter().copied()), |table, (heading, field)| {
            table.text(*heading, |(_, result)| result.field(field).unwrap_or_default())
        })
        .number("records", |(_, result)| {
            mean(result, "records").map_or_else(String::new, |count| format!("{count:.0}"))
        })
        .claims("claims", |(_, result)| mean(result, "claims"))
        .claims("claims of in", |(_, result)| mean(result, "claims_in"));
    for (name, heading) in FIGURES.iter().chain(ranked).chain(&COMPARED).chain(&[("chance", "chance")]) {
        table = table.column(*heading, true, |(place, result)| Cell::Figure {
            figure: result.figure(&name.replace('.', "_")),
            of: Some((place, (*name).to_owned())),
        });
    }
    table
}
