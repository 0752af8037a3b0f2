//! Labels spread by a learner (Truex et al., section 3.1.2): few are asked for, the others are the learner's.
//!
//! Uncertainty sampling (Lewis and Gale, 1994): after a random first round, each round asks about the records whose largest
//! predicted probability is least; equals in a random order that the seed fixes.

use ndarray::Axis;
use rand::seq::SliceRandom;
use turncoat_learn::{LocalModel, Samples, Seed};

use super::data::Draft;
use super::develop::Service;
use super::params::ActiveLearning;
use crate::error::AttackError;

/// Labels every record of a draft that holds at least as many as are to be labelled.
///
/// # Errors
/// What the target or the learner refuses.
pub(super) fn label(
    params: &ActiveLearning,
    mut draft: Draft,
    classes: usize,
    service: &mut Service<'_>,
    seed: Seed,
) -> Result<Draft, AttackError> {
    let mut order: Vec<usize> = (0..draft.len()).collect();
    order.shuffle(&mut seed.stream("order"));
    for round in 0..params.rounds {
        let open: Vec<usize> = order.iter().copied().filter(|&row| !draft.answered[row]).collect();
        let mut count = params.in_round(round);
        let rows: Vec<usize> = if round == 0 {
            count = count.saturating_sub(draft.len() - open.len());
            open.into_iter().take(count).collect()
        } else {
            let vectors = trained(params, &draft, classes, seed.child("round", round as u64))?
                .predict_proba(draft.records.select(Axis(0), &open).view())?;
            let sure = |place: usize| vectors.row(place)[vectors.predicted_class(place)];
            let mut ranked: Vec<(f64, usize)> =
                open.iter().enumerate().map(|(place, &row)| (sure(place), row)).collect();
            // Stable: equals stay in the random order.
            ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
            ranked.into_iter().take(count).map(|(_, row)| row).collect()
        };
        if rows.is_empty() {
            continue;
        }
        let answers = service.ask("active_learning", draft.records.select(Axis(0), &rows).view())?;
        for (place, &row) in rows.iter().enumerate() {
            draft.labels[row] = answers.predicted_class(place) as u32;
            draft.answered[row] = true;
        }
    }
    let rest: Vec<usize> = (0..draft.len()).filter(|&row| !draft.answered[row]).collect();
    if !rest.is_empty() {
        let vectors = trained(params, &draft, classes, seed.child("last", 0))?
            .predict_proba(draft.records.select(Axis(0), &rest).view())?;
        for (place, &row) in rest.iter().enumerate() {
            draft.labels[row] = vectors.predicted_class(place) as u32;
        }
    }
    Ok(draft)
}

/// The learner, trained on what the target has labelled.
fn trained(
    params: &ActiveLearning,
    draft: &Draft,
    classes: usize,
    seed: Seed,
) -> Result<LocalModel, AttackError> {
    let rows: Vec<usize> = (0..draft.len()).filter(|&row| draft.answered[row]).collect();
    let labels: Vec<u32> = rows.iter().map(|&row| draft.labels[row]).collect();
    let records = draft.records.select(Axis(0), &rows);
    Ok(params.learner.fit(Samples { records: records.view(), labels: &labels, classes }, seed)?)
}
