//! A sweep's figures against the values that were swept.

use super::{Run, Swept};
use crate::error::Error;
use crate::headline::Reading;
use crate::page::opening::{QUESTIONS, VANTAGES};
use crate::page::parts::{Page, resting};
use crate::picture::{Axis, Format, Panel, Picture, Point, Series, Tone, Xy, around};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;

/// Values further apart than this stand side by side instead of on a scale.
const WIDEST: f64 = 50.0;

impl Swept {
    /// Precision against each swept key.
    pub(super) fn against_keys(&self, page: &mut Page) -> Result<(), Error> {
        let mut panels = Vec::new();
        for place in 0..self.keys.len() {
            panels.extend(
                QUESTIONS.iter().filter_map(|(question, title)| self.against(place, question, title)),
            );
        }
        page.heading("swept", "Against what was swept");
        page.picture(
            Picture {
                name: "sweep".into(),
                alternative: "Precision against the swept values. The figures are in the table of runs".into(),
                panels,
            },
            "The most precise attack from each vantage in percent, with 95 % intervals, against each swept \
             value; grey crosses: prior only (class counts, no query) of the insider's records. Membership on class-matched non-members. \
             Where several keys are swept, every run stands at its value of the one. Where a run has several attacks, the best is chosen \
             on half of its repeats and told of the others; where class counts alone never name some of the parties, by accuracy.",
        )
    }

    fn against<'a>(&'a self, place: usize, question: &'a str, title: &str) -> Option<Panel> {
        let mut names: Vec<String> = Vec::new();
        for run in &self.runs {
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
        let line = self.keys.len() == 1;
        let series =
            |name: &str, tone, line, of: &dyn Fn(&Reading<'a>) -> Option<(&'a ResultFigures, Figure)>| {
                let (mut points, mut claims) = (Vec::new(), Vec::new());
                for run in &self.runs {
                    let reading = self.reading(run, question);
                    if let (Some((result, figure)), Some(x)) = (of(&reading), at(run)) {
                        points.push(Point { x, y: figure.mean, interval: figure.ci95 });
                        claims.extend(result.claims(reading.figure));
                    }
                }
                points.sort_by(|a, b| a.x.total_cmp(&b.x));
                let name = resting(name, claims.into_iter());
                Series { name, tone, line, points, marked: Vec::new() }
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
        let drawn = || all.iter().flat_map(|series| &series.points);
        let reach =
            drawn().flat_map(|point| [point.y].into_iter().chain(point.interval.into_iter().flatten()));
        Some(Panel::Xy(Xy {
            title: title.into(),
            x: Axis { name: self.keys[place].clone(), range, format },
            y: Axis {
                name: format!("{}, percent", self.figure(question)),
                range: around(reach, 0.06),
                format: Format::Percent,
            },
            logarithmic: false,
            diagonal: false,
            series: all,
        }))
    }
}
