//! Permits for calls, in three budgets, so that no kind of call keeps the others out: the service's own calls, checks of its health,
//! and calls that last.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::contract::Contract;

const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// Checks of a service's health at a time.
const CHECKS: usize = 64;
/// Calls that last (`Watch`, reflection) at a time, of all callers together.
const LASTING: usize = 64;

/// What a call is to the budgets of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    /// One of the service's own.
    Own,
    /// A question after its health, which is answered however much there is to do.
    Check,
    /// One that lasts as long as its caller likes.
    Lasting,
}

impl CallKind {
    /// Of the path of a call.
    pub(super) fn of(path: &str) -> Self {
        match path {
            WATCH => Self::Lasting,
            _ if path.starts_with("/grpc.health.") => Self::Check,
            _ if path.starts_with("/grpc.reflection.") => Self::Lasting,
            _ => Self::Own,
        }
    }
}

/// The permits that are left.
#[derive(Clone, Debug)]
pub(super) struct Permits {
    own: Arc<Semaphore>,
    checks: Arc<Semaphore>,
    lasting: Arc<Semaphore>,
    most: usize,
}

impl Permits {
    /// So many for calls of the service's own.
    pub(super) fn new(concurrent_calls: u32) -> Self {
        let most = concurrent_calls as usize;
        let of = |number| Arc::new(Semaphore::new(number));
        Self { own: of(most), checks: of(CHECKS), lasting: of(LASTING), most }
    }

    /// A permit, or how many there are, all of which are taken. What the contract exempts needs none.
    pub(super) fn take<C: Contract>(
        &self,
        path: &str,
        role: Option<C::Role>,
    ) -> Result<Option<OwnedSemaphorePermit>, usize> {
        let (permits, most) = match CallKind::of(path) {
            CallKind::Own => (&self.own, self.most),
            CallKind::Check => (&self.checks, CHECKS),
            CallKind::Lasting => (&self.lasting, LASTING),
        };
        match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => Ok(Some(permit)),
            Err(_) if role.is_some_and(|role| C::is_exempt(role, path)) => Ok(None),
            Err(_) => Err(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_what_a_call_is() {
        for (path, kind) in [
            ("/turncoat.v1.Party/Fit", CallKind::Own),
            ("/grpc.health.v1.Health/Check", CallKind::Check),
            ("/grpc.health.v1.Health/List", CallKind::Check),
            ("/grpc.health.v1.Health/Watch", CallKind::Lasting),
            ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", CallKind::Lasting),
            ("/grpc.healthy/Predict", CallKind::Own),
            ("", CallKind::Own),
        ] {
            assert_eq!(CallKind::of(path), kind, "{path}");
        }
    }
}
