//! Where the context of a trace gets on and off: each call leaves with the context of its span in its headers, and is answered in a
//! span that goes on from there. How it is written is not decided here: without a [`Carrier`], nothing is.

use std::sync::OnceLock;

use tonic::codegen::http::HeaderMap;
use tracing::Span;

/// Writes the context of a span into headers, and reads it from them.
pub trait Carrier: Send + Sync + 'static {
    /// A call leaves, in that span.
    fn inject(&self, span: &Span, headers: &mut HeaderMap);

    /// A call has come, and is about to be answered in that span.
    fn extract(&self, headers: &HeaderMap, span: &Span);
}

/// That of this process, like its subscriber.
static CARRIER: OnceLock<Box<dyn Carrier>> = OnceLock::new();

/// From now on contexts travel with calls. Whether it is the first carrier; another one changes nothing.
pub fn carry_with(carrier: impl Carrier) -> bool {
    CARRIER.set(Box::new(carrier)).is_ok()
}

pub(crate) fn inject(span: &Span, headers: &mut HeaderMap) {
    if let Some(carrier) = CARRIER.get() {
        carrier.inject(span, headers);
    }
}

pub(crate) fn extract(headers: &HeaderMap, span: &Span) {
    if let Some(carrier) = CARRIER.get() {
        carrier.extract(headers, span);
    }
}
