//! A sweep's page: how the figures go with the swept values, every run with a link to its own page, the vantage ladder run by
//! run, and the distance of the shards against the accuracy over all federations (Truex et al., Figure 11).

use std::fs;
use std::path::Path;

mod again;
mod against;
mod distance;
mod runs;

use super::compose::{Page, Section};
use super::opening::named;
use crate::error::Error;
use crate::files::folder::REPORT;
use crate::headline::{ACCURACY, PRECISION, QUESTIONS, Reading};
use crate::result::figure::Figure;
use crate::result::report::Report;
use crate::sweep::folder::{RESOLVED, runs_of};
use turncoat_learn::words::counted;

const SECTIONS: [Section<Swept>; 6] = [
    Section { id: "swept", heading: "Against what was swept", parts: against::swept },
    Section { id: "runs", heading: "Every run", parts: runs::runs },
    Section { id: "ladder", heading: "The vantage ladder, run by run", parts: runs::ladder },
    Section { id: "distance", heading: "Distance of the shards against accuracy", parts: distance::distance },
    Section { id: "notes", heading: "Notes", parts: again::notes },
    Section { id: "again", heading: "Run it again", parts: again::again },
];

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
        let runs = counted(self.runs.len(), "run", "runs");
        let name = format!("{} · {runs} over {}", self.name(), self.keys.join(", "));
        Page::of(vec![named(&name, "What the insider learns", &self.sentence())], &SECTIONS, self)
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
            let with_run = |(run, figure): &(&Run, Figure)| {
                format!("{:.1} % ({})", 100.0 * figure.mean, self.label(run))
            };
            let shown = |one: &(&Run, Figure)| format!("{:.1}", 100.0 * one.1.mean);
            if shown(least) == shown(most) {
                return Some(format!("stays at {} %", shown(least)));
            }
            Some(format!("goes from {} to {}", with_run(least), with_run(most)))
        };
        let (inside, outside) = (found(true), found(false));
        let what =
            if question == "source" { "naming a record's owner" } else { "telling members from non-members" };
        let subject = if insider { "the insider's" } else { "the best attack's" };
        let Some(reached) = range(if insider { &inside } else { &outside }) else {
            return "No attack of any run came to a figure.".into();
        };
        let mut text =
            format!("Over {}, {subject} {} in {what} {reached}", self.keys.join(", "), self.figure(question));
        if let Some(reached) = range(&outside).filter(|_| insider) {
            let pair = |run| {
                let reading = self.reading(run, question);
                reading.over(reading.insider()?, reading.outsider()?)?.is_above_nought()
            };
            let pairs: Vec<bool> = self.runs.iter().filter_map(pair).collect();
            text.push_str(&format!(
                ", the outsider's {reached}; the interval of the difference, taken repeat by repeat, lies above nought in {} of {}",
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
}
