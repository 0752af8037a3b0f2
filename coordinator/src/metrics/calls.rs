//! Calls: how many by rpc, role and code, and how long each of the coordinator's own took.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use turncoat_net::edge::FinishedCall;
use turncoat_proto::Role;

use super::names;

/// Upper ends of the histogram's buckets, in seconds: from a model asked about one record to the longest that a call may take
/// unless a limit is set to more.
const SECONDS: [f64; 16] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 300.0];

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Counts of calls. Clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    ended: Family<Labels<3>, Counter>,
    seconds: Family<Labels<1>, Histogram, fn() -> Histogram>,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self { ended: Family::default(), seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)) }
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("calls", "Calls that have ended, by rpc, role and gRPC code", self.ended.clone());
        registry.register_with_unit(
            "call_duration",
            "From when a call came until its answer, by rpc",
            Unit::Seconds,
            self.seconds.clone(),
        );
    }

    /// Notes a call that has ended.
    pub(crate) fn note(&self, call: &FinishedCall<'_, Role>) {
        let FinishedCall { client, path, code, took } = *call;
        let labels = [("rpc", names::rpc(path)), ("role", names::role(client)), ("code", names::code(code))];
        self.ended.get_or_create(&labels).inc();
        if let Some(rpc) = names::own_rpc(path) {
            self.seconds.get_or_create(&[("rpc", rpc.name())]).observe(took.as_secs_f64());
        }
    }
}
