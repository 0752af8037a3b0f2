//! Census: mixed columns and noisy labels in the manner of Adult.
//!
//! Twelve columns, five of them quantities and seven categories, some of which hang together (marital status on age,
//! relationship on marital status and sex, occupation on education). A record's income is a sum of effects of its
//! columns; its class is `>50K` when that sum exceeds a fixed threshold, which 24 % of records do. Then a fraction
//! `label_noise` of the labels is redrawn from the class shares, whatever the record says: at 1 the labels tell nothing.
//! The first n records of a set do not depend on how many follow.

use ndarray::Array2;
use rand::RngExt;
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Distribution, LogNormal, Normal};

use super::params::{MAX_VALUES, Violations};
use crate::data::DataError;
use crate::dataset::{Dataset, Feature, FeatureKind};
use crate::learner::checked;
use crate::seed::{Seed, Stream};

/// Income above which a record is `>50K`.
const THRESHOLD: f64 = 1.45;
/// Share of records above the threshold, from which noisy labels are drawn.
const POSITIVE_SHARE: f64 = 0.24;

/// Category names are sorted, each with its share and its effect on income.
type Categories = &'static [(&'static str, f64, f64)];

const WORKCLASS: Categories = &[
    ("?", 5.7, -0.4),
    ("Federal-gov", 2.9, 0.3),
    ("Local-gov", 6.4, 0.0),
    ("Private", 69.4, 0.0),
    ("Self-emp-inc", 3.5, 0.7),
    ("Self-emp-not-inc", 7.9, -0.2),
    ("State-gov", 4.2, -0.1),
];
const MARITAL: Categories = &[
    ("Divorced", 0.16, 0.0),
    ("Married", 0.58, 1.3),
    ("Never-married", 0.18, -0.3),
    ("Separated", 0.04, 0.0),
    ("Widowed", 0.04, 0.0),
];
const MARRIED: usize = 1;
const NEVER_MARRIED: usize = 2;
/// Shares are those of the least educated; an occupation's effect also says how strongly education leads to it.
const OCCUPATION: Categories = &[
    ("Adm-clerical", 12.0, 0.0),
    ("Craft-repair", 14.0, 0.0),
    ("Exec-managerial", 7.0, 0.7),
    ("Farming-fishing", 5.0, -0.5),
    ("Handlers-cleaners", 7.0, -0.5),
    ("Machine-op-inspct", 9.0, -0.3),
    ("Other-service", 14.0, -0.6),
    ("Prof-specialty", 6.0, 0.5),
    ("Protective-serv", 2.0, 0.3),
    ("Sales", 11.0, 0.2),
    ("Tech-support", 3.0, 0.4),
    ("Transport-moving", 6.0, -0.1),
];
const RELATIONSHIP: [&str; 6] =
    ["Husband", "Not-in-family", "Other-relative", "Own-child", "Unmarried", "Wife"];
const RACE: Categories = &[
    ("Amer-Indian-Eskimo", 1.0, -0.1),
    ("Asian-Pac-Islander", 3.1, 0.1),
    ("Black", 9.6, -0.1),
    ("Other", 0.8, -0.1),
    ("White", 85.5, 0.0),
];
const SEX: Categories = &[("Female", 33.2, -0.2), ("Male", 66.8, 0.1)];
const COUNTRY: Categories = &[
    ("?", 1.8, 0.0),
    ("Canada", 0.4, 0.2),
    ("El-Salvador", 0.4, -0.3),
    ("Germany", 0.5, 0.1),
    ("India", 0.4, 0.2),
    ("Mexico", 2.0, -0.4),
    ("Philippines", 0.7, 0.1),
    ("United-States", 93.8, 0.0),
];
/// Number of columns.
const WIDTH: usize = 12;

/// Mixed columns and noisy labels in the manner of Adult: twelve features, two classes.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource, RawCensusParams, Synthetic};
///
/// let params = RawCensusParams { records: 50, label_noise: 0.0 }.check().unwrap();
/// let set = DataSource::Synthetic(Synthetic::Census(params)).load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!((set.len(), set.features().len()), (50, 12));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
#[schemars(rename = "census")]
pub struct RawCensusParams {
    /// Number of records.
    #[schemars(range(min = 1, max = MAX_VALUES / WIDTH), extend("x-unit" = "records"))]
    pub records: usize,
    /// Fraction of labels that are redrawn whatever the record says.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "fraction"))]
    pub label_noise: f64,
}

