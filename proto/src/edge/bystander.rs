//! Who is told of what comes to an edge and what becomes of it, for the books.

use std::time::Duration;

use tonic::Code;

use crate::limits::Limit;
use crate::role::Role;

/// Is told of calls. It hears who called what and how that ended, never what was asked or answered.
pub trait Bystander: Send + Sync + 'static {
    /// A limit of the edge refused a call.
    fn refused(&self, client: Role, limit: Limit);

    /// A call was answered, be it with an error; or its caller has gone away.
    fn answered(&self, call: &Answered<'_>) {
        let _ = call;
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// Who called.
    pub client: Role,
    /// What, as its caller wrote it: `/turncoat.v1.Party/Fit`.
    pub path: &'a str,
    /// With what. A stream counts as answered once it begins.
    pub code: Code,
    /// From when the call came until its answer, or until an answer that is a stream began.
    pub took: Duration,
}

/// Whoever is told and does nothing about it.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Bystander for Nobody {
    fn refused(&self, _: Role, _: Limit) {}
}

/// Tells of a call once it is over, however it ends.
pub(super) struct Told<'a> {
    pub(super) bystander: &'a dyn Bystander,
    pub(super) client: Option<Role>,
    pub(super) path: String,
    pub(super) since: tokio::time::Instant,
    /// What is told when nothing else is: nobody waits for the answer any more.
    pub(super) code: Code,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if let Some(client) = self.client {
            let (path, code, took) = (self.path.as_str(), self.code, self.since.elapsed());
            self.bystander.answered(&Answered { client, path, code, took });
        }
    }
}
