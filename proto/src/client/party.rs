//! The coordinator's client of one party.

use std::time::Duration;

use prost::Message;
use prost::bytes::{BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Response, Status};
use turncoat_learn::{ModelDigest, PartyId, PredictionVectors};
use turncoat_net::codec::PlainDecoder;
use turncoat_net::{Address, Dialer, MAX_MESSAGE_BYTES, Proof};

use super::call::{Caller, ms};
use crate::convert::absence::digest_from_wire;
use crate::convert::learner::FitOrder;
use crate::convert::vectors::{ANSWERED_QUERY, vectors_from_wire};
use crate::deadlines::Deadlines;
use crate::federation::{PartyFit, PartyStatus};
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::subject::Subject;
use crate::violation::Violation;
use crate::wire;
use crate::wire::party_client::PartyClient as Stub;

const PREDICT_PROBA: PathAndQuery = PathAndQuery::from_static("/turncoat.v1.Party/PredictProba");

/// One party, as the coordinator calls it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct PartyClient {
    caller: Caller,
    party: PartyId,
}

/// A chunk of records, encoded once for all the parties that are asked about it.
#[derive(Clone, Debug)]
pub struct EncodedRecords {
    bytes: Bytes,
    rows: usize,
    first_query: u64,
    measuring: bool,
}

impl EncodedRecords {
    /// Encodes records as they came, the first of which has that number among all queries.
    #[must_use]
    pub fn new(records: &wire::Records, first_query: u64) -> Self {
        let (of_records, rows) = (Some(records.clone()), records.rows as usize);
        let message = wire::PredictProbaRequest { records: of_records, first_query, ..Default::default() };
        Self { bytes: message.encode_to_vec().into(), rows, first_query, measuring: false }
    }

    /// The same, asked by the operator, who measures and whose queries are numbered apart, or by somebody else.
    #[must_use]
    pub fn measuring(self, measuring: bool) -> Self {
        Self { measuring, ..self }
    }

    /// Number of the first record among all queries.
    #[must_use]
    pub fn first_query(&self) -> u64 {
        self.first_query
    }

    /// Number of records.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }
}

impl PartyClient {
    /// Connects to a party, with what proves that the caller is the coordinator.
    ///
    /// # Errors
    /// [`RpcFailure::Unavailable`].
    pub async fn connect(
        dialer: &Dialer,
        party: PartyId,
        address: &Address,
        proof: impl Into<Proof>,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let peer = Peer::Party(party, address.clone());
        Ok(Self {
            caller: Caller::connect(dialer, peer, Subject::Party(party), &proof.into(), deadlines).await?,
            party,
        })
    }

    /// The party.
    #[must_use]
    pub fn party(&self) -> PartyId {
        self.party
    }

    /// Trains the party.
    ///
    /// # Errors
    /// [`RpcError`]; an answer in the name of another party is [`RpcFailure::InvalidAnswer`].
    pub async fn fit(&self, order: &FitOrder) -> Result<PartyFit, RpcError> {
        let deadline = ms(self.caller.deadlines.fit_ms);
        let mut stub = Stub::new(self.caller.channel.clone());
        let request = self.caller.request(order.to_wire(), deadline);
        let reply = self.caller.answer("Fit", deadline, stub.fit(request)).await?;
        let fit = PartyFit::from_wire(&reply).map_err(self.caller.invalid("Fit"))?;
        self.check_name(fit.party, "Fit")?;
        Ok(fit)
    }

    /// The party's class probabilities of one chunk of records, and by what the model is known that gave them.
    /// `attempt` says how often it was asked this before.
    ///
    /// # Errors
    /// [`RpcError`]; an answer of another shape than `[rows, classes]`, or that is no distribution, is
    /// [`RpcFailure::InvalidAnswer`].
    pub async fn predict_proba(
        &self,
        records: &EncodedRecords,
        classes: usize,
        attempt: u32,
    ) -> Result<(PredictionVectors, ModelDigest), RpcError> {
        let deadline = ms(self.caller.deadlines.predict_ms);
        let reply = self
            .caller
            .answer("PredictProba", deadline, self.send_encoded(records, attempt, deadline))
            .await?;
        if reply.first_query != records.first_query {
            let violation = Violation::Value {
                field: ANSWERED_QUERY,
                value: reply.first_query.to_string(),
                rule: "that of the question",
            };
            return Err(self.caller.error("PredictProba", RpcFailure::InvalidAnswer(violation)));
        }
        let digest = digest_from_wire(&reply.model_digest);
        vectors_from_wire(reply.vectors, "vectors", records.rows, Some(classes))
            .and_then(|vectors| Ok((vectors, digest?)))
            .map_err(self.caller.invalid("PredictProba"))
    }

    /// Who it says it is.
    ///
    /// # Errors
    /// [`RpcError`]; a party that says it is another one is [`RpcFailure::InvalidAnswer`].
    pub async fn status(&self) -> Result<PartyStatus, RpcError> {
        let deadline = ms(self.caller.deadlines.connect_ms);
        let mut stub = Stub::new(self.caller.channel.clone());
        let request = self.caller.request(wire::PartyStatusRequest {}, deadline);
        let reply = self.caller.answer("Status", deadline, stub.status(request)).await?;
        let status = PartyStatus::from_wire(reply).map_err(self.caller.invalid("Status"))?;
        self.check_name(status.party, "Status")?;
        Ok(status)
    }

    async fn send_encoded(
        &self,
        records: &EncodedRecords,
        attempt: u32,
        deadline: Duration,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        let mut grpc = tonic::client::Grpc::new(self.caller.channel.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        grpc.ready().await.map_err(Status::from_error)?;
        // Messages put in a row are merged, so the attempt is appended to what all parties are sent.
        let measuring = records.measuring;
        let rest = wire::PredictProbaRequest { attempt, measuring, ..Default::default() }.encode_to_vec();
        let request = self.caller.request((records.bytes.clone(), rest), deadline);
        grpc.unary(request, PREDICT_PROBA, EncodedCodec).await
    }

    fn check_name(&self, party: PartyId, rpc: &'static str) -> Result<(), RpcError> {
        if party == self.party {
            return Ok(());
        }
        let violation =
            Violation::Value { field: "party", value: party.to_string(), rule: "the party that was asked" };
        Err(self.caller.error(rpc, RpcFailure::InvalidAnswer(violation)))
    }
}

/// Sends bytes that are a message already, in two parts.
#[derive(Clone, Copy, Debug)]
struct EncodedCodec;

impl Codec for EncodedCodec {
    type Encode = (Bytes, Vec<u8>);
    type Decode = wire::PredictProbaReply;
    type Encoder = Self;
    type Decoder = AnswerDecoder;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        AnswerDecoder::default()
    }
}

/// Tells an answer that is no message from a party that says that the question was none.
#[derive(Debug, Default)]
struct AnswerDecoder(PlainDecoder<wire::PredictProbaReply>);

impl Decoder for AnswerDecoder {
    type Item = wire::PredictProbaReply;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Self::Item>, Status> {
        self.0.decode(buffer).map_err(|status| Status::data_loss(status.message()))
    }
}

impl Encoder for EncodedCodec {
    type Item = (Bytes, Vec<u8>);
    type Error = Status;

    fn encode(&mut self, (message, rest): Self::Item, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        buffer.put_slice(&rest);
        Ok(())
    }
}
