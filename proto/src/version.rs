//! Which contract a process speaks. Two processes work together when both the name and the revision are the same.

/// Name of the contract: the protobuf package.
pub const PROTOCOL: &str = "turncoat.v1";

/// Revision of the contract. Goes up whenever an old peer could misread a new one.
pub const REVISION: u32 = 3;
