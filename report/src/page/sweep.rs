//! A sweep's page: how the figures go with the swept values, every run with a link to its own page, the vantage ladder run by
//! run, and the distance of the shards against the accuracy over all federations (Truex et al., Figure 11).

use std::fs;
use std::path::Path;

mod against;
mod distance;

use super::ladder::rung;
use super::opening::{QUESTIONS, VANTAGES, told};
use super::parts::{Cell, Page, claims, resting};
use crate::error::Error;
use crate::files::folder::{PAGE, REPORT};
use crate::headline::{ACCURACY, PRECISION, Reading};
use crate::picture::{Dots, Panel, Picture, Row};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::report::Report;
use crate::sweep::folder::{RESOLVED, RUNS, runs_of};
use turncoat_learn::words::counted;

/// Most runs in the ladder.
const LADDER: usize = 16;

/// A sweep, read back.
pub(super) struct Swept {
    keys: Vec<String>,
    runs: Vec<Run>,
    resolved: Option<String>,
}

struct Run {
    values: Vec<String>,
    folder: String,
    report: Report,
}

impl Swept {
    /// Reads the folder of a sweep.
    ///
    /// # Errors
    /// [`Error::Altered`] of a file that is malformed or missing.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let mut keys = Vec::new();
        let mut runs = Vec::new();
        for (path, swept) in runs_of(folder)? {
            let report = path.join(REPORT);
            let text = match fs::read_to_string(&report) {
                Ok(text) => text,
                Err(source) => {
                    let mend = "; run the sweep again to its end";
                    return Err(Error::Unreadable { path: report, source, mend });
                }
            };
            let no_report = |source| Error::NoReport { path: report, aim: "show", source, mend: "" };
            let read = Report::parse(&text).map_err(no_report)?;
            let (names, values) = swept.into_iter().unzip();
            keys = names;
            let folder = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            runs.push(Run { values, folder, report: read });
        }
        let resolved = fs::read_to_string(folder.join(RESOLVED)).ok();
        Ok(Self { keys, runs, resolved })
    }

    /// The scenario's name.
    pub(super) fn name(&self) -> &str {
        self.runs.first().map_or("sweep", |run| &run.report.scenario.name)
    }

    /// The page.
    ///
    /// # Errors
    /// [`Error::Bug`] of a picture that cannot be drawn.
    pub(super) fn page(&self) -> Result<Page, Error> {
        let mut page = Page::default();
        page.html.element("p", &[("class", "name")], |h| {
            h.text(&format!(
                "{} · {} over {}",
                self.name(),
                counted(self.runs.len(), "run", "runs"),
                self.keys.join(", ")
            ));
        });
        page.html.plain("h1", "What the insider learns");
        page.html.element("p", &[("class", "answer"), ("id", "answer")], |h| h.text(&self.sentence()));
        self.against_keys(&mut page)?;
        self.table(&mut page);
        self.ladder(&mut page)?;
        self.distance(&mut page)?;
        self.notes(&mut page);
        self.again(&mut page);
        Ok(page)
    }

    /// How a question of a run is read: by accuracy where that is so in any run, so that runs can be compared.
    fn reading<'a>(&'a self, run: &'a Run, question: &'a str) -> Reading<'a> {
        let by_accuracy = |run: &Run| Reading::of(&run.report, question).figure == ACCURACY;
        let figure = if self.runs.iter().any(by_accuracy) { ACCURACY } else { PRECISION };
        Reading::of(&run.report, question).by(figure)
    }

    fn figure(&self, question: &str) -> &'static str {
        self.runs.first().map_or(PRECISION, |run| self.reading(run, question).figure)
    }

    fn sentence(&self) -> String {
        let question = QUESTIONS.iter().find(|(question, _)| {
            self.runs.iter().any(|run| self.reading(run, question).insider().is_some())
        });
        let (question, insider) = match question {
            Some((question, _)) => (*question, true),
            None => ("membership", false),
        };
        let found = |insider: bool| -> Vec<(&Run, Figure)> {
            let figure = |run| {
                let reading = self.reading(run, question);
                reading.shown(if insider { reading.insider() } else { reading.outsider() }?)
            };
            self.runs.iter().filter_map(|run| Some((run, figure(run)?))).collect()
        };
        let range = |found: &[(&Run, Figure)]| {
            let least = found.iter().min_by(|a, b| a.1.mean.total_cmp(&b.1.mean))?;
            let most = found.iter().max_by(|a, b| a.1.mean.total_cmp(&b.1.mean))?;
            let told = |(run, figure): &(&Run, Figure)| {
                format!("{:.1} % ({})", 100.0 * figure.mean, self.label(run))
            };
            let shown = |one: &(&Run, Figure)| format!("{:.1}", 100.0 * one.1.mean);
            if shown(least) == shown(most) {
                return Some(format!("stays at {} %", shown(least)));
            }
            Some(format!("goes from {} to {}", told(least), told(most)))
        };
        let (inside, outside) = (found(true), found(false));
        let what =
            if question == "source" { "naming a record's owner" } else { "telling members from non-members" };
        let subject = if insider { "the insider's" } else { "the best attack's" };
        let Some(told) = range(if insider { &inside } else { &outside }) else {
            return "No attack of any run came to a figure.".into();
        };
        let mut text =
            format!("Over {}, {subject} {} in {what} {told}", self.keys.join(", "), self.figure(question));
        if let Some(told) = range(&outside).filter(|_| insider) {
            let pair = |run| {
                let reading = self.reading(run, question);
                reading.over(reading.insider()?, reading.outsider()?)?.is_above_nought()
            };
            let pairs: Vec<bool> = self.runs.iter().filter_map(pair).collect();
            text.push_str(&format!(
                ", the outsider's {told}; the interval of the difference, taken repeat by repeat, lies above nought in {} of {}",
                pairs.iter().filter(|above| **above).count(),
                counted(self.runs.len(), "run", "runs")
            ));
        }
        text + "."
    }

    /// `disclosure=open, parties=3`.
    fn label(&self, run: &Run) -> String {
        let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
        let pairs = self.keys.iter().zip(&run.values).map(|(key, value)| format!("{}={value}", last(key)));
        pairs.collect::<Vec<_>>().join(", ")
    }

    fn table(&self, page: &mut Page) {
        page.heading("runs", "Every run");
        let mut columns: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        columns.extend([
            "run",
            "source: insider",
            "outsider",
            "prior only",
            "claims",
            "membership: insider",
            "outsider",
            "prior only",
            "claims",
        ]);
        let rows: Vec<Vec<Cell>> = self
            .runs
            .iter()
            .map(|run| {
                let mut cells: Vec<Cell> = run.values.iter().map(Cell::text).collect();
                let to = format!("{RUNS}/{}/{PAGE}", run.folder);
                cells.push(Cell::Link { text: run.folder.chars().take(8).collect(), to });
                for (question, _) in QUESTIONS {
                    let reading = self.reading(run, question);
                    let (insider, outsider) = (reading.insider(), reading.outsider());
                    let best =
                        |result: Option<&ResultFigures>| result.and_then(|result| reading.shown(result));
                    let prior = insider.or(outsider).and_then(|result| reading.prior(result));
                    let shown = |figure: Option<Figure>| {
                        figure
                            .map_or_else(|| Cell::Number(String::new()), |figure| Cell::percent(Some(figure)))
                    };
                    let rests_on = [insider, outsider].into_iter().flatten();
                    let fewest = rests_on.filter_map(|result| result.claims(reading.figure)).reduce(f64::min);
                    cells.extend([shown(best(insider)), shown(best(outsider)), shown(prior), claims(fewest)]);
                }
                cells
            })
            .collect();
        page.table(
            "The most precise attack (single targets, and where class counts alone never name some of the parties: the most accurate), chosen on half \
             of the repeats and told of the others, percent ± half of the 95 % interval; claims: of a repeat, the fewest that one of these figures rests on; each run links to its own \
             page",
            &columns,
            &rows,
        );
    }

    fn ladder(&self, page: &mut Page) -> Result<(), Error> {
        if self.runs.iter().any(|run| run.report.federation.is_none()) {
            return Ok(());
        }
        let panel = |question: &str, title: &str| {
            let (mut rows, mut claims) = (Vec::new(), Vec::new());
            for run in self.runs.iter().take(LADDER) {
                let disclosure = run.report.federation.as_ref().map_or("", |of| of.disclosure.as_str());
                let reading = self.reading(run, question);
                let mut found = Vec::new();
                for vantage in VANTAGES {
                    let Some(result) = reading.vantage(vantage) else { continue };
                    found.extend(told(&reading, result, rung(vantage, disclosure)));
                    claims.extend(result.claims(reading.figure));
                }
                if !found.is_empty() {
                    rows.push(Row { label: self.label(run), ..Row::default() });
                    rows.extend(found);
                }
            }
            (!rows.is_empty()).then(|| {
                Panel::Dots(Dots {
                    title: title.into(),
                    axis: resting(&format!("{}, percent", self.figure(question)), claims.into_iter()),
                    rows,
                    lines: Vec::new(),
                    line_key: "guessing".into(),
                    tick_key: "prior only: class counts, no query".into(),
                    key: Vec::new(),
                })
            })
        };
        let panels: Vec<Panel> =
            QUESTIONS.iter().filter_map(|(question, title)| panel(question, title)).collect();
        page.heading("ladder", "The vantage ladder, run by run");
        let cut = if self.runs.len() > LADDER { format!(" The first {LADDER} runs.") } else { String::new() };
        page.picture(
            Picture {
                name: "ladder".into(),
                alternative: "The most precise attack from each vantage, run by run. The figures are in the table of runs"
                    .into(),
                panels,
            },
            &format!(
                "The most precise attack from each vantage in percent with 95 % intervals. A residual party is one under \
                 disclosure aggregator: it sees the average and its own vector, hence the mean of the others; a party under open sees \
                 every vector. After Truex et al., section 4.7.{cut}"
            ),
        )
    }

    fn notes(&self, page: &mut Page) {
        let mut notes: Vec<(String, Vec<String>)> = Vec::new();
        for run in &self.runs {
            let degraded = run.report.is_degraded().then(|| "degraded: see the run's own page".to_owned());
            for note in run.report.notes.iter().cloned().chain(degraded) {
                match notes.iter_mut().find(|(text, _)| *text == note) {
                    Some((_, by)) => by.push(self.label(run)),
                    None => notes.push((note, vec![self.label(run)])),
                }
            }
        }
        if notes.is_empty() {
            return;
        }
        page.heading("notes", "Notes");
        page.html.element("ul", &[], |h| {
            for (note, by) in &notes {
                let of = match by.len() {
                    count if count == self.runs.len() => String::new(),
                    1..=3 => format!(" ({})", by.join("; ")),
                    count => format!(" (in {count} of {} runs)", self.runs.len()),
                };
                h.plain("li", &format!("{note}{of}"));
            }
        });
    }

    fn again(&self, page: &mut Page) {
        page.heading("again", "Run it again");
        page.paragraph("Same sweep, same seeds, same version: the same bytes. In this folder:");
        page.html.element("pre", &[], |h| {
            h.plain("code", &format!("turncoat run {RESOLVED} --out again"));
        });
        page.small("turncoat report DIR makes this page, those of the runs and all pictures again from the folder's own files.");
        let version = self.runs.first().map_or_else(String::new, |run| run.report.version.clone());
        page.paragraph(&format!(
            "Made by turncoat {version}; each run's page has its seed and the SHA-256 of its scenario."
        ));
        if let Some(resolved) = &self.resolved {
            page.html.element("details", &[], |h| {
                h.plain("summary", "The sweep with every default and override");
                h.element("pre", &[], |h| h.plain("code", resolved));
            });
        }
    }
}
