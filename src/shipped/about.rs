//! What a shipped scenario is about, in short: from its opening comment, and from the checked scenario itself.

use serde::Serialize;

use super::entry::Shipped;
use crate::scenario::{Plan, ScenarioErrors, Study};

/// A row of `turncoat scenarios list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct About {
    /// What it calls itself.
    pub(crate) name: String,
    /// Its path in turncoat's own folder of scenarios.
    pub(crate) file: String,
    /// `federation` or `single_target`.
    pub(crate) kind: &'static str,
    /// The paper and its table or figure, where it is about one.
    pub(crate) paper: Option<String>,
    /// What its first line says.
    pub(crate) title: String,
    /// The first sentence of its hypothesis; of a scenario without one, what its first line says.
    pub(crate) hypothesis: String,
    /// Its data set.
    pub(crate) data: String,
    /// Whether the data has to be found in the data folder.
    pub(crate) needs_data_dir: bool,
    /// Number of parties; a single target has none, a sweep may have several.
    pub(crate) parties: Vec<u32>,
    /// Repeats of each run.
    pub(crate) repeats: u32,
    /// Runs: more than one of a sweep.
    pub(crate) runs: usize,
}

/// Reads one.
///
/// # Errors
/// [`ScenarioErrors`]; a test rules it out.
pub(crate) fn about(shipped: &Shipped) -> Result<About, ScenarioErrors> {
    let plan = Plan::parse(&shipped.file(), shipped.text, &[])?;
    let studies: Vec<&Study> = plan.experiments().map(|loaded| &loaded.study).collect();
    let mut parties: Vec<u32> =
        studies.iter().filter_map(|study| study.federation()).map(|scenario| scenario.parties()).collect();
    parties.sort_unstable();
    parties.dedup();
    let mut data: Vec<String> = studies.iter().map(|study| study.data().name()).collect();
    data.sort_unstable();
    data.dedup();
    let comment = comment(shipped.text);
    let first = comment.lines().next().unwrap_or_default();
    let title = sentence(&paragraph(&comment));
    let paper =
        first.starts_with("Truex et al.").then(|| first.split(':').next().unwrap_or(first).to_owned());
    Ok(About {
        name: shipped.name().into(),
        file: shipped.file(),
        kind: if studies.iter().any(|study| study.federation().is_some()) {
            "federation"
        } else {
            "single_target"
        },
        paper,
        hypothesis: hypothesis(&comment).unwrap_or_else(|| title.clone()),
        title,
        data: data.join(", "),
        needs_data_dir: studies.iter().any(|study| study.data().reads_files()),
        parties,
        repeats: studies.iter().map(|study| study.repeats()).max().unwrap_or(0),
        runs: studies.len(),
    })
}

/// The opening comment without its marks.
fn comment(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The first sentence after the word hypothesis and what stands in brackets behind it.
fn hypothesis(comment: &str) -> Option<String> {
    let (_, rest) = comment.split_once("Hypothesis")?;
    let (_, rest) = rest.split_once(": ")?;
    Some(sentence(&paragraph(rest)))
}

/// Up to the first empty line, on one line.
fn paragraph(text: &str) -> String {
    text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Up to the end of the first sentence; "et al." ends none.
fn sentence(text: &str) -> String {
    let mut from = 0;
    while let Some(end) = text[from..].find([' ']).map(|at| from + at) {
        let word = &text[..end];
        if word.ends_with(['.', '?']) && !word.ends_with("al.") {
            return word.to_owned();
        }
        from = end + 1;
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped::{all, named};

    #[test]
    fn the_quickstart_and_a_table_by_hand() {
        let described = about(&named("quickstart").unwrap()).unwrap();
        assert_eq!(
            (described.data.as_str(), described.needs_data_dir, &described.parties[..]),
            ("winequality", false, &[3][..])
        );
        assert_eq!((described.repeats, described.runs, described.paper), (20, 1, None));
        assert_eq!(
            described.hypothesis,
            "three parties train decision trees on differently skewed shares of one data set."
        );
        let described = about(&named("truex-table8-mnist").unwrap()).unwrap();
        assert_eq!(described.paper.as_deref(), Some("Truex et al., Table 8, MNIST"));
        assert!(described.title.ends_with("whose training record is it?"), "{}", described.title);
        assert!(
            described.hypothesis.starts_with("the insider, who sees each party's answer,"),
            "{}",
            described.hypothesis
        );
        assert!(described.needs_data_dir);
        let described = about(&named("truex-table1-small").unwrap()).unwrap();
        assert_eq!((described.kind, described.parties.len()), ("single_target", 0));
    }

    #[test]
    fn every_one_says_what_it_is_about() {
        for shipped in all() {
            let described = about(&shipped).unwrap();
            assert!(
                described.hypothesis.ends_with(['.', '?']),
                "{}: {:?}",
                shipped.path,
                described.hypothesis
            );
            assert!(
                !described.title.is_empty() && described.runs > 0 && described.repeats > 0,
                "{described:?}"
            );
        }
    }
}
