//! Traces by OpenTelemetry: one query can be followed from its client through the coordinator to the parties, whichever processes
//! they are. Spans go to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names (gRPC, plain: `http://localhost:4317`); without
//! it nothing happens. The other variables of the standard (`OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_...`) hold too.
//!
//! Nothing here reaches a figure: a context travels in the header `traceparent` of a call, beside the message.

use std::fmt;
use std::time::Duration;

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanKind, Status, TracerProvider};
use opentelemetry::{KeyValue, Value};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter as OtlpExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use tokio::runtime::{Builder, Runtime};
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue};
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::{Layer, Registry};
use turncoat_net::trace_context::{Carrier, carry_with};

use crate::adversary::AdversarySpec;
use crate::cli::Command;
use crate::logs;

/// How long the end of a process may be put off for spans that are still here, whatever has become of the collector.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// What sends spans away, if anything does. Dropped, it sends those that are still here, for a moment.
pub(crate) struct Traces {
    sending: Option<Sending>,
    /// Why nothing is sent although it was asked for.
    failure: Option<TracesError>,
}

struct Sending {
    provider: SdkTracerProvider,
    /// On which the exporter's connection lives.
    runtime: Runtime,
}

/// Traces that could not be begun.
#[derive(Debug, thiserror::Error)]
enum TracesError {
    #[error("no thread to send them from: {0}")]
    Thread(#[from] std::io::Error),
    #[error(transparent)]
    Exporter(#[from] ExporterBuildError),
}

type Spans = Box<dyn Layer<Registry> + Send + Sync>;

impl Traces {
    /// Begins to send the spans of a process, if a collector is named.
    pub(crate) fn begin(command: &Command) -> (Self, Option<Spans>) {
        // A guard does nothing that could be followed.
        if !logs::collector_is_named() || matches!(command, Command::Guard(_)) {
            return (Self { sending: None, failure: None }, None);
        }
        match Sending::begin(service_name(command)) {
            Ok((sending, spans)) => (Self { sending: Some(sending), failure: None }, Some(spans)),
            Err(error) => (Self { sending: None, failure: Some(error) }, None),
        }
    }

    /// Says so where it could not begin.
    pub(crate) fn tell(&self) {
        if let Some(error) = &self.failure {
            tracing::warn!(%error, "no traces are sent");
        }
    }
}

impl Sending {
    fn begin(name: String) -> Result<(Self, Spans), TracesError> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let entered = runtime.enter();
        let exporter = Named(OtlpExporter::builder().with_tonic().build()?);
        let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
            Some(_) => Resource::builder(),
            None => Resource::builder().with_service_name(name),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        drop(entered);
        let spans = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("turncoat"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        carry_with(TraceParent(TraceContextPropagator::new()));
        // Only what is ours: the exporter's own calls would be traced for ever.
        let ours = Targets::new().with_target("turncoat", Level::INFO);
        Ok((Self { provider, runtime }, spans.with_filter(ours).boxed()))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(Sending { provider, runtime }) = self.sending.take() {
            // A collector that is away is no reason to fail, or to stay.
            let _ = provider.shutdown_with_timeout(FLUSH_TIMEOUT);
            runtime.shutdown_background();
        }
    }
}

/// What traces call this process, unless `OTEL_SERVICE_NAME` does.
fn service_name(command: &Command) -> String {
    match command {
        Command::Coordinator(_) => "turncoat-coordinator".into(),
        Command::Party(args) => format!("turncoat-party-{}", args.id),
        Command::Adversary(args) => match AdversarySpec::read(&args.spec) {
            Ok(spec) => format!("turncoat-adversary-{}", spec.stands),
            // Which it will complain about itself.
            Err(_) => "turncoat-adversary".into(),
        },
        Command::Ask(_) => "turncoat-ask".into(),
        _ => "turncoat".into(),
    }
}

/// Calls carry their context as W3C Trace Context has it.
struct TraceParent(TraceContextPropagator);

impl Carrier for TraceParent {
    fn inject(&self, span: &Span, headers: &mut HeaderMap) {
        self.0.inject_context(&span.context(), &mut Headers(headers));
    }

    fn extract(&self, headers: &HeaderMap, span: &Span) {
        // A span that is not traced has no parent.
        let _ = span.set_parent(self.0.extract(&Heard(headers)));
    }
}

struct Headers<'a>(&'a mut HeaderMap);

impl Injector for Headers<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

struct Heard<'a>(&'a HeaderMap);

impl Extractor for Heard<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// Gives spans of calls the names and attributes that the conventions for RPC have for them.
struct Named(OtlpExporter);

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Named")
    }
}

impl SpanExporter for Named {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(by_convention);
        self.0.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// A span `rpc` is a call that was answered, one `call` a call that was made; the attribute `rpc` says which.
fn by_convention(span: &mut SpanData) {
    span.span_kind = match &*span.name {
        "rpc" => SpanKind::Server,
        "call" => SpanKind::Client,
        _ => return,
    };
    // Counts come as text: the standard knows no unsigned numbers.
    for attribute in &mut span.attributes {
        if matches!(attribute.key.as_str(), "first_query" | "rows")
            && let Ok(count) = attribute.value.as_str().parse::<i64>()
        {
            attribute.value = Value::I64(count);
        }
    }
    let take = |span: &mut SpanData, key: &str| {
        let place = span.attributes.iter().position(|attribute| attribute.key.as_str() == key)?;
        Some(span.attributes.remove(place).value.to_string())
    };
    if let Some(code) = take(span, "code") {
        span.status = Status::error(code);
    }
    if let Some(rpc) = take(span, "rpc") {
        let (service, method) = rpc.split_once('/').unwrap_or((&rpc, ""));
        let (service, method) = (service.to_owned(), method.to_owned());
        span.attributes.extend([
            KeyValue::new("rpc.system", "grpc"),
            KeyValue::new("rpc.service", service),
            KeyValue::new("rpc.method", method),
        ]);
        span.name = rpc.into();
    }
}
