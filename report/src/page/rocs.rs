//! ROC curves of the attacks on membership, linear and with both axes logarithmic.

use super::folder::Run;
use super::parts::{Part, picture, resting, small, table};
use super::roc::Roc;
use crate::picture::{Axis, Format, Panel, Point, Series, Tone, Xy};
use crate::result::attack::ResultFigures;
use crate::table::columns::Table;

/// Most curves in a panel.
const CURVES: usize = 6;
/// Where logarithmic axes begin.
const LEAST: f64 = 1e-4;
const DRAWS: [&str; 2] = ["uniform", "matched"];

/// A result with its place in the report and its curve.
struct Drawn<'a> {
    place: usize,
    result: &'a ResultFigures,
    roc: Roc,
}

/// The curves, on the matched draw first.
pub(super) fn rocs(run: &Run) -> Vec<Part> {
    let matched = curves(run, "matched");
    if matched.is_empty() {
        return Vec::new();
    }
    let caption = "True against false positive rate in percent: straight lines between attainable thresholds, which are marked (of \
                   those closer than their marks, some). The curve is the mean of the repeats' curves at each false positive rate \
                   (folds within their repeat first), so that the area under it is the AUC, in which ties count half; scores of \
                   different repeats are not pooled. Between two marks lies only what an adversary reaches that claims records of \
                   one score at random: an attack with few scores reaches no false positive rate below its first mark. ";
    let logarithmic = "Both axes logarithmic, from 0.01 % to 100 %, where a straight line is bent: what matters is on the left, where an attacker is hardly ever \
                       wrong (Carlini et al., 2022). What lies below 0.01 % is drawn at 0.01 %; with few non-members no false \
                       positive rate but 0 lies left of one divided by their number.";
    let whole = format!("{caption}Class-matched non-members; the dashed line is guessing.");
    let mut parts = vec![
        sheet(&matched, "roc", false, &whole),
        sheet(&matched, "roc_log", true, &format!("The same curves. {logarithmic}")),
        rates(&matched),
    ];
    let uniform = curves(run, "uniform");
    if !uniform.is_empty() {
        parts.extend([
            small(
                "With non-members drawn uniformly, class skew alone separates members from non-members, and the same attacks look better:",
            ),
            sheet(&uniform, "roc_uniform", false, "As above, with uniformly drawn non-members."),
            sheet(&uniform, "roc_log_uniform", true, "The same, both axes logarithmic."),
        ]);
    }
    parts
}

fn curves<'a>(run: &'a Run, draw: &str) -> Vec<Drawn<'a>> {
    let column = DRAWS.iter().position(|name| *name == draw).unwrap_or(1);
    let results = run.report.results.iter().enumerate();
    let of_draw = results.filter(|(_, result)| result.non_members.as_deref() == Some(draw));
    of_draw
        .filter_map(|(place, result)| {
            Some(Drawn { place, result, roc: Roc::of(run.claims.of(result)?, column)? })
        })
        .collect()
}

fn panels(drawn: &[Drawn<'_>], logarithmic: bool) -> Vec<Panel> {
    let mut groups: Vec<&str> = Vec::new();
    for one in drawn {
        if !groups.contains(&one.result.subject()) {
            groups.push(one.result.subject());
        }
    }
    groups.into_iter().map(|name| panel(name, drawn, logarithmic)).collect()
}

fn panel(name: &str, drawn: &[Drawn<'_>], logarithmic: bool) -> Panel {
    let mut own: Vec<&Drawn<'_>> = drawn.iter().filter(|one| one.result.subject() == name).collect();
    let all = own.len();
    if all > CURVES {
        // Those whose scores are worth most, in the order of the report.
        let auc = |one: &Drawn<'_>| one.result.figure("auc").map_or(0.0, |auc| auc.mean);
        own.sort_by(|a, b| auc(b).total_cmp(&auc(a)));
        own.truncate(CURVES);
        own.sort_by_key(|one| one.place);
    }
    let series = own.iter().enumerate().map(|(number, one)| Series {
        name: match one.result.figure("auc") {
            Some(auc) => format!("{}, AUC {} %", one.result.with_means(), auc.percent(1)),
            None => one.result.with_means(),
        },
        tone: Tone::nth(number),
        line: true,
        marked: one.roc.attainable(),
        points: {
            let line = if logarithmic { one.roc.logarithmic(LEAST) } else { one.roc.line().to_vec() };
            line.into_iter().map(|(x, y)| Point { x, y, interval: None }).collect()
        },
    });
    let of = if all > CURVES { format!(", {CURVES} of {all} by AUC") } else { String::new() };
    let axis = |name: &str| Axis {
        name: name.into(),
        range: [if logarithmic { LEAST } else { 0.0 }, 1.0],
        format: Format::Percent,
    };
    Panel::Xy(Xy {
        title: resting(&format!("{name}{of}"), own.iter().filter_map(|one| one.result.claims("auc"))),
        x: axis("false positive rate, percent"),
        y: axis("true positive rate, percent"),
        logarithmic,
        diagonal: true,
        series: series.collect(),
    })
}

fn sheet(drawn: &[Drawn<'_>], name: &str, logarithmic: bool, caption: &str) -> Part {
    let scale = if logarithmic { "with logarithmic axes" } else { "with linear axes" };
    let alternative =
        format!("ROC curves of attacks on membership, {scale}. Figures are in the table of curves");
    picture(name, &alternative, panels(drawn, logarithmic), caption)
}

fn rates(drawn: &[Drawn<'_>]) -> Part {
    let at = |one: &Drawn<'_>, fpr: f64| format!("{:.1}", 100.0 * one.roc.bounded(fpr));
    let columns = Table::of(drawn)
        .text("who", |one| one.result.subject())
        .text("attack", |one| one.result.with_means())
        .claims("claims", |one| one.result.claims("auc"))
        .figure("AUC", |one| one.result.figure("auc"))
        .figure("smallest FPR", |one| one.result.figure("smallest_fpr"))
        .number("at 0.1 %", |one| at(one, 0.001))
        .number("at 1 %", |one| at(one, 0.01))
        .number("at 10 %", |one| at(one, 0.1))
        .number("at 50 %", |one| at(one, 0.5));
    table(
        "True positive rate at a bounded false positive rate, in percent: class-matched non-members, by the step rule (the largest \
         set of scores that does not exceed the bound, without interpolation)",
        columns,
    )
}
