//! Labels: few, known beforehand, whatever callers say and however many there are.

use tonic::Code;
use turncoat_proto::Role;

use crate::permissions::Rpc;

/// What is called by a path.
pub(super) fn rpc(path: &str) -> &'static str {
    match path {
        "/grpc.health.v1.Health/Check" => "Health.Check",
        "/grpc.health.v1.Health/Watch" => "Health.Watch",
        _ if path.starts_with("/grpc.reflection.v1") => "ServerReflection",
        _ => own_rpc(path).map_or("unknown", Rpc::name),
    }
}

/// The coordinator's own rpc of a path.
pub(super) fn own_rpc(path: &str) -> Option<Rpc> {
    let name = path.strip_prefix("/turncoat.v1.Coordinator/")?;
    Rpc::ALL.into_iter().find(|rpc| rpc.name() == name)
}

/// A role without the number of its party: there may be thousands.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Operator => "operator",
        Role::Coordinator(_) => "coordinator",
        Role::Party(_) => "party",
        Role::Outsider => "outsider",
        Role::Aggregator => "aggregator",
        Role::Challenger => "challenger",
    }
}

/// A code as gRPC writes it.
pub(super) fn code(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_has_one_name() {
        for (path, name) in [
            ("/turncoat.v1.Coordinator/Predict", "Predict"),
            ("/turncoat.v1.Coordinator/PredictShared", "PredictShared"),
            ("/grpc.health.v1.Health/Check", "Health.Check"),
            ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "ServerReflection"),
            ("/turncoat.v1.Coordinator/Predict2", "unknown"),
            ("/turncoat.v1.Party/Fit", "unknown"),
            ("/", "unknown"),
        ] {
            assert_eq!(rpc(path), name, "{path}");
        }
    }
}
