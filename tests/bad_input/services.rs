//! Services started by hand with a port, a shard or credentials that will not do.

use std::net::TcpListener;

use ndarray::Array2;
use turncoat_learn::Shard;

use crate::support::{Place, Running, word};

/// Makes the credentials of a federation of `parties`.
pub(crate) fn credentials(place: &Place, parties: &str) {
    place.run(&["credentials", "--parties", parties, "--out", "tokens"]).ok();
}

pub(crate) fn coordinator<'a>(listen: &'a str, parties: &'a str) -> [&'a str; 8] {
    let file = "tokens/coordinator.credentials";
    ["coordinator", "--listen", listen, "--parties", parties, "--insecure", "--credentials", file]
}

/// Starts a party by hand with a small shard.
pub(crate) fn party(place: &Place, number: &str, coordinator: &str, more: &[&str]) -> Running {
    let path = place.path("shard.npz");
    Shard::new(Array2::zeros((4, 2)), vec![0, 1, 0, 1]).unwrap().write(&path).unwrap();
    let tokens = format!("tokens/party-{number}.credentials");
    let who = ["party", "--id", number, "--shard", word(&path), "--insecure", "--credentials", &tokens];
    place.start(&[&who[..], &["--coordinator", coordinator], more].concat())
}

#[test]
fn a_port_in_use_is_said() {
    let place = Place::new();
    credentials(&place, "1");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let says = [&format!("cannot listen on {address}")[..], "choose another port, or 0 for any free one"];
    place.run(&coordinator(&address, "1")).fails(4, &says);
    party(&place, "1", "127.0.0.1:1", &["--listen", &address]).wait().fails(4, &says);
    place.run(&coordinator("nonsense", "1")).fails(2, &["--listen: `nonsense` is no address"]);
}

#[test]
fn a_wrong_shard_or_credentials_file_is_named() {
    let place = Place::new();
    credentials(&place, "2");
    let start = |shard: &str, tokens: &str| {
        let who = ["party", "--id", "1", "--coordinator", "127.0.0.1:1", "--join-timeout-ms", "1"];
        place.run(&[&who[..], &["--shard", shard, "--insecure", "--credentials", tokens]].concat())
    };
    let tokens = "tokens/party-1.credentials";
    start("none.npz", tokens).fails(3, &["cannot read the shard none.npz"]);
    start(tokens, tokens)
        .fails(3, &["tokens/party-1.credentials is not a shard", "an .npz file with x (f32, [n, d])"]);
    let path = place.path("shard.npz");
    Shard::new(Array2::zeros((2, 2)), vec![0, 1]).unwrap().write(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    place.file("cut.npz", &whole[..whole.len() / 2]);
    start("cut.npz", tokens).fails(3, &["cut.npz is not a shard"]);
    start("shard.npz", "tokens/party-2.credentials")
        .fails(2, &["tokens/party-2.credentials: the credentials have no token for party-1"]);
    place.file("bad.credentials", "party-1 0123\n");
    start("shard.npz", "bad.credentials")
        .fails(2, &["bad.credentials, line 1: a token is 64 hexadecimal digits"]);
    start("shard.npz", tokens)
        .fails(4, &["cannot join the federation: coordinator at 127.0.0.1:1", "refused"]);
    let listen =
        ["coordinator", "--parties", "3", "--insecure", "--credentials", "tokens/coordinator.credentials"];
    place
        .run(&listen)
        .fails(2, &["tokens/coordinator.credentials: the credentials have no token for party-3"]);
    place
        .run(&[&listen[..], &["--disclosure", "none"]].concat())
        .fails(2, &["--disclosure", "`open` and `aggregator`"]);
}
