//! The order of a run's page: the answer first, then what it rests on, then how to have it again.

use super::compose::{Page, Section};
use super::folder::Run;
use super::{
    again, byzantine, classes, distance, federation, ladder, opening, parties, planes, records, results,
    rocs, scores, service, table, targets,
};
use crate::error::Error;

const SECTIONS: [Section<Run>; 17] = [
    Section { id: "federation", heading: "The federation", parts: federation::federation },
    Section { id: "targets", heading: "The targets", parts: targets::targets },
    Section { id: "attacks", heading: "Attacks by target", parts: targets::attacks },
    Section { id: "results", heading: "Every attack", parts: results::results },
    Section { id: "ladder", heading: "The vantage ladder", parts: ladder::ladder },
    Section { id: "roc", heading: "How scores separate members from non-members", parts: rocs::rocs },
    Section { id: "scores", heading: "Scores of members and non-members", parts: scores::scores },
    Section { id: "classes", heading: "Class by class", parts: classes::classes },
    Section { id: "parties", heading: "Party by party", parts: parties::parties },
    Section { id: "records", heading: "Most exposed records", parts: records::records },
    Section { id: "boundaries", heading: "Decision boundaries", parts: planes::planes },
    Section { id: "distance", heading: "Distance of the shards against accuracy", parts: distance::distance },
    Section { id: "byzantine", heading: "With and without Byzantine parties", parts: byzantine::byzantine },
    Section { id: "service", heading: "What was asked, and what was lost", parts: service::service },
    Section { id: "table", heading: "How the table was read", parts: table::table },
    Section { id: "notes", heading: "Notes", parts: again::notes },
    Section { id: "again", heading: "Run it again", parts: again::again },
];

/// A run's page.
///
/// # Errors
/// [`Error::Bug`] of a picture that cannot be drawn.
pub(super) fn of_run(run: &Run) -> Result<Page, Error> {
    Page::of(opening::opening(run), &SECTIONS, run)
}
