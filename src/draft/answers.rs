//! What was answered, by question or by flag, made whole by defaults and checked for what the scenario checker cannot know:
//! how many records there are.

use super::choices::{Disclosure, Kind, Skew, Who, Word};
use crate::datasets::{self, DataSet};
use crate::scenario::nearest;

/// Where the records come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A data set of `turncoat data list`.
    Named(&'static str),
    /// A table of one's own.
    Csv {
        /// As the scenario will name it.
        path: String,
        /// The class column: a name, or a place; the last one where it is not said.
        target: Option<String>,
        /// Records in it.
        records: usize,
    },
}

/// An answer that cannot be used, and what would do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Fault(pub(crate) String);

/// What was given; what was not takes its default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) data: Option<Source>,
    pub(crate) parties: Option<u32>,
    pub(crate) records: Option<u32>,
    pub(crate) skew: Option<Skew>,
    pub(crate) disclosure: Option<Disclosure>,
    pub(crate) adversaries: Option<Vec<Who>>,
    pub(crate) repeats: Option<u32>,
    pub(crate) seed: Option<u64>,
}

/// Everything that a scenario needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) data: Source,
    pub(crate) parties: u32,
    pub(crate) records: u32,
    pub(crate) skew: Skew,
    pub(crate) disclosure: Disclosure,
    pub(crate) adversaries: Vec<Who>,
    pub(crate) repeats: u32,
    pub(crate) seed: u64,
}

/// The defaults that depend on earlier answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers;

impl Answers {
    pub(crate) const NAME: &'static str = "mine";
    pub(crate) const DATA: &'static str = "winequality";
    pub(crate) const PARTIES: u32 = 3;
    pub(crate) const SEED: u64 = 8;

    /// How often a kind of experiment is repeated.
    pub(crate) fn repeats(kind: Kind) -> u32 {
        match kind {
            Kind::Federation => 10,
            Kind::SingleTarget => 2,
        }
    }

    /// Everybody, but no member where there are no others.
    pub(crate) fn adversaries(parties: u32) -> Vec<Who> {
        Who::ALL.iter().copied().filter(|who| parties > 1 || *who != Who::Party).collect()
    }

    /// Records of each party, or of the pool of a single target: few enough to leave as many again for tests and for the
    /// adversaries, and no more than 2,000, so that a first run takes no more than minutes.
    pub(crate) fn records(kind: Kind, data: &Source, parties: u32) -> u32 {
        let there = records_of(data).unwrap_or(20_000);
        let shares = match kind {
            Kind::Federation => 2 * (u64::from(parties) + 1),
            Kind::SingleTarget => 4,
        };
        let share = (there as u64 / shares).clamp(1, 2_000);
        // A round figure looks like what it is, a proposal.
        let step = 10_u64.pow(share.ilog10());
        u32::try_from(share / step * step).unwrap_or(1)
    }
}

/// How many records a source has, where that is known.
pub(crate) fn records_of(data: &Source) -> Option<usize> {
    match data {
        Source::Named(name) => datasets::set(name)?.records.map(|records| records as usize),
        Source::Csv { records, .. } => Some(*records),
    }
}

impl Source {
    /// The data set of a name.
    pub(crate) fn named(word: &str) -> Result<Self, Fault> {
        let own = |set: &&'static DataSet| matches!(set.kind, datasets::Kind::Own);
        match datasets::set(word) {
            Some(set) if own(&set) => {
                Err(Fault(format!("{} stands for files of your own: give the path of a CSV file", set.name)))
            }
            Some(set) => Ok(Self::Named(set.name)),
            None => {
                let near = nearest(word, datasets::all().filter(|set| !own(set)).map(|set| set.name));
                let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                Err(Fault(format!(
                    "{word} is neither a data set of `turncoat data list` nor a file that is there{meant}"
                )))
            }
        }
    }
}

