//! The standard rpcs: what a service says of its own health, and what it offers.
//!
//! The service without a name is well from its first moment until it drains: it listens. The one that has a name is well while it can
//! be asked what it is there for. Reflection tells clients that know nothing of the contract the service's own rpcs and its health, with
//! their comments.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::Builder;
use tower::util::BoxCloneSyncService;

/// The health of a service of that name.
pub(super) struct Health {
    name: &'static str,
    reporter: HealthReporter,
    ready: watch::Receiver<bool>,
}

impl Health {
    pub(super) async fn of(name: &'static str, ready: watch::Receiver<bool>) -> Self {
        let mut health = Self { name, reporter: HealthReporter::new(), ready };
        health.say().await;
        health
    }

    /// What answers about it.
    pub(super) fn server(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    async fn say(&mut self) {
        let ready = *self.ready.borrow_and_update();
        let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
        self.reporter.set_service_status(self.name, status).await;
    }

    /// Says how it is, whenever that changes. Does not end.
    pub(super) async fn follow(&mut self) {
        while self.ready.changed().await.is_ok() {
            self.say().await;
        }
        // Whoever knew is gone, and with it the service.
        std::future::pending().await
    }

    /// Says that it takes on nothing more; whoever watches is told, and its call ends, so that no drain waits for it.
    pub(super) async fn drain(mut self) {
        for name in ["", self.name] {
            self.reporter.set_service_status(name, ServingStatus::NotServing).await;
            self.reporter.clear_service_status(name).await;
        }
    }
}

/// A service of somebody else's making, with its type forgotten.
pub(super) type Standard = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// The reflection of a service that takes messages of so many bytes, of today and the older one. Reading the contract takes a
/// millisecond and some 200 kB, so it is read once for all services of a kind, of which a process may hold thousands.
pub(super) fn reflection(
    descriptors: &'static [u8],
    name: &'static str,
    message_bytes: usize,
) -> (Standard, Standard) {
    type Made = BTreeMap<(&'static str, usize), (Standard, Standard)>;
    static MADE: Mutex<Made> = Mutex::new(Made::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((name, message_bytes)).or_insert_with(|| make(descriptors, name, message_bytes)).clone()
}

fn make(descriptors: &'static [u8], name: &'static str, message_bytes: usize) -> (Standard, Standard) {
    let builder = || {
        Builder::configure()
            .register_encoded_file_descriptor_set(descriptors)
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
