//! How a headline reads a report: which attack speaks for a vantage, on which repeats, and which differences may be claimed.
//!
//! - **Chosen on one half, reported on the other.** The best of several attacks is partly the luckiest. Where an adversary has more
//!   than one, the attack is chosen on the first half of the repeats, and its figures are those of the second half, on which nothing
//!   was chosen. Few repeats speak for this and against a correction of intervals for the number of attacks: it asks nothing of how
//!   intervals behave far out in their tails.
//! - **Paired differences.** An adversary, its prior-only baseline and an outsider who is asked about the same records share their
//!   repeats, so the differences are taken repeat by repeat. Whether two intervals overlap decides nothing.
//! - **One risk for all that is claimed.** A difference is claimed where its interval lies above nought. Intervals are at 95 %, or at
//!   97.5 % where two questions are asked, and the outsider is only compared with where class counts are beaten, so that all claims of
//!   a report together are wrong in one of twenty reports without anything to find, at most.
//! - **Precision, or accuracy.** Single targets are told by accuracy, since precision is cheap for an attack that hardly claims
//!   anything. So is a question in which the prior-only baseline leaves a candidate unnamed: its macro precision is then below what it
//!   knows by construction.

use turncoat_attack::Summary;
use turncoat_attack::summary::mean_interval;

use crate::picture::Tone;
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::report::Report;

/// What federations are told by.
pub(crate) const PRECISION: &str = "precision";
/// What single targets are told by, and a question in which class counts leave a party unnamed.
pub(crate) const ACCURACY: &str = "accuracy";

/// The two questions with what they ask.
pub(crate) const QUESTIONS: [(&str, &str); 2] =
    [("source", "Whose record is it?"), ("membership", "Was it in the training data?")];
/// Vantages, from who sees least to who sees most.
pub(crate) const VANTAGES: [&str; 3] = ["outsider", "party", "aggregator"];

/// One question of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    report: &'a Report,
    question: &'a str,
    /// What attacks are chosen and told by: `precision` or `accuracy`.
    pub(crate) figure: &'static str,
    repeats: usize,
    /// The first repeat that is reported, from zero; zero where nothing was chosen.
    first: usize,
    /// Of the intervals of differences.
    pub(crate) confidence: f64,
}

/// A difference, in fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Difference {
    /// Mean over the reported repeats.
    pub(crate) mean: f64,
    /// Its interval at the level of the reading; none of fewer than two repeats.
    pub(crate) interval: Option<[f64; 2]>,
}

impl Difference {
    /// Whether there is more than nothing to it; none without an interval.
    pub(crate) fn is_above_nought(&self) -> Option<bool> {
        self.interval.map(|[low, _]| low > 0.0)
    }
}

/// What class skew flatters never speaks.
fn counts(result: &ResultFigures, question: &str) -> bool {
    result.question.as_deref() == Some(question) && result.non_members.as_deref() != Some("uniform")
}

impl<'a> Reading<'a> {
    /// Of one question.
    pub(crate) fn of(report: &'a Report, question: &'a str) -> Self {
        let own = || report.results.iter().filter(|result| counts(result, question));
        let by_accuracy = report.single_target.is_some()
            || own().any(|result| result.prior_leaves_unnamed(report.classes.len()));
        let figure = if by_accuracy { ACCURACY } else { PRECISION };
        let several = own().enumerate().any(|(place, result)| {
            own()
                .skip(place + 1)
                .any(|other| report.single_target.is_some() || other.vantage == result.vantage)
        });
        let repeats = own().map(|result| result.summary(figure).by_repeat.len()).max().unwrap_or(0);
        let mut questions: Vec<_> =
            report.results.iter().filter_map(|result| result.question.as_deref()).collect();
        questions.sort_unstable();
        questions.dedup();
        Self {
            report,
            question,
            figure,
            repeats,
            first: if several { repeats / 2 } else { 0 },
            confidence: 1.0 - 0.05 / questions.len().max(1) as f64,
        }
    }

    /// The same, told by another figure.
    pub(crate) fn by(self, figure: &'static str) -> Self {
        Self { figure, ..self }
    }

