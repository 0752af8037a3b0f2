//! The challenger's client of one adversary.

use turncoat_net::trace_context::TracedChannel;
use turncoat_net::{Address, Dialer, MAX_MESSAGE_BYTES, Proof};

use super::call::{Caller, ms};
use crate::challenge::{AttackAnswer, ChallengeRequest};
use crate::convert::challenge::{AnswerAssembly, challenge_to_wire};
use crate::deadlines::Deadlines;
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::status::failure_of;
use crate::subject::Subject;
use crate::wire;
use crate::wire::REVISION;
use crate::wire::adversary_client::AdversaryClient as Stub;

/// One adversary, as its challenger calls it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct AdversaryClient {
    caller: Caller,
}

impl AdversaryClient {
    /// Connects to the adversary that stands there, with what proves that the caller is its challenger.
    ///
    /// # Errors
    /// [`RpcFailure::Unavailable`].
    pub async fn connect(
        dialer: &Dialer,
        address: &Address,
        stands: Subject,
        proof: impl Into<Proof>,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let peer = Peer::Adversary(address.clone());
        Ok(Self { caller: Caller::connect(dialer, peer, stands, &proof.into(), deadlines).await? })
    }

    /// Puts one question; one answer an attack, in the adversary's order. An answer holds one claim a record or none, on the
    /// question that was asked, with finite scores and owners among the candidates.
    ///
    /// # Errors
    /// [`RpcError`]; an attack that cannot answer is no error of the call but an answer that says so.
    pub async fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, RpcError> {
        const RPC: &str = "Challenge";
        let deadline = ms(self.caller.deadlines.challenge_ms);
        let mut assembly = AnswerAssembly::new(&challenge);
        let parts = futures::stream::iter(challenge_to_wire(challenge));
        let request = self.caller.request(parts, deadline);
        let mut stub = self.stub();
        // The deadline covers the whole stream, not only its beginning.
        let gathered = tokio::time::timeout(deadline, async {
            let mut answers = self.caller.answer(RPC, deadline, stub.challenge(request)).await?;
            loop {
                let part = answers.message().await.map_err(|status| {
                    self.caller.error(RPC, failure_of(&status, self.caller.deadlines.challenge_ms))
                })?;
                match part {
                    Some(part) => assembly.push(part).map_err(self.caller.invalid(RPC))?,
                    None => return assembly.finish().map_err(self.caller.invalid(RPC)),
                }
            }
        });
        let too_late = || RpcFailure::DeadlineExceeded(self.caller.deadlines.challenge_ms);
        gathered.await.unwrap_or_else(|_| Err(self.caller.error(RPC, too_late())))
    }

    /// Where it stands, and the names of its attacks.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn status(&self) -> Result<(String, Vec<String>), RpcError> {
        let deadline = ms(self.caller.deadlines.connect_ms);
        let request = self.caller.request(wire::AdversaryStatusRequest {}, deadline);
        let mut stub = self.stub();
        let reply = self.caller.answer("Status", deadline, stub.status(request)).await?;
        if reply.revision != REVISION {
            let failure = RpcFailure::VersionMismatch { ours: REVISION, theirs: reply.revision };
            return Err(self.caller.error("Status", failure));
        }
        Ok((reply.vantage, reply.attacks))
    }

    fn stub(&self) -> Stub<TracedChannel> {
        Stub::new(self.caller.channel.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES)
    }
}
