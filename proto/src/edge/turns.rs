//! Calls at a time, in three budgets, so that no kind of call keeps the others out: the service's own, questions after its health,
//! and calls that last.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::codegen::http::Request;

use crate::hosting::Standing;
use crate::role::Role;

/// Questions after a service's health at a time.
const CHECKS: usize = 64;
/// Calls that last (`Watch`, reflection) at a time, of all callers together.
const LASTING: usize = 64;

/// The turns that are left.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    own: Arc<Semaphore>,
    checks: Arc<Semaphore>,
    lasting: Arc<Semaphore>,
    most: usize,
}

impl Turns {
    /// So many calls of the service's own.
    pub(super) fn new(concurrent_calls: u32) -> Self {
        let most = concurrent_calls as usize;
        let of = |number| Arc::new(Semaphore::new(number));
        Self { own: of(most), checks: of(CHECKS), lasting: of(LASTING), most }
    }

    /// A turn, or how many there are, all of which are taken. A party may join without one.
    pub(super) fn take<B>(
        &self,
        request: &Request<B>,
        role: Option<Role>,
    ) -> Result<Option<OwnedSemaphorePermit>, usize> {
        let (turns, most) = match Standing::of(request.uri().path()) {
            Standing::Own => (&self.own, self.most),
            Standing::Check => (&self.checks, CHECKS),
            Standing::Lasting => (&self.lasting, LASTING),
        };
        match Arc::clone(turns).try_acquire_owned() {
            Ok(turn) => Ok(Some(turn)),
            Err(_) if comes_in(request, role) => Ok(None),
            Err(_) => Err(most),
        }
    }
}

/// Whether a party is joining: whatever goes on, the federation must be able to come together, and parties are few.
fn comes_in<B>(request: &Request<B>, role: Option<Role>) -> bool {
    matches!(role, Some(Role::Party(_))) && request.uri().path().ends_with("/Join")
}
