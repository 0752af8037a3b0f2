//! A collector: keeps every span that it is sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use tokio::runtime::Runtime;
use tonic::{Request, Response, Status};
use turncoat_net::edge::EdgeLimits;
use turncoat_net::{Listener, server};

/// A span, and the service that it is of.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) service: String,
    pub(crate) span: Span,
}

impl Received {
    pub(crate) fn is(&self, name: &str, kind: SpanKind) -> bool {
        self.span.name == name && self.span.kind() == kind
    }

    /// An attribute as a number.
    pub(crate) fn number(&self, key: &str) -> i64 {
        match value(&self.span.attributes, key) {
            Some(any_value::Value::IntValue(number)) => number,
            other => panic!("{key} is {other:?} in {:?}", self.span),
        }
    }

    pub(crate) fn text(&self, key: &str) -> String {
        match value(&self.span.attributes, key) {
            Some(any_value::Value::StringValue(text)) => text,
            other => panic!("{key} is {other:?} in {:?}", self.span),
        }
    }
}

fn value(attributes: &[KeyValue], key: &str) -> Option<any_value::Value> {
    attributes.iter().find(|attribute| attribute.key == key)?.value.clone()?.value
}

/// A running collector.
pub(crate) struct Collector {
    _runtime: Runtime,
    pub(crate) endpoint: String,
    spans: Arc<Mutex<Vec<Received>>>,
}

struct Keep(Arc<Mutex<Vec<Received>>>);

#[tonic::async_trait]
impl TraceService for Keep {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for group in request.into_inner().resource_spans {
            let attributes = group.resource.unwrap_or_default().attributes;
            let Some(any_value::Value::StringValue(service)) = value(&attributes, "service.name") else {
                return Err(Status::invalid_argument("whose are they?"));
            };
            let spans = group.scope_spans.into_iter().flat_map(|scope| scope.spans);
            self.0.lock().unwrap().extend(spans.map(|span| Received { service: service.clone(), span }));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(Listener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("http://{}", listener.address());
        let spans = Arc::default();
        let service = TraceServiceServer::new(Keep(Arc::clone(&spans)));
        let serving = server::run(
            EdgeLimits::default(),
            service,
            listener,
            None,
            std::future::pending(),
            Duration::ZERO,
        );
        runtime.spawn(serving);
        Self { _runtime: runtime, endpoint, spans }
    }

    /// What came so far.
    pub(crate) fn spans(&self) -> Vec<Received> {
        self.spans.lock().unwrap().clone()
    }
}