impl Default for RawCensusParams {
    fn default() -> Self {
        Self { records: 48_842, label_noise: 0.3 }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    CensusParams of RawCensusParams, "RawCensusParams"
}

impl RawCensusParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<CensusParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.size("records", self.records, WIDTH);
        violations.fraction("label_noise", self.label_noise);
        violations.or(CensusParams(self))
    }
}

/// The set of these parameters and this seed.
pub(in crate::data) fn generate(params: &CensusParams, seed: Seed) -> Result<Dataset, DataError> {
    let RawCensusParams { records: count, label_noise } = *params.get();
    let mut stream = seed.stream("census records");
    let mut noise = seed.stream("census labels");
    let people = People::new();
    let mut records = Array2::zeros((count, WIDTH));
    let mut labels = Vec::with_capacity(count);
    for mut record in records.rows_mut() {
        let (values, income) = people.draw(&mut stream);
        record.assign(&ndarray::aview1(&values));
        let redrawn = noise.random_bool(label_noise);
        let drawn = noise.random_bool(POSITIVE_SHARE);
        labels.push(u32::from(if redrawn { drawn } else { income > THRESHOLD }));
    }
    Ok(Dataset::new("census", records, labels, features(), vec!["<=50K".into(), ">50K".into()])?)
}

fn features() -> Vec<Feature> {
    let categorical = |categories: Categories| FeatureKind::Categorical {
        values: categories.iter().map(|&(name, _, _)| name.into()).collect(),
    };
    let relationship = FeatureKind::Categorical { values: RELATIONSHIP.map(str::to_owned).to_vec() };
    let columns: [(&str, FeatureKind); WIDTH] = [
        ("age", FeatureKind::Numeric),
        ("workclass", categorical(WORKCLASS)),
        ("education-num", FeatureKind::Numeric),
        ("marital-status", categorical(MARITAL)),
        ("occupation", categorical(OCCUPATION)),
        ("relationship", relationship),
        ("race", categorical(RACE)),
        ("sex", categorical(SEX)),
        ("capital-gain", FeatureKind::Numeric),
        ("capital-loss", FeatureKind::Numeric),
        ("hours-per-week", FeatureKind::Numeric),
        ("native-country", categorical(COUNTRY)),
    ];
    columns.map(|(name, kind)| Feature { name: name.into(), kind }).to_vec()
}

/// The distributions that records are drawn from.
struct People {
    age: Normal<f64>,
    education: Normal<f64>,
    hours: Normal<f64>,
    gain: LogNormal<f64>,
    loss: Normal<f64>,
    workclass: WeightedIndex<f64>,
    marital: WeightedIndex<f64>,
    race: WeightedIndex<f64>,
    sex: WeightedIndex<f64>,
    country: WeightedIndex<f64>,
    /// By years of education, from 1.
    occupation: [WeightedIndex<f64>; 16],
}

impl People {
    fn new() -> Self {
        let normal = |mean, deviation| Normal::new(mean, deviation).expect("a constant, positive deviation");
        let shares =
            |categories: Categories| weighted(categories.iter().map(|&(_, share, _)| share).collect());
        // Repeated products, not `exp`, so that every platform gives the same bits.
        let occupation = std::array::from_fn(|years| {
            let lead = |&(_, share, effect): &(&str, f64, f64)| {
                (0..years).fold(share, |share, _| share * (1.0 + effect / 4.0))
            };
            weighted(OCCUPATION.iter().map(lead).collect())
        });
        Self {
            age: normal(38.6, 13.7),
            education: normal(10.1, 2.6),
            hours: normal(40.0, 14.0),
            gain: LogNormal::new(8.5, 1.0).expect("a constant, positive deviation"),
            loss: normal(1870.0, 370.0),
            workclass: shares(WORKCLASS),
            marital: shares(MARITAL),
            race: shares(RACE),
            sex: shares(SEX),
            country: shares(COUNTRY),
            occupation,
        }
    }

