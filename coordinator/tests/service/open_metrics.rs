//! OpenMetrics text, read strictly: whatever a linter of such texts would complain about is a panic.

use std::collections::{BTreeMap, BTreeSet};

/// The samples of a text, by name and labels as they stand there.
#[derive(Debug)]
pub(crate) struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    /// The value of a series, labels in any order: `name{a="1",b="2"}`.
    #[track_caller]
    pub(crate) fn value(&self, series: &str) -> f64 {
        let found = self.0.get(&ordered(series));
        *found.unwrap_or_else(|| panic!("no {series} among {:#?}", self.0))
    }

    /// How many series there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The series of a name, with their values.
    pub(crate) fn of(&self, name: &str) -> Vec<(&str, f64)> {
        let of = |series: &str| series.split('{').next() == Some(name);
        self.0
            .iter()
            .filter(|(series, _)| of(series))
            .map(|(series, value)| (series.as_str(), *value))
            .collect()
    }
}

fn ordered(series: &str) -> String {
    let Some((name, labels)) = series.split_once('{') else { return series.into() };
    let mut labels: Vec<&str> = labels.strip_suffix('}').unwrap().split(',').collect();
    labels.sort_unstable();
    format!("{name}{{{}}}", labels.join(","))
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !text.contains("__")
}

/// One family, while it is read.
struct Family {
    name: String,
    kind: String,
    helped: bool,
}

impl Family {
    /// Makes sure that a sample of that name may stand here.
    fn allows(&self, sample: &str) -> bool {
        let suffixes: &[&str] = match self.kind.as_str() {
            "counter" => &["_total"],
            "gauge" => &[""],
            "info" => &["_info"],
            "histogram" => &["_bucket", "_sum", "_count"],
            other => panic!("{} is of the unknown kind {other}", self.name),
        };
        sample.strip_prefix(self.name.as_str()).is_some_and(|suffix| suffixes.contains(&suffix))
    }
}

/// Reads a whole exposition.
pub(crate) fn read(text: &str) -> Scrape {
    let body = text.strip_suffix("# EOF\n").expect("it ends with EOF");
    let (mut samples, mut seen) = (BTreeMap::new(), BTreeSet::new());
    let mut family: Option<Family> = None;
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let [keyword, name, rest] = comment.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            if family.as_ref().is_none_or(|family| family.name != name) {
                assert!(seen.insert(name.to_owned()), "{name} comes a second time, or in pieces");
                assert!(is_name(name) && name.starts_with("turncoat_coordinator_"), "{name}");
                assert!(!name.ends_with("_total") && !name.ends_with("_info"), "{name}");
                family = Some(Family { name: name.into(), kind: String::new(), helped: false });
            }
            let family = family.as_mut().unwrap();
            match keyword {
                "HELP" => {
                    assert!(!std::mem::replace(&mut family.helped, true) && rest.ends_with('.'), "{line}");
                }
                "TYPE" => family.kind = rest.into(),
                // Base units, and the name says which.
                "UNIT" => assert!(rest == "seconds" && name.ends_with("_seconds"), "{line}"),
                other => panic!("{other}: {line}"),
            }
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let family = family.as_ref().expect("a family comes before its samples");
        assert!(family.helped && family.allows(name), "{line}");
        for label in labels.strip_suffix('}').unwrap().split(',').filter(|label| !label.is_empty()) {
            let (key, text) = label.split_once('=').unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(key), "{line}");
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            assert!(text.is_some_and(|text| !text.contains(['"', '\\'])), "{line}");
        }
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
        assert!(value >= 0.0 && value.is_finite(), "{line}");
        assert!(samples.insert(ordered(series), value).is_none(), "{series} comes a second time");
    }
    let scrape = Scrape(samples);
    histograms_add_up(body, &scrape);
    scrape
}

/// Buckets grow with their upper end, and the last holds everything.
fn histograms_add_up(body: &str, scrape: &Scrape) {
    let mut last: Option<(String, f64, f64)> = None;
    for line in body.lines().filter(|line| !line.starts_with('#') && line.contains("_bucket{")) {
        let (series, count) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once("_bucket{").unwrap();
        let mut rest: Vec<&str> = labels.trim_end_matches('}').split(',').collect();
        let place = rest.iter().position(|label| label.starts_with("le=")).expect("an upper end");
        let end = rest.remove(place).trim_start_matches("le=").trim_matches('"');
        let end: f64 = if end == "+Inf" { f64::INFINITY } else { end.parse().unwrap() };
        let (whose, count) = (format!("{name}_count{{{}}}", rest.join(",")), count.parse::<f64>().unwrap());
        if let Some((before, low, fewer)) = &last
            && *before == whose
        {
            assert!(end > *low && count >= *fewer, "{line}");
        }
        if end == f64::INFINITY {
            assert_eq!(scrape.value(&whose), count, "{line}");
        }
        last = Some((whose, end, count));
    }
}
