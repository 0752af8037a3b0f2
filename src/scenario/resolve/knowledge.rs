//! The adversary's knowledge with every parameter.

use turncoat_attack::lab::{Knowledge, RawKnowledge};

use super::tagged;
use crate::scenario::write::Out;

pub(super) fn knowledge(given: &Knowledge) -> Out {
    let body = match given.get() {
        RawKnowledge::BlackBox => return Out::plain(given.name()),
        RawKnowledge::GreyBox { records } => Out::map([("records", Out::optional(*records))]),
        RawKnowledge::WhiteBox { records, noise, known_features } => Out::map([
            ("records", Out::optional(*records)),
            ("noise", Out::number(*noise)),
            ("known_features", Out::number(*known_features)),
        ]),
    };
    tagged(given.name(), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::write::write;

    #[test]
    fn every_parameter_is_written() {
        let written = |raw: RawKnowledge| write(&knowledge(&raw.check().unwrap()));
        assert_eq!(written(RawKnowledge::BlackBox), "black_box\n");
        assert_eq!(written(RawKnowledge::GreyBox { records: None }), "grey_box:\n  records: null\n");
        assert_eq!(
            written(RawKnowledge::white_box()),
            "white_box:\n  records: null\n  noise: 0.0\n  known_features: 1.0\n"
        );
        assert_eq!(
            written(RawKnowledge::WhiteBox { records: Some(20), noise: 0.1, known_features: 0.8 }),
            "white_box:\n  records: 20\n  noise: 0.1\n  known_features: 0.8\n"
        );
    }
}
