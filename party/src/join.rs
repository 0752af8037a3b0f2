//! Joining the federation: a coordinator that is not up yet, or cannot dial back just now, is asked again; one that refuses is
//! not. A party that comes back with its model asks again, too, while its place is taken: by what it was before, which may take a
//! moment to be gone.

use std::time::Duration;

use tokio::time::Instant;
use turncoat_net::{Address, Dialer, Proof};
use turncoat_proto::client::{CoordinatorClient, JoinedFederation};
use turncoat_proto::federation::Announcement;
use turncoat_proto::rpc_error::PartyFault;
use turncoat_proto::{Deadlines, RpcError, RpcFailure};

/// Between two attempts to reach a coordinator: the first pause, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

pub(crate) async fn join(
    dialer: &Dialer,
    coordinator: &Address,
    proof: &Proof,
    deadlines: Deadlines,
    announcement: &Announcement,
) -> Result<JoinedFederation, RpcError> {
    let last = Instant::now() + Duration::from_millis(deadlines.join_ms);
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = async {
            let client = CoordinatorClient::connect(dialer, coordinator, proof, deadlines).await?;
            client.join(announcement).await
        };
        match attempt.await {
            Err(error)
                if (passing(&error.failure) || own_shadow(&error.failure, announcement))
                    && Instant::now() + pause < last =>
            {
                tracing::debug!(%error, "not admitted yet");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            done => return done,
        }
    }
}

/// Whether the place of a party that comes back is taken, as it looks, by itself.
fn own_shadow(failure: &RpcFailure, announcement: &Announcement) -> bool {
    announcement.model_digest.is_some() && matches!(failure, RpcFailure::AlreadyExists(_))
}

/// Whether the network is to blame, and may be better soon.
fn passing(failure: &RpcFailure) -> bool {
    match failure {
        RpcFailure::Unavailable(_) | RpcFailure::DeadlineExceeded(_) => true,
        RpcFailure::Party { fault, .. } => matches!(fault, PartyFault::Unavailable | PartyFault::Deadline),
        _ => false,
    }
}
