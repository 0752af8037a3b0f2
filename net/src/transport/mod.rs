//! How services are reached: over sockets between processes, or by handing calls over within one process. The services and their
//! clients are the same over both, and so are the messages and all that is checked of them.

mod acceptor;
mod channel;
mod connection;
mod dialer;
mod listener;
mod memory;

pub use channel::Channel;
pub(crate) use channel::answer;
pub(crate) use connection::{Connection, ConnectionOptions, Hangup, PeerInfo};
pub use dialer::{Dialer, Network, root_cause, untrusted};
pub use listener::Listener;
pub use memory::MemoryNetwork;

use crate::address::{Address, AddressParseError};

/// Largest message that either side accepts, in bytes. Batches are sent in chunks far below it.
pub const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// HTTP/2 flow-control window of a call and of a connection, in bytes: several chunks may be under way unanswered.
pub(crate) const STREAM_WINDOW_BYTES: u32 = 4 << 20;
pub(crate) const CONNECTION_WINDOW_BYTES: u32 = 16 << 20;
/// Fewer, larger frames: a chunk is a handful of writes.
pub(crate) const FRAME_BYTES: u32 = 256 << 10;

/// An address that cannot be listened on or reached.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Not an address.
    #[error(transparent)]
    Address(#[from] AddressParseError),
    /// The address cannot be listened on: it is in use, or not this host's.
    #[error("cannot listen on {address}: {reason}; choose another port, or 0 for any free one")]
    Listen {
        /// The address.
        address: Address,
        /// Why.
        reason: String,
    },
    /// Somebody answers there who is not trusted.
    #[error("{address}: {reason}")]
    Untrusted {
        /// The address.
        address: Address,
        /// Why.
        reason: String,
    },
    /// Nobody answers there.
    #[error("cannot reach {address}: {reason}")]
    Unreachable {
        /// The address.
        address: Address,
        /// Why.
        reason: String,
    },
}