    fn results(&self) -> impl Iterator<Item = &'a ResultFigures> {
        let question = self.question;
        let figure = self.figure;
        let own = self.report.results.iter().filter(move |result| counts(result, question));
        own.filter(move |result| result.figure(figure).is_some())
    }

    /// The best of some results on the repeats that are chosen on, of equals the first. One without a figure in some of them,
    /// because it claimed nothing there, comes after those that have one in all.
    fn best(&self, results: impl Iterator<Item = &'a ResultFigures>) -> Option<&'a ResultFigures> {
        let rank = |result: &ResultFigures| {
            let summary = result.summary(self.figure);
            let end = if self.first == 0 { summary.by_repeat.len() } else { self.first };
            let known: Vec<f64> = summary.by_repeat.iter().take(end).copied().flatten().collect();
            let mean = match known.len() {
                // Of a report without single repeats, the mean of all.
                0 if summary.by_repeat.is_empty() => summary.mean,
                0 => None,
                count => Some(known.iter().sum::<f64>() / count as f64),
            };
            (mean.is_some() && known.len() == end.min(summary.by_repeat.len()), mean)
        };
        let ranked = results.map(|result| (result, rank(result)));
        ranked.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(result, _)| result)
    }

    /// The attack that speaks for a vantage.
    pub(crate) fn vantage(&self, vantage: &str) -> Option<&'a ResultFigures> {
        self.best(self.results().filter(|result| result.vantage.as_deref() == Some(vantage)))
    }

    /// The attack that speaks for insiders: for parties, or for the aggregator where no party attacks.
    pub(crate) fn insider(&self) -> Option<&'a ResultFigures> {
        self.vantage("party").or_else(|| self.vantage("aggregator"))
    }

    /// The attack that speaks for outsiders.
    pub(crate) fn outsider(&self) -> Option<&'a ResultFigures> {
        self.vantage("outsider")
    }

    /// The attack that speaks for a kind of single target, or for all of them.
    pub(crate) fn target(&self, learner: Option<&str>) -> Option<&'a ResultFigures> {
        self.best(
            self.results()
                .filter(|result| learner.is_none_or(|of| result.means.target.as_deref() == Some(of))),
        )
    }

    /// The attacks that speak for each vantage, or of single targets for each kind, in their tones.
    pub(crate) fn speakers(&self) -> Vec<(Tone, &'a ResultFigures)> {
        let Some(study) = &self.report.single_target else {
            let of = |vantage| Some((Tone::of_vantage(vantage), self.vantage(vantage)?));
            return VANTAGES.into_iter().filter_map(of).collect();
        };
        let results = study.targets.iter().filter_map(|target| self.target(Some(&target.learner)));
        results.enumerate().map(|(number, result)| (Tone::nth(number), result)).collect()
    }

    /// How many attacks a result was chosen from.
    pub(crate) fn rivals(&self, result: &ResultFigures) -> usize {
        let same =
            |other: &&ResultFigures| self.report.single_target.is_some() || other.vantage == result.vantage;
        self.results().filter(same).count()
    }

    /// `chosen on repeats 1 to 5, told of repeats 6 to 10`; none where nothing was chosen.
    pub(crate) fn halves(&self) -> Option<String> {
        let range = |from: usize, to: usize| match to - from {
            1 => format!("repeat {to}"),
            _ => format!("repeats {} to {to}", from + 1),
        };
        (self.first > 0).then(|| {
            format!("chosen on {}, told of {}", range(0, self.first), range(self.first, self.repeats))
        })
    }

    fn reported(&self, summary: &Summary) -> Option<Figure> {
        if summary.by_repeat.is_empty() {
            return Figure::of(summary);
        }
        let reported = Summary::new(summary.by_repeat.iter().skip(self.first).copied().collect());
        Figure::of(&reported)
    }

    /// A result's figure on the repeats that are reported, with its 95 % interval.
    pub(crate) fn shown(&self, result: &ResultFigures) -> Option<Figure> {
        self.reported(&result.summary(self.figure))
    }

    /// That of its prior-only baseline.
    pub(crate) fn prior(&self, result: &ResultFigures) -> Option<Figure> {
        self.reported(result.prior_summary(self.figure))
    }

    /// What a result has over its prior-only baseline.
    pub(crate) fn over_prior(&self, result: &ResultFigures) -> Option<Difference> {
        self.difference(result, &result.prior_summary(self.figure).by_repeat)
    }

    /// What a result has over another one; none where they are about different records.
    pub(crate) fn over(&self, result: &ResultFigures, other: &ResultFigures) -> Option<Difference> {
        let same = result.candidates == other.candidates && result.non_members == other.non_members;
        same.then(|| self.difference(result, &other.summary(self.figure).by_repeat)).flatten()
    }

    /// What a result has over guessing.
    pub(crate) fn over_chance(&self, result: &ResultFigures) -> Option<Difference> {
        self.difference(result, &vec![result.chance; self.repeats])
    }

    fn difference(&self, result: &ResultFigures, other: &[Option<f64>]) -> Option<Difference> {
        let own = result.summary(self.figure).by_repeat;
        let pairs = own.iter().zip(other).skip(self.first);
        let values: Vec<f64> = pairs.filter_map(|(own, other)| Some((*own)? - (*other)?)).collect();
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)?;
        // A fraction of so many claims moves in steps. The deviation within one step is what rounding to it leaves unknown.
        let step = result.claims(self.figure).map_or(0.0, |claims| 1.0 / claims.max(1.0));
        Some(Difference { mean, interval: mean_interval(&values, self.confidence, step / 12.0_f64.sqrt()) })
    }
}
