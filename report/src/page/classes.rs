//! Accuracy class by class of the attack that speaks for each vantage (or target): the fraction of its claims on records of a class
//! that are right.
//!
//! Of the source question that is the class's share of records whose owner was named; of membership, on the class-matched draw,
//! in which half of a class's records are members, one half is what guessing gives. A repeat's figure is over its folds together;
//! mean and 95 % interval are over the repeats in which the class was asked about.

use std::collections::BTreeMap;

use turncoat_attack::Summary;

use super::charts::summaries;
use super::claims::ClaimSet;
use super::folder::Run;
use super::parts::{Part, picture, resting, table};
use crate::headline::{QUESTIONS, Reading};
use crate::picture::{Dots, Panel, Tone};
use crate::result::attack::ResultFigures;
use crate::table::columns::Table;

/// Most classes drawn; the table has all.
const CLASSES: usize = 40;

/// One class.
#[derive(Clone, Debug, PartialEq)]
struct OfClass {
    /// Its number, from 0.
    class: u32,
    /// Claims on its records, mean over the repeats with any.
    claims: f64,
    /// Fraction of claims that are right.
    accuracy: Summary,
}

/// Every class that was asked about, in their order; none where the classes are not known.
fn by_class(set: &ClaimSet) -> Vec<OfClass> {
    let mut repeats: Vec<u32> = set.claims.iter().map(|claim| claim.at.0).collect();
    repeats.sort_unstable();
    repeats.dedup();
    let mut found: BTreeMap<u32, Vec<[usize; 2]>> = BTreeMap::new();
    for claim in set.claims.iter().filter(|claim| claim.counts[1]) {
        let (Some(label), Ok(place)) = (claim.label, repeats.binary_search(&claim.at.0)) else { continue };
        let counts = &mut found.entry(label).or_insert_with(|| vec![[0; 2]; repeats.len()])[place];
        counts[0] += usize::from(claim.claim == claim.truth);
        counts[1] += 1;
    }
    let summed = |(class, repeats): (u32, Vec<[usize; 2]>)| OfClass {
        class,
        claims: repeats.iter().map(|[_, all]| *all as f64).sum::<f64>()
            / repeats.iter().filter(|[_, all]| *all > 0).count() as f64,
        accuracy: Summary::new(
            repeats.iter().map(|&[right, all]| (all > 0).then(|| right as f64 / all as f64)).collect(),
        ),
    };
    found.into_iter().map(summed).collect()
}

/// An attack in its tone, class by class.
type Found<'a> = (Tone, &'a ResultFigures, Vec<OfClass>);

/// A figure of each class, by class.
pub(super) fn classes(run: &Run) -> Vec<Part> {
    let found = QUESTIONS.map(|(question, title)| -> (&str, Vec<Found<'_>>) {
        let of_classes = Reading::of(&run.report, question).speakers().into_iter();
        let of_classes =
            of_classes.filter_map(|(tone, result)| Some((tone, result, by_class(run.claims.of(result)?))));
        (title, of_classes.filter(|(.., classes)| !classes.is_empty()).collect())
    });
    let found = || found.iter().filter(|(_, found)| !found.is_empty());
    let rows: Vec<(&ResultFigures, &OfClass)> = found()
        .flat_map(|(_, found)| found)
        .flat_map(|(_, result, classes)| classes.iter().map(|of| (*result, of)))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = Table::of(&rows)
        .text("question", |(result, _)| result.field("question").unwrap_or_default())
        .text("attack", |(result, _)| result.label())
        .text("class", |(_, of)| run.class(of.class as usize))
        .claims("claims a repeat", |(_, of)| Some(of.claims))
        .summary("accuracy", |(_, of)| &of.accuracy);
    vec![
        picture(
            "by_class",
            "Accuracy of the most precise attacks class by class. The figures are in the table below",
            found().map(|(title, found)| panel(run, title, found)),
            "Accuracy in percent, with 95 % intervals over the repeats, of the most precise attack from each vantage (of single targets, of the most accurate one on each) on the records of \
             each class: the share of claims on them that are right, counted from the claims. Of membership on class-matched \
             non-members guessing gives 50 % in every class; of the source, a party that holds most of a class is named rightly \
             often by its share of it alone.",
        ),
        table("Accuracy by class, percent ± half of the 95 % interval", columns),
    ]
}

fn panel(run: &Run, title: &str, found: &[Found<'_>]) -> Panel {
    let mut classes: Vec<u32> = found.iter().flat_map(|(.., of)| of.iter().map(|one| one.class)).collect();
    classes.sort_unstable();
    classes.dedup();
    let cut = if classes.len() > CLASSES { format!(", first {CLASSES} classes") } else { String::new() };
    classes.truncate(CLASSES);
    let row = |class: &u32| {
        let of_class = found
            .iter()
            .filter_map(|(tone, _, of)| Some((*tone, &of.iter().find(|one| one.class == *class)?.accuracy)));
        summaries(run.class(*class as usize), of_class)
    };
    let mut lines: Vec<f64> = found.iter().filter_map(|(_, result, _)| result.chance).collect();
    lines.sort_by(f64::total_cmp);
    lines.dedup();
    let drawn = found.iter().flat_map(|(.., of)| of).filter(|one| classes.contains(&one.class));
    Panel::Dots(Dots {
        title: format!("{title}{cut}"),
        axis: resting("accuracy, percent", drawn.map(|one| one.claims)),
        rows: classes.iter().map(row).collect(),
        lines,
        key: found.iter().map(|(tone, result, _)| (*tone, result.label())).collect(),
        line_key: "guessing".into(),
        ..Dots::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::claims::Claim;
    use super::*;

    #[test]
    fn two_classes_by_hand() {
        let claim = |repeat, label, right: bool| Claim {
            at: (repeat, 0),
            record: 0,
            label: Some(label),
            truth: 1,
            claim: u32::from(right),
            score: 0.0,
            counts: [false, true],
        };
        let claims = vec![
            claim(1, 0, true),
            claim(1, 0, false),
            claim(1, 3, true),
            claim(2, 0, true),
            claim(2, 0, true),
        ];
        let found = by_class(&ClaimSet { claims, ..ClaimSet::default() });
        assert_eq!(found.iter().map(|one| (one.class, one.claims)).collect::<Vec<_>>(), [(0, 2.0), (3, 1.0)]);
        assert_eq!(found[0].accuracy.by_repeat, [Some(0.5), Some(1.0)]);
        assert_eq!(found[1].accuracy.by_repeat, [Some(1.0), None]);
        assert_eq!(found[0].accuracy.mean, Some(0.75));
    }
}
