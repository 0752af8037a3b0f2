//! Messages and services as prost and tonic generate them from `turncoat/v1/*.proto`, unchecked (see `convert`), and which contract
//! that is. Two processes work together when both its name and its revision are the same.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

tonic::include_proto!("turncoat.v1");

/// Name of the contract: the protobuf package.
pub const PROTOCOL: &str = "turncoat.v1";

/// Revision of the contract. Goes up whenever an old peer could misread a new one.
pub const REVISION: u32 = 4;
