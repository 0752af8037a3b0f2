//! What a service says of its own health. The service without a name is well from its first moment until it drains: it listens.
//! The one that has a name (`turncoat.v1.Party`) is well while it can be asked what it is there for.

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

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
