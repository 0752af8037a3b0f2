//! What goes wrong and who lies.

use turncoat_learn::PartyId;

use super::adversaries::party_id;
use super::each_party::each_party_once;
use crate::faults::{Byzantine, Corruption, Fault, Lie};
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::yaml::{Scalar, Value};

const FAULTS: [&str; 6] = ["crash", "restart", "delay", "drop", "corrupt", "partition"];
const LIES: [&str; 3] = ["label_flip", "constant", "amplified"];
/// Queries are counted in 64 bits; a scenario speaks of far fewer.
const MAX_QUERY: u64 = 1_000_000_000_000;
/// A day, as for deadlines.
const MAX_DELAY_MS: u64 = 86_400_000;
const MAX_CLASS: u64 = 1_000_000;
const MAX_AMPLIFICATION: f64 = 1e6;

/// Reads the list of faults. Ids are held against `parties` where that is known.
pub(super) fn faults(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<Vec<Fault>> {
    if at.is_null() {
        return Some(Vec::new());
    }
    // All entries are read before the first violation is given way to.
    let mut all = Vec::new();
    let mut whole = true;
    for at in reader.list(at)? {
        match fault(reader, &at, parties) {
            Some(fault) => {
                whole &= in_order(reader, &at, &all, &fault);
                all.push(fault);
            }
            None => whole = false,
        }
    }
    whole.then_some(all)
}

fn fault(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<Fault> {
    let (tag, body) = reader.tagged(at, &FAULTS)?;
    let keys: &[&str] = match tag {
        "crash" | "restart" => &["party", "at"],
        "delay" => &["party", "ms", "fraction"],
        "drop" => &["party", "fraction"],
        "corrupt" => &["party", "how", "fraction"],
        _ => &["parties", "from", "to"],
    };
    let fields = reader.fields(&body, keys)?;
    if tag == "partition" {
        return partition(reader, &fields, parties);
    }
    let party = reader.required(&fields, "party", "which party it befalls, from 1");
    let party = party.and_then(|at| party_id(reader, &at, parties));
    match tag {
        "crash" => {
            let at = reader.required(&fields, "at", "the query that it does not live to answer");
            let at = at.and_then(|at| query(reader, &at));
            Some(Fault::Crash { party: party?, at: at? })
        }
        "restart" => {
            let at = match fields.given("at") {
                Some(at) => query(reader, &at).map(Some),
                None => Some(None),
            };
            Some(Fault::Restart { party: party?, at: at? })
        }
        "delay" => {
            let ms = reader.required(&fields, "ms", "how late the answer is, in milliseconds");
            let ms = ms.and_then(|at| reader.whole(&at, 1..=MAX_DELAY_MS));
            let fraction = fraction(reader, &fields);
            Some(Fault::Delay { party: party?, ms: ms?, fraction: fraction? })
        }
        "drop" => {
            let fraction = fraction(reader, &fields);
            Some(Fault::Drop { party: party?, fraction: fraction? })
        }
        _ => {
            let how = reader.required(&fields, "how", "nan, unnormalised, wrong_length or stale");
            let how = how.and_then(|at| reader.word(&at, &Corruption::NAMES));
            let fraction = fraction(reader, &fields);
            Some(Fault::Corrupt { party: party?, how: how?, fraction: fraction? })
        }
    }
}

fn partition(reader: &mut Reader<'_>, fields: &Fields<'_>, parties: Option<u32>) -> Option<Fault> {
    let list = reader.required(fields, "parties", "a list of those that cannot be reached");
    let cut_off = list.and_then(|at| {
        let list = reader.list(&at)?;
        if list.is_empty() {
            reader.refuse(&at, "must name at least one party");
            return None;
        }
        let ids: Vec<_> = list.iter().map(|at| party_id(reader, at, parties)).collect();
        let mut ids: Vec<PartyId> = ids.into_iter().collect::<Option<_>>()?;
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    });
    let from = reader.required(fields, "from", "the first query that they miss");
    let from = from.and_then(|at| query(reader, &at));
    let to = reader.required(fields, "to", "the last query that they miss");
    let to = to.and_then(|at| query(reader, &at).map(|query| (query, at)));
    if let (Some(from), Some((to, at))) = (from, &to)
        && from > *to
    {
        reader.refuse(at, format!("must not be before `from`, query {from}"));
        return None;
    }
    Some(Fault::Partition { parties: cut_off?, from: from?, to: to?.0 })
}

/// `query 500`.
fn query(reader: &mut Reader<'_>, at: &At<'_>) -> Option<u64> {
    if let Value::Scalar(Scalar::Text(text), _) = at.value
        && let Some(number) = text.strip_prefix("query ")
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && let Some(number) = number.parse().ok().filter(|number| (1..=MAX_QUERY).contains(number))
    {
        return Some(number);
    }
    reader.refuse(at, format!("must be `query` and its number, from 1 to {MAX_QUERY}, such as `query 500`"));
    None
}

/// All calls where the scenario does not say.
fn fraction(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<f64> {
    let Some(at) = fields.given("fraction") else { return Some(1.0) };
    let fraction = reader.number(&at)?;
    if fraction > 0.0 && fraction <= 1.0 {
        return Some(fraction);
    }
    reader.refuse(&at, "must be above 0 and at most 1");
    None
}

/// Whether a crash or a restart can follow on what happened to the party before it in the list.
fn in_order(reader: &mut Reader<'_>, at: &At<'_>, before: &[Fault], fault: &Fault) -> bool {
    let of = |who: PartyId| {
        before.iter().rev().find(
            |other| matches!(other, Fault::Crash { party, .. } | Fault::Restart { party, .. } if *party == who),
        )
    };
    let rule = match fault {
        Fault::Restart { party, at } => match (of(*party), at) {
            (Some(Fault::Crash { at: crash, .. }), Some(back)) if back <= crash => {
                format!("{party} crashes at query {crash} only: `at` must be after it, or be left out")
            }
            (Some(Fault::Crash { .. }), _) => return true,
            _ => format!("{party} has not crashed yet: put a `crash` of it before"),
        },
        Fault::Crash { party, at } => match of(*party) {
            Some(Fault::Crash { at: crash, .. }) => {
                format!("{party} has crashed at query {crash} already: put a `restart` of it between")
            }
            Some(Fault::Restart { at: Some(back), .. }) if at < back => {
                format!("{party} is back at query {back} only: `at` must not be before it")
            }
            Some(Fault::Restart { at: None, .. }) => {
                let last = before.iter().rev().find_map(|other| match other {
                    Fault::Crash { party: who, at } if who == party => Some(*at),
                    _ => None,
                });
                match last {
                    Some(last) if *at <= last => {
                        format!("{party} has crashed at query {last} already: `at` must be after it")
                    }
                    _ => return true,
                }
            }
            _ => return true,
        },
        _ => return true,
    };
    reader.note(at.spot, &at.path, Some(fault.name().into()), rule, None);
    false
}

/// Reads the list of parties that lie.
pub(super) fn byzantine(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    parties: Option<u32>,
) -> Option<Vec<Byzantine>> {
    each_party_once(
        reader,
        at,
        |reader, at| liar(reader, at, parties),
        |liar| liar.party,
        |_| "lies already; name each party once".into(),
    )
}

fn liar(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<Byzantine> {
    let fields = reader.fields(at, &["party", "how"])?;
    let party = reader.required(&fields, "party", "which party lies, from 1");
    let party = party.and_then(|at| party_id(reader, &at, parties));
    let how = reader.required(&fields, "how", "label_flip, {constant: {class: 0}} or {amplified: {by: 4}}");
    let lie = how.and_then(|at| lie(reader, &at));
    Some(Byzantine { party: party?, lie: lie? })
}

fn lie(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Lie> {
    let (tag, body) = reader.tagged(at, &LIES)?;
    let key: &[&str] = match tag {
        "constant" => &["class"],
        "amplified" => &["by"],
        _ => &[],
    };
    let fields = reader.fields(&body, key)?;
    match tag {
        "label_flip" => Some(Lie::LabelFlip),
        "constant" => {
            let class = reader.required(&fields, "class", "which class it always says, from 0")?;
            Some(Lie::Constant { class: reader.whole(&class, 0..=MAX_CLASS)? as usize })
        }
        _ => {
            let at = reader.required(&fields, "by", "how many times as loud, such as 4")?;
            let by = reader.number(&at)?;
            if by > 1.0 && by <= MAX_AMPLIFICATION {
                return Some(Lie::Amplified { by });
            }
            reader.refuse(&at, format!("must be above 1 and at most {MAX_AMPLIFICATION}"));
            None
        }
    }
}
