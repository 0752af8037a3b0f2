//! Messages and services as prost and tonic generate them from `turncoat/v1/*.proto`. Unchecked: see `convert`.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

tonic::include_proto!("turncoat.v1");
