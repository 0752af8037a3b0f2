//! Each candidate's precision and recall on the source question, of the attack that speaks for each vantage.

use super::charts::summaries;
use super::folder::Run;
use super::parts::{Part, picture, resting, table};
use crate::headline::Reading;
use crate::picture::{Dots, Panel, Tone};
use crate::result::attack::{ByParty, ResultFigures};
use crate::result::figure::Mean;
use crate::table::columns::Table;
use turncoat_attack::Summary;

/// A figure by party: its name, its panel's title, and of a party the figure and the claims that it rests on.
struct Shown {
    name: &'static str,
    title: &'static str,
    summary: fn(&ByParty) -> &Summary,
    claims: fn(&ByParty) -> Option<Mean>,
}

const PRECISION: Shown = Shown {
    name: "precision",
    title: "Claims on a party that are right",
    summary: |of| &of.precision,
    claims: |of| of.claims,
};
const RECALL: Shown = Shown {
    name: "recall",
    title: "A party's records that were named as its",
    summary: |of| &of.recall,
    claims: |of| of.records,
};

/// Both figures of each party.
pub(super) fn parties(run: &Run) -> Vec<Part> {
    let reading = Reading::of(&run.report, "source");
    let mut found = reading.speakers();
    found.retain(|(_, result)| !result.by_party.is_empty());
    let rows = found.iter().flat_map(|(_, result)| result.by_party.iter().map(|of| (*result, of)));
    let rows: Vec<(&ResultFigures, &ByParty)> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = Table::of(&rows)
        .text("attack", |(result, _)| result.label())
        .text("party", |(_, of)| format!("P{}", of.id))
        .claims("claims that name it", |(_, of)| of.claims.map(|mean| mean.0))
        .summary("precision", |(_, of)| &of.precision)
        .claims("claims on its records", |(_, of)| of.records.map(|mean| mean.0))
        .summary("recall", |(_, of)| &of.recall);
    vec![
        picture(
            "by_party",
            "Precision and recall of source claims by party. The figures are in the table below",
            [PRECISION, RECALL].map(|shown| panel(&found, &shown)),
            "Source inference, the most precise attack from each vantage, party by party, in percent with 95 % intervals: of all claims \
             that name the party the share that is right (precision), and of the party's records the share whose claims name it \
             (recall). An adversary is not asked about its own records. After Truex et al., section 4.7, and Hu et al. (2021).",
        ),
        table("Source claims by party, percent ± half of the 95 % interval; claims are of a repeat", columns),
    ]
}

fn panel(found: &[(Tone, &ResultFigures)], shown: &Shown) -> Panel {
    let all = || found.iter().flat_map(|(_, result)| &result.by_party);
    let mut ids: Vec<u32> = all().map(|of| of.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let row = |id: &u32| {
        let of_party = found.iter().filter_map(|(tone, result)| {
            Some((*tone, (shown.summary)(result.by_party.iter().find(|of| of.id == *id)?)))
        });
        summaries(format!("P{id}"), of_party)
    };
    Panel::Dots(Dots {
        title: shown.title.into(),
        axis: resting(
            &format!("{}, percent", shown.name),
            all().filter_map(shown.claims).map(|claims| claims.0),
        ),
        rows: ids.iter().map(row).collect(),
        key: found.iter().map(|(tone, result)| (*tone, result.label())).collect(),
        ..Dots::default()
    })
}
