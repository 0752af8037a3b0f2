//! What the adversary is given: `black_box`, `{grey_box: {records}}`, `{white_box: {records, noise, known_features}}`.

use turncoat_attack::lab::{Knowledge, LabViolation, RawKnowledge};

use crate::scenario::check::MAX_RECORDS;
use crate::scenario::check::given::Given;
use crate::scenario::reader::{At, Reader};
use crate::scenario::yaml::join;

const KNOWLEDGE: [&str; 3] = ["black_box", "grey_box", "white_box"];

/// Reads the adversary's knowledge.
pub(super) fn knowledge(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Knowledge> {
    let (tag, body) = reader.tagged(at, &KNOWLEDGE)?;
    let keys: &[&str] = match tag {
        "black_box" => &[],
        "grey_box" => &["records"],
        _ => &["records", "noise", "known_features"],
    };
    let mut given = Given::new(reader, body, &[keys])?;
    let raw = match tag {
        "black_box" => RawKnowledge::BlackBox,
        "grey_box" => RawKnowledge::GreyBox { records: records(&mut given) },
        _ => RawKnowledge::WhiteBox {
            records: records(&mut given),
            noise: given.number("noise", 0.0),
            known_features: given.number("known_features", 1.0),
        },
    };
    let whole = given.whole();
    let checked = raw.check().map_err(|violations| refuse(reader, at, violations)).ok();
    checked.filter(|_| whole)
}

/// How many real records, or null for all there are.
fn records(given: &mut Given<'_, '_, '_>) -> Option<usize> {
    given.read("records", None, |reader, at| {
        if at.is_null() { Some(None) } else { reader.whole(at, 1..=MAX_RECORDS).map(|n| Some(n as usize)) }
    })
}

/// Notes violations at their places below `at`.
pub(super) fn refuse(reader: &mut Reader<'_>, at: &At<'_>, violations: Vec<LabViolation>) {
    for LabViolation { parameter, value, rule } in violations {
        let (spot, path) = (at.deepest(&parameter).spot, join(&at.path, &parameter));
        reader.note(spot, &path, Some(value), format!("must be {rule}"), None);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{refused, sound};
    use super::*;

    fn read(text: &str) -> RawKnowledge {
        sound(text, knowledge).into()
    }

    #[test]
    fn each_kind_is_read_with_its_defaults() {
        assert_eq!(read("black_box"), RawKnowledge::BlackBox);
        assert_eq!(read("{black_box: {}}"), RawKnowledge::BlackBox);
        assert_eq!(read("grey_box"), RawKnowledge::GreyBox { records: None });
        assert_eq!(read("grey_box: {records: 500}"), RawKnowledge::GreyBox { records: Some(500) });
        assert_eq!(read("white_box"), RawKnowledge::white_box());
        assert_eq!(
            read("{white_box: {records: 2000, noise: 0.1, known_features: 0.8}}"),
            RawKnowledge::WhiteBox { records: Some(2000), noise: 0.1, known_features: 0.8 }
        );
        let resolved = "white_box:\n  records: null\n  noise: 0.0\n  known_features: 1.0\n";
        assert_eq!(read(resolved), RawKnowledge::white_box());
        assert_eq!(read("grey_box:\n  records: null\n"), RawKnowledge::GreyBox { records: None });
    }

    #[test]
    fn every_violation_is_told_at_once() {
        let all = refused("{white_box: {records: 0, noise: -1, known_features: 1.5, noize: 1}}", knowledge);
        insta::assert_snapshot!(all, @"
        x.yaml:1:23: part.white_box.records is 0: must be a whole number from 1 to 1000000000
        x.yaml:1:33: part.white_box.noise is -1: must be from 0 to 1,000,000
        x.yaml:1:53: part.white_box.known_features is 1.5: must be above 0 and at most 1
        x.yaml:1:58: part.white_box.noize: unknown key; did you mean `noise`?
        ");
        insta::assert_snapshot!(refused("grey-box", knowledge), @"x.yaml:1:1: part is grey-box: must be one of `black_box`, `grey_box`, `white_box`; did you mean `grey_box`?");
        insta::assert_snapshot!(refused("{black_box: {records: 5}}", knowledge), @"x.yaml:1:14: part.black_box.records: unknown key; none is allowed here");
        insta::assert_snapshot!(refused("{grey_box: {noise: 0.1}}", knowledge), @"x.yaml:1:13: part.grey_box.noise: unknown key; allowed here: records");
        insta::assert_snapshot!(refused("[white_box]", knowledge), @"x.yaml:1:1: part is a list: must be one of `black_box`, `grey_box`, `white_box`");
        insta::assert_snapshot!(refused("{white_box: {noise: much, known_features: 0}}", knowledge), @"
        x.yaml:1:21: part.white_box.noise is much: must be a finite number
        x.yaml:1:43: part.white_box.known_features is 0: must be above 0 and at most 1
        ");
    }
}
