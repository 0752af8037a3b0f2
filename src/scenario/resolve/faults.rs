//! Faults and lies, written out.

use super::{Out, tagged};
use crate::faults::{Byzantine, Fault, Lie};

pub(super) fn fault(fault: &Fault) -> Out {
    let query = |number: &u64| Out::plain(format!("query {number}"));
    let body = match fault {
        Fault::Crash { party, at } => vec![("party", Out::plain(party.get())), ("at", query(at))],
        Fault::Restart { party, at } => vec![
            ("party", Out::plain(party.get())),
            ("at", at.as_ref().map_or_else(|| Out::plain("null"), query)),
        ],
        Fault::Delay { party, ms, fraction } => vec![
            ("party", Out::plain(party.get())),
            ("ms", Out::plain(ms)),
            ("fraction", Out::number(*fraction)),
        ],
        Fault::Drop { party, fraction } => {
            vec![("party", Out::plain(party.get())), ("fraction", Out::number(*fraction))]
        }
        Fault::Corrupt { party, how, fraction } => vec![
            ("party", Out::plain(party.get())),
            ("how", Out::plain(how)),
            ("fraction", Out::number(*fraction)),
        ],
        Fault::Partition { parties, from, to } => vec![
            ("parties", Out::List(parties.iter().map(|party| Out::plain(party.get())).collect())),
            ("from", query(from)),
            ("to", query(to)),
        ],
    };
    tagged(fault.name(), Out::map(body))
}

pub(super) fn byzantine(liar: &Byzantine) -> Out {
    let how = match liar.lie {
        Lie::LabelFlip => Out::plain("label_flip"),
        Lie::Constant { class } => tagged("constant", Out::map([("class", Out::plain(class))])),
        Lie::Amplified { by } => tagged("amplified", Out::map([("by", Out::number(by))])),
    };
    Out::map([("party", Out::plain(liar.party.get())), ("how", how)])
}
