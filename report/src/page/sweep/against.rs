//! A sweep's figures against the values that were swept.

use super::{Run, Swept};
use crate::headline::{QUESTIONS, Reading, VANTAGES};
use crate::page::parts::{Part, picture, resting};
use crate::picture::{Axis, Format, Panel, Point, Series, Tone, Xy, around, reach};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;

/// Values further apart than this stand side by side instead of on a scale.
const WIDEST: f64 = 50.0;

/// Precision against each swept key.
pub(super) fn swept(swept: &Swept) -> Vec<Part> {
    let panels = (0..swept.keys.len()).flat_map(|place| {
        QUESTIONS.iter().filter_map(move |(question, title)| against(swept, place, question, title))
    });
    vec![picture(
        "sweep",
        "Precision against the swept values. The figures are in the table of runs",
        panels,
        "The most precise attack from each vantage in percent, with 95 % intervals, against each swept \
         value; grey crosses: prior only (class counts, no query) of the insider's records. Membership on class-matched non-members. \
         Where several keys are swept, every run stands at its value of the one. Where a run has several attacks, the best is chosen \
         on half of its repeats and told of the others; where class counts alone never name some of the parties, by accuracy.",
    )]
}

fn against<'a>(swept: &'a Swept, place: usize, question: &'a str, title: &str) -> Option<Panel> {
    let mut names: Vec<String> = Vec::new();
    for run in &swept.runs {
        if !names.contains(&run.values[place]) {
            names.push(run.values[place].clone());
        }
    }
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let scale = numbers.filter(|numbers| {
        let [least, most] = numbers
            .iter()
            .fold([f64::INFINITY, 0.0_f64], |[least, most], n| [least.min(n.abs()), most.max(n.abs())]);
        numbers.len() > 1 && (least == 0.0 || most / least < WIDEST)
    });
    let at = |run: &Run| match &scale {
        Some(_) => run.values[place].parse().ok(),
        None => names.iter().position(|name| *name == run.values[place]).map(|place| place as f64),
    };
    let line = swept.keys.len() == 1;
    let series =
        |name: &str, tone, line, of: &dyn Fn(&Reading<'a>) -> Option<(&'a ResultFigures, Figure)>| {
            let (mut points, mut claims) = (Vec::new(), Vec::new());
            for run in &swept.runs {
                let reading = swept.reading(run, question);
                if let (Some((result, figure)), Some(x)) = (of(&reading), at(run)) {
                    points.push(Point { x, y: figure.mean, interval: figure.ci95 });
                    claims.extend(result.claims(reading.figure));
                }
            }
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
            let name = resting(name, claims);
            Series { line, ..Series::of_points(name, tone, points) }
        };
    let mut all: Vec<Series> = VANTAGES
        .iter()
        .map(|vantage| {
            series(vantage, Tone::of_vantage(vantage), line, &|reading| {
                let result = reading.vantage(vantage)?;
                Some((result, reading.shown(result)?))
            })
        })
        .collect();
    all.push(series("prior only", Tone::Grey, false, &|reading| {
        let insider = reading.insider()?;
        Some((insider, Figure { ci95: None, ..reading.prior(insider)? }))
    }));
    all.retain(|series| !series.points.is_empty());
    if all.is_empty() {
        return None;
    }
    let (range, format) = match &scale {
        Some(numbers) => (around(numbers.iter().copied(), 0.05), Format::Plain),
        None => {
            let short = |name: &String| name.chars().take(if names.len() > 3 { 9 } else { 16 }).collect();
            ([-0.5, names.len() as f64 - 0.5], Format::Names(names.iter().map(short).collect()))
        }
    };
    Some(Panel::Xy(Xy {
        title: title.into(),
        x: Axis { name: swept.keys[place].clone(), range, format },
        y: Axis {
            name: format!("{}, percent", swept.figure(question)),
            range: reach(&all),
            format: Format::Percent,
        },
        logarithmic: false,
        diagonal: false,
        series: all,
    }))
}
