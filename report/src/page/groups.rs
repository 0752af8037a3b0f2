//! Figures class by class and party by party, of the most precise attack from each vantage.

use super::by_class::{OfClass, by_class};
use super::folder::Run;
use super::opening::{QUESTIONS, VANTAGES, best_of_target};
use super::parts::{Cell, Page, claims, resting};
use super::rocs::armed;
use crate::error::Error;
use crate::headline::Reading;
use crate::picture::{Dots, Mark, Panel, Picture, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;

/// Most classes drawn; the table has all.
const CLASSES: usize = 40;

/// What is shown of a question: each vantage's (or target's) most precise attack.
fn shown<'a>(run: &'a Run, question: &'a str) -> Vec<(Tone, &'a ResultFigures)> {
    let reading = Reading::of(&run.report, question);
    match &run.report.laboratory {
        None => VANTAGES
            .iter()
            .filter_map(|vantage| Some((Tone::of_vantage(vantage), reading.vantage(vantage)?)))
            .collect(),
        Some(laboratory) => laboratory
            .targets
            .iter()
            .filter_map(|target| best_of_target(&run.report, &target.learner))
            .filter(|result| result.question.as_deref() == Some(question))
            .enumerate()
            .map(|(number, result)| (Tone::nth(number), result))
            .collect(),
    }
}

/// `party-3: least_loss`.
fn who(result: &ResultFigures) -> String {
    let name = result.means.target.as_deref().or(result.adversary.as_deref()).unwrap_or_default();
    format!("{name}: {}", armed(result))
}

/// A figure of each class, by class.
pub(super) fn by_classes(page: &mut Page, run: &Run) -> Result<(), Error> {
    let mut panels = Vec::new();
    let mut rows = Vec::new();
    for (question, title) in QUESTIONS {
        let found: Vec<(Tone, &ResultFigures, Vec<OfClass>)> = shown(run, question)
            .into_iter()
            .filter_map(|(tone, result)| Some((tone, result, by_class(run.claims.of(result)?))))
            .filter(|(.., classes)| !classes.is_empty())
            .collect();
        if found.is_empty() {
            continue;
        }
        panels.push(panel(run, title, &found));
        for (_, result, classes) in &found {
            rows.extend(classes.iter().map(|of| {
                let figure = of.accuracy.mean.map(|mean| Figure { mean, ci95: of.accuracy.ci95 });
                vec![
                    Cell::text(question),
                    Cell::text(who(result)),
                    Cell::text(run.class(of.class as usize)),
                    claims(Some(of.claims)),
                    Cell::percent(figure),
                ]
            }));
        }
    }
    if panels.is_empty() {
        return Ok(());
    }
    page.heading("classes", "Class by class");
    page.picture(
        Picture {
            name: "by_class".into(),
            alternative: "Accuracy of the most precise attacks class by class. The figures are in the table below".into(),
            panels,
        },
        "Accuracy in percent, with 95 % intervals over the repeats, of the most precise attack from each vantage (of single targets, of the most accurate one on each) on the records of \
         each class: the share of claims on them that are right, counted from the claims. Of membership on class-matched \
         non-members guessing gives 50 % in every class; of the source, a party that holds most of a class is named rightly \
         often by its share of it alone.",
    )?;
    page.table(
        "Accuracy by class, percent ± half of the 95 % interval",
        &["question", "attack", "class", "claims a repeat", "accuracy"],
        &rows,
    );
    Ok(())
}

fn panel(run: &Run, title: &str, found: &[(Tone, &ResultFigures, Vec<OfClass>)]) -> Panel {
    let mut classes: Vec<u32> = found.iter().flat_map(|(.., of)| of.iter().map(|one| one.class)).collect();
    classes.sort_unstable();
    classes.dedup();
    let cut = if classes.len() > CLASSES { format!(", first {CLASSES} classes") } else { String::new() };
    classes.truncate(CLASSES);
    let row = |class: &u32| Row {
        label: run.class(*class as usize),
        marks: found
            .iter()
            .filter_map(|(tone, _, of)| {
                let accuracy = &of.iter().find(|one| one.class == *class)?.accuracy;
                Some(Mark { tone: *tone, value: accuracy.mean?, interval: accuracy.ci95 })
            })
            .collect(),
        tick: None,
        chance: None,
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
        key: found.iter().map(|(tone, result, _)| (*tone, who(result))).collect(),
        line_key: "guessing".into(),
        tick_key: String::new(),
    })
}

/// Each candidate's precision and recall, of the source question.
pub(super) fn by_parties(page: &mut Page, run: &Run) -> Result<(), Error> {
    let found: Vec<(Tone, &ResultFigures)> =
        shown(run, "source").into_iter().filter(|(_, result)| !result.by_party.is_empty()).collect();
    if found.is_empty() {
        return Ok(());
    }
    page.heading("parties", "Party by party");
    let panel = |title: &str, precision: bool| {
        let all = || found.iter().flat_map(|(_, result)| &result.by_party);
        let rests_on =
            all().filter_map(|of| if precision { of.claims } else { of.records }.map(|mean| mean.0));
        let mut ids: Vec<u32> = all().map(|of| of.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let row = |id: &u32| Row {
            label: format!("P{id}"),
            marks: found
                .iter()
                .filter_map(|(tone, result)| {
                    let of = result.by_party.iter().find(|of| of.id == *id)?;
                    let summary = if precision { &of.precision } else { &of.recall };
                    Some(Mark { tone: *tone, value: summary.mean?, interval: summary.ci95 })
                })
                .collect(),
            tick: None,
            chance: None,
        };
        Panel::Dots(Dots {
            title: title.into(),
            axis: resting(if precision { "precision, percent" } else { "recall, percent" }, rests_on),
            rows: ids.iter().map(row).collect(),
            key: found.iter().map(|(tone, result)| (*tone, who(result))).collect(),
            ..Dots::default()
        })
    };
    page.picture(
        Picture {
            name: "by_party".into(),
            alternative: "Precision and recall of source claims by party. The figures are in the table below".into(),
            panels: vec![
                panel("Claims on a party that are right", true),
                panel("A party's records that were named as its", false),
            ],
        },
        "Source inference, the most precise attack from each vantage, party by party, in percent with 95 % intervals: of all claims \
         that name the party the share that is right (precision), and of the party's records the share whose claims name it \
         (recall). An adversary is not asked about its own records. After Truex et al., section 4.7, and Hu et al. (2021).",
    )?;
    let rows: Vec<Vec<Cell>> = found
        .iter()
        .flat_map(|(_, result)| {
            result.by_party.iter().map(|of| {
                vec![
                    Cell::text(who(result)),
                    Cell::text(format!("P{}", of.id)),
                    claims(of.claims.map(|mean| mean.0)),
                    Cell::percent(Figure::of(&of.precision)),
                    claims(of.records.map(|mean| mean.0)),
                    Cell::percent(Figure::of(&of.recall)),
                ]
            })
        })
        .collect();
    page.table(
        "Source claims by party, percent ± half of the 95 % interval; claims are of a repeat",
        &["attack", "party", "claims that name it", "precision", "claims on its records", "recall"],
        &rows,
    );
    Ok(())
}
