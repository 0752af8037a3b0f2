//! Messages to bytes and back, in one piece.
//!
//! prost reads and writes numbers one by one; through tonic's buffers each of them pays for bookkeeping, which on batches of
//! labels and claims takes longer than their own work. Here a message is decoded from the one piece that it came in, of which its
//! fields of bytes are parts, and encoded into a plain vector that is then copied over. The bytes on the wire are the same.

use std::marker::PhantomData;

use prost::Message;
use prost::bytes::{Buf, BufMut};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Encodes `T`, decodes `U`.
#[derive(Clone, Copy, Debug)]
pub struct PlainCodec<T, U>(PhantomData<fn(T) -> U>);

impl<T, U> Default for PlainCodec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// Encodes `T`.
#[derive(Clone, Copy, Debug)]
pub struct PlainEncoder<T>(PhantomData<fn(T)>);

/// Decodes `U`. Bytes that are none are the sender's fault: INVALID_ARGUMENT to a caller.
#[derive(Clone, Copy, Debug)]
pub struct PlainDecoder<U>(PhantomData<fn() -> U>);

impl<U> Default for PlainDecoder<U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> Codec for PlainCodec<T, U>
where
    T: Message + 'static,
    U: Message + Default + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = PlainEncoder<T>;
    type Decoder = PlainDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        PlainEncoder(PhantomData)
    }

    fn decoder(&mut self) -> Self::Decoder {
        PlainDecoder(PhantomData)
    }
}

impl<T: Message> Encoder for PlainEncoder<T> {
    type Item = T;
    type Error = Status;

    fn encode(&mut self, message: T, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&message.encode_to_vec());
        Ok(())
    }
}

impl<U: Message + Default> Decoder for PlainDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // Taken over, not copied: the buffer holds exactly one message.
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        U::decode(bytes)
            .map(Some)
            .map_err(|error| Status::invalid_argument(format!("bytes that are no message: {error}")))
    }
}