impl Given {
    /// Fills in what was not given.
    ///
    /// # Errors
    /// [`Fault`] when there are not that many records, or an answer has no place in this kind of experiment.
    pub(crate) fn complete(self) -> Result<Draft, Fault> {
        let kind = self.kind.unwrap_or(Kind::Federation);
        if kind == Kind::SingleTarget {
            let astray = [
                (self.parties.is_some(), "--parties"),
                (self.skew.is_some(), "--skew"),
                (self.disclosure.is_some(), "--disclosure"),
                (self.adversaries.is_some(), "--adversaries"),
            ];
            if let Some((_, flag)) = astray.iter().find(|(given, _)| *given) {
                return Err(Fault(format!(
                    "{flag} says something of a federation, and --kind single_target has none; leave one of them out"
                )));
            }
        }
        let data = self.data.unwrap_or(Source::Named(Answers::DATA));
        let parties = self.parties.unwrap_or(Answers::PARTIES);
        if parties == 0 {
            return Err(Fault("a federation of 0 parties holds nothing; give --parties 1 or more".into()));
        }
        let records = self.records.unwrap_or_else(|| Answers::records(kind, &data, parties));
        let draft = Draft {
            name: self.name.unwrap_or_else(|| Answers::NAME.into()),
            kind,
            parties,
            records,
            skew: self.skew.unwrap_or(Skew::ALL[0]),
            disclosure: self.disclosure.unwrap_or(Disclosure::ALL[0]),
            adversaries: self.adversaries.unwrap_or_else(|| Answers::adversaries(parties)),
            repeats: self.repeats.unwrap_or_else(|| Answers::repeats(kind)),
            seed: self.seed.unwrap_or(Answers::SEED),
            data,
        };
        if draft.parties < 2 && draft.adversaries.contains(&Who::Party) {
            return Err(Fault("a malicious party needs others to ask about: 2 parties or more".into()));
        }
        draft.fits()?;
        Ok(draft)
    }
}

impl Draft {
    /// Records set aside for the adversaries: as many as a party has at most, and 2,000 at most.
    pub(crate) fn auxiliary(&self) -> u32 {
        self.records.min(2_000)
    }

    /// How many records it asks for.
    fn requested(&self) -> u64 {
        match self.kind {
            Kind::Federation => {
                u64::from(self.parties) * u64::from(self.records) + u64::from(self.auxiliary())
            }
            Kind::SingleTarget => 2 * u64::from(self.records),
        }
    }

    /// Whether there are as many records as it asks for, and some to test on.
    pub(crate) fn fits(&self) -> Result<(), Fault> {
        let Some(there) = records_of(&self.data) else { return Ok(()) };
        let requested = self.requested();
        if requested < there as u64 {
            return Ok(());
        }
        let most = Answers::records(self.kind, &self.data, self.parties);
        let what = match self.kind {
            Kind::Federation => format!(
                "{} parties of {} and {} for the adversaries",
                self.parties,
                self.records,
                self.auxiliary()
            ),
            Kind::SingleTarget => format!("a pool of {0} and {0} for the adversary", self.records),
        };
        let short =
            format!("the data has {there} records, and {what} take {requested}, with none left to test on");
        let with = |records| Self { records, ..self.clone() }.requested();
        if with(most) < there as u64 {
            return Err(Fault(format!("{short}; {most} each would do")));
        }
        let fewer = if self.kind == Kind::Federation && self.parties > 1 { "fewer parties, or " } else { "" };
        Err(Fault(format!("{short}; it takes {} records at least: give {fewer}other data", with(1) + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_leave_records_over_whatever_the_data() {
        for set in datasets::all().filter(|set| !matches!(set.kind, datasets::Kind::Own)) {
            for kind in Kind::ALL {
                for parties in [1, 2, 3, 5, 8] {
                    let given =
                        Given { kind: Some(*kind), data: Some(Source::Named(set.name)), ..Given::default() };
                    let given = if *kind == Kind::Federation {
                        Given { parties: Some(parties), ..given }
                    } else {
                        given
                    };
                    let draft = given.complete().unwrap();
                    assert!(draft.records >= 5, "{} {kind:?} {parties}: {}", set.name, draft.records);
                }
            }
        }
        let wines = Given::default().complete().unwrap();
        assert_eq!((wines.records, wines.auxiliary(), wines.parties), (100, 100, 3));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would() {
        let many = Given { records: Some(600), ..Given::default() }.complete().unwrap_err().to_string();
        assert!(
            many.contains("1599 records") && many.contains("take 2400") && many.contains("100 each"),
            "{many}"
        );
        let table = |records| Source::Csv { path: "two.csv".into(), target: None, records };
        let reported =
            |records| Given { data: Some(table(records)), ..Given::default() }.complete().map(|_| ());
        let two = reported(2).unwrap_err().to_string();
        assert!(two.ends_with("it takes 5 records at least: give fewer parties, or other data"), "{two}");
        assert!(!two.contains("would do") && reported(4).is_err());
        assert_eq!(reported(5), Ok(()));
        let odd = Given { kind: Some(Kind::SingleTarget), skew: Some(Skew::Iid), ..Given::default() };
        assert!(odd.complete().unwrap_err().to_string().starts_with("--skew says something of a federation"));
        let wrong = Source::named("winequalty").unwrap_err().to_string();
        assert!(wrong.contains("did you mean `winequality`?"), "{wrong}");
        assert!(Source::named("csv").unwrap_err().to_string().contains("path of a CSV file"));
        assert_eq!(Source::named("fashion-mnist").unwrap(), Source::Named("fashion_mnist"));
    }
}
