//! Compiles the wire contract with protox, so no `protoc` is needed on the machine.

use std::error::Error;

const CONTRACT: [&str; 4] = [
    "turncoat/v1/types.proto",
    "turncoat/v1/party.proto",
    "turncoat/v1/coordinator.proto",
    "turncoat/v1/adversary.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    for file in CONTRACT {
        println!("cargo:rerun-if-changed={file}");
    }
    let contract = protox::compile(CONTRACT, ["."])?;
    tonic_prost_build::configure().codec_path("crate::codec::PlainCodec").compile_fds(contract)?;
    Ok(())
}
