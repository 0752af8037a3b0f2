//! Asking every party at once. The first party that fails fails the call, and is named; sums are in PartyId order.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use ndarray::ArrayView2;
use turncoat_learn::{PartyId, PredictionVectors};
use turncoat_proto::client::{EncodedRecords, PartyClient};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{PartyFit, Refusal, RpcError};

use crate::federation::Fitted;

/// Trains every party, each from its own child of the order's seed; reports in PartyId order.
pub(crate) async fn fit(clients: &[PartyClient], order: &FitOrder) -> Result<Vec<PartyFit>, Refusal> {
    try_join_all(clients.iter().map(|client| async move {
        let party = client.party();
        let seed = order.seed.child("party", u64::from(party.get()));
        client.fit(&FitOrder { seed, ..order.clone() }).await.map_err(|error| at_fault(party, error))
    }))
    .await
}

/// Every party's vectors of one chunk of records, checked, in PartyId order.
pub(crate) async fn predict_shared(
    federation: &Fitted,
    records: ArrayView2<'_, f32>,
    first_query: u64,
) -> Result<BTreeMap<PartyId, PredictionVectors>, Refusal> {
    let encoded = &EncodedRecords::new(records, first_query);
    let answers = federation.clients.iter().map(|client| async move {
        let party = client.party();
        let vectors = client.predict_proba(encoded, federation.classes, 0).await;
        vectors.map(|vectors| (party, vectors)).map_err(|error| at_fault(party, error))
    });
    Ok(try_join_all(answers).await?.into_iter().collect())
}

/// The point-wise mean, summed in PartyId order.
pub(crate) fn mean(parties: &BTreeMap<PartyId, PredictionVectors>) -> Result<PredictionVectors, Refusal> {
    let batches: Vec<_> = parties.values().collect();
    // The batches were checked to be of one shape; only a federation without parties has no mean.
    PredictionVectors::mean(&batches).map_err(|violation| Refusal::Internal(violation.to_string()))
}

fn at_fault(party: PartyId, error: RpcError) -> Refusal {
    Refusal::Party { party, source: Box::new(error) }
}