    /// The values of a record, in column order, and its income on the scale of [`THRESHOLD`].
    fn draw(&self, stream: &mut Stream) -> ([f32; WIDTH], f64) {
        let mut whole = |distribution: &Normal<f64>, low: f64, high: f64| {
            distribution.sample(&mut *stream).round().clamp(low, high)
        };
        let age = whole(&self.age, 17.0, 90.0);
        let education = whole(&self.education, 1.0, 16.0);
        let odd_hours = whole(&self.hours, 1.0, 99.0);
        let some_loss = whole(&self.loss, 155.0, 4356.0);
        let hours = if stream.random_bool(0.47) { 40.0 } else { odd_hours };
        let loss = if stream.random_bool(0.047) { some_loss } else { 0.0 };
        let some_gain = self.gain.sample(stream).round().clamp(114.0, 99_999.0);
        let gain = if stream.random_bool(0.083) { some_gain } else { 0.0 };

        let workclass = self.workclass.sample(stream);
        // The young have mostly not married yet.
        let young = stream.random_bool(((45.0 - age) / 30.0).clamp(0.02, 0.95));
        let settled = self.marital.sample(stream);
        let marital = if young { NEVER_MARRIED } else { settled };
        let occupation = self.occupation[education as usize - 1].sample(stream);
        let race = self.race.sample(stream);
        let sex = self.sex.sample(stream);
        let country = self.country.sample(stream);
        let alone: f64 = stream.random();
        let relationship = match (marital, sex) {
            (MARRIED, 0) => 5,
            (MARRIED, _) => 0,
            _ if alone < 0.55 => 1,
            _ if alone < 0.62 => 2,
            _ if alone < 0.62 + if age < 27.0 { 0.3 } else { 0.08 } => 3,
            _ => 4,
        };

        let prime = (age - 50.0) / 18.0;
        let quantities = 0.28 * (education - 10.0) - 0.5 * prime * prime
            + 0.03 * (hours - 40.0)
            + if gain > 5000.0 { 3.0 } else { 0.0 }
            + if loss > 1800.0 { 1.0 } else { 0.0 };
        let income = quantities
            + WORKCLASS[workclass].2
            + MARITAL[marital].2
            + OCCUPATION[occupation].2
            + RACE[race].2
            + SEX[sex].2
            + COUNTRY[country].2;
        let codes =
            [workclass, marital, occupation, relationship, race, sex, country].map(|code| code as f32);
        let [workclass, marital, occupation, relationship, race, sex, country] = codes;
        let [age, education, gain, loss, hours] =
            [age, education, gain, loss, hours].map(|value| value as f32);
        let values = [
            age,
            workclass,
            education,
            marital,
            occupation,
            relationship,
            race,
            sex,
            gain,
            loss,
            hours,
            country,
        ];
        (values, income)
    }
}

fn weighted(shares: Vec<f64>) -> WeightedIndex<f64> {
    WeightedIndex::new(shares).expect("constant, positive shares")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(records: usize, label_noise: f64, seed: u64) -> Dataset {
        generate(&RawCensusParams { records, label_noise }.check().unwrap(), Seed::root(seed)).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_records_and_a_longer_set_begins_alike() {
        let short = census(500, 0.3, 1);
        assert_eq!(short, census(500, 0.3, 1));
        assert_ne!(short, census(500, 0.3, 2));
        let (records, labels) = census(700, 0.3, 1).take(&(0..500).collect::<Vec<_>>());
        assert_eq!((records.view(), labels.as_slice()), (short.records(), short.labels()));
    }

    #[test]
    fn a_quarter_is_positive_at_any_noise() {
        for noise in [0.0, 0.3, 1.0] {
            let set = census(20_000, noise, 3);
            let positive = set.labels().iter().sum::<u32>() as f64 / 20_000.0;
            assert!((positive - POSITIVE_SHARE).abs() < 0.015, "{noise}: {positive}");
        }
    }

    #[test]
    fn codes_stay_inside_their_sorted_lists() {
        let set = census(20_000, 0.3, 4);
        for (column, feature) in set.features().iter().enumerate() {
            let FeatureKind::Categorical { values } = &feature.kind else { continue };
            assert!(values.is_sorted(), "{}", feature.name);
            let mut seen = vec![false; values.len()];
            set.records().column(column).iter().for_each(|&code| seen[code as usize] = true);
            assert!(seen.iter().all(|&seen| seen), "{}", feature.name);
        }
    }

    #[test]
    fn all_bounds_are_checked_at_once() {
        let raw = RawCensusParams { records: 0, label_noise: f64::NAN };
        let text: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(text, ["records is 0: at least 1", "label_noise is NaN: a fraction from 0 to 1"]);
        assert!(RawCensusParams { records: usize::MAX, label_noise: 0.0 }.check().is_err());
    }
}
