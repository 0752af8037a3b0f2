//! Who is told of what comes to an edge and what becomes of it.

use std::time::Duration;

use tokio::time::Instant;
use tonic::Code;

use super::contract::EdgeLimit;

/// Is told of calls by callers of the role `R`. It hears who called what and how that ended, never what was requested or answered.
pub trait CallObserver<R>: Send + Sync + 'static {
    /// A limit of the edge refused a call.
    fn refused(&self, client: R, limit: EdgeLimit);

    /// A call has its response, be it an error; or its caller has gone away.
    fn finished(&self, call: &FinishedCall<'_, R>) {
        let _ = call;
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub struct FinishedCall<'a, R> {
    /// Who called.
    pub client: R,
    /// What, as its caller wrote it: `/package.Service/Method`.
    pub path: &'a str,
    /// With what. A stream counts as finished once it begins.
    pub code: Code,
    /// From when the call came until its response, or until a response that is a stream began.
    pub took: Duration,
}

/// An observer that does nothing.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl<R> CallObserver<R> for Unobserved {
    fn refused(&self, _: R, _: EdgeLimit) {}
}

/// Tells of a call once it is over, however it ends.
pub(super) struct ObservedCall<'a, R: Copy + 'static> {
    pub(super) observer: &'a dyn CallObserver<R>,
    pub(super) client: Option<R>,
    pub(super) path: String,
    pub(super) since: Instant,
    /// What is told when nothing else is: nobody waits for the response any more.
    pub(super) code: Code,
}

impl<R: Copy + 'static> Drop for ObservedCall<'_, R> {
    fn drop(&mut self) {
        if let Some(client) = self.client {
            let (path, code, took) = (self.path.as_str(), self.code, self.since.elapsed());
            self.observer.finished(&FinishedCall { client, path, code, took });
        }
    }
}
