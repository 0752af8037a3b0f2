//! What a service offers, for clients that know nothing of our contract: its own rpcs and its health, with our comments. The
//! contract is the one that this very build was made from.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic_reflection::server::Builder;
use tower::util::BoxCloneSyncService;

/// The compiled contract, with its comments.
const CONTRACT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/contract.bin"));

/// A service of somebody else's making, with its type forgotten.
pub(super) type Standard = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// The reflection of a service that takes messages of so many bytes, of today and the older one. Reading the contract takes a
/// millisecond and some 200 kB, so it is read once for all services of a kind, of which a process may hold thousands.
pub(super) fn reflection(name: &'static str, message_bytes: usize) -> (Standard, Standard) {
    type Made = BTreeMap<(&'static str, usize), (Standard, Standard)>;
    static MADE: Mutex<Made> = Mutex::new(Made::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((name, message_bytes)).or_insert_with(|| make(name, message_bytes)).clone()
}

fn make(name: &'static str, message_bytes: usize) -> (Standard, Standard) {
    let builder = || {
        Builder::configure()
            .register_encoded_file_descriptor_set(CONTRACT)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .include_reflection_service(false)
            .with_service_name(name)
            .with_service_name(tonic_health::pb::health_server::SERVICE_NAME)
    };
    let invariant = "the contract was compiled when this was built";
    let today = builder().build_v1().expect(invariant).max_decoding_message_size(message_bytes);
    let older = builder().build_v1alpha().expect(invariant).max_decoding_message_size(message_bytes);
    (Standard::new(today), Standard::new(older))
}
