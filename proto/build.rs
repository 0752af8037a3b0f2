//! Compiles the wire contract with protox, so no `protoc` is needed on the machine: into Rust, and, with its comments, into the
//! description that services give of themselves.

use std::error::Error;
use std::path::Path;

use protox::Compiler;

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
    let mut compiler = Compiler::new(["."])?;
    compiler.include_source_info(true).include_imports(true).open_files(CONTRACT)?;
    let described = Path::new(&std::env::var("OUT_DIR")?).join("contract.bin");
    std::fs::write(described, compiler.encode_file_descriptor_set())?;
    let contract = compiler.file_descriptor_set();
    // The bytes of a matrix that came are a part of the message that came, and no copy.
    tonic_prost_build::configure()
        .bytes(".turncoat.v1.Records")
        .bytes(".turncoat.v1.Vectors")
        .bytes(".turncoat.v1.RepeatedVectors")
        .codec_path("turncoat_net::codec::PlainCodec")
        .compile_fds(contract)?;
    Ok(())
}
