//! Twenty kinds of malformed messages, each made of a sound one by draws from a seed, so that none can be taken for sound.

use rand::{Rng, RngExt};
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::exchange::{Ending, Sent};
use super::services::Rpc;

/// The kinds by name.
pub(super) const KINDS: [&str; 20] = [
    "no message",
    "prefix cut short",
    "message cut short",
    "length beyond any limit",
    "compressed without an encoding",
    "flag that does not exist",
    "encoding that nobody knows",
    "bytes behind the message",
    "random bytes",
    "number without an end",
    "length beyond the message",
    "wire type that does not exist",
    "nested without an end",
    "values that mean nothing",
    "values of the wrong shape",
    "declared sizes that are not there",
    "no role, or another's",
    "unknown path, or no gRPC",
    "broken off",
    "no HTTP/2",
];

/// A message of a kind.
pub(super) fn malformed(kind: usize, rpc: &Rpc, draw: &mut impl Rng) -> Sent {
    let mut sent = rpc.sound();
    let message = &rpc.message;
    match kind {
        0 => sent.body.clear(),
        1 => sent.body = framed(message)[..draw.random_range(1..5)].to_vec(),
        2 => {
            let declared = message.len() + draw.random_range(1..4_000);
            sent.body = with_prefix(0, declared as u32, message);
        }
        3 => sent.body = with_prefix(0, draw.random_range(32 << 20..=u32::MAX), &noise(draw, 40)),
        4 => sent.body = with_prefix(1, message.len() as u32, message),
        5 => sent.body = with_prefix(draw.random_range(2..=255), message.len() as u32, message),
        6 => {
            let names = ["gzip", "zstd", "deflate", "br", "x-nothing", ""];
            let name = HeaderValue::from_static(names[draw.random_range(0..names.len())]);
            sent.headers.insert("grpc-encoding", name);
            sent.body = with_prefix(1, 9, &noise(draw, 9));
        }
        7 => {
            let mut behind = noise(draw, 20);
            behind.insert(0, draw.random_range(2..=255));
            sent.body.extend(behind);
        }
        // A tag of field 0 is no tag, whatever stands before it.
        8 => sent.body = framed(&[&noise_of_fields(draw)[..], &[0, 0], &noise(draw, 30)].concat()),
        9 => sent.body = framed(&[0x80 | draw.random::<u8>(); 11]),
        10 => {
            sent.body =
                framed(&[&[0xfa, 0x01], &varint(draw.random_range(1_000..u64::MAX))[..], b"few"].concat())
        }
        11 => {
            sent.body =
                framed(&[message, &[draw.random_range(1..15) << 3 | draw.random_range(6..8)][..]].concat())
        }
        // Groups of a field that nobody knows, opened again and again.
        12 => sent.body = framed(&[0xa3, 0x06].repeat(draw.random_range(1..2_000))),
        13 => sent.body = framed(&rpc.meaningless(draw)),
        14 => sent.body = framed(&rpc.misshapen(draw)),
        15 => sent.body = framed(&rpc.oversized(draw)),
        16 => unauthenticated(&mut sent, rpc, draw),
        17 if draw.random() => {
            let types =
                ["text/html", "application/json", "application/x-protobuf", "application/grp", "\u{9}"];
            sent.headers.remove("content-type");
            if let Some(&content) = types.get(draw.random_range(0..6)) {
                sent.headers.insert("content-type", HeaderValue::from_static(content));
            }
        }
        17 => {
            let paths = [
                "/",
                "/turncoat.v1.Coordinator",
                "/turncoat.v1.Party/Join",
                "/x/y/z",
                "/turncoat.v2.Party/Fit",
                "/%00/%ff",
            ];
            sent.path = paths[draw.random_range(0..paths.len())].into();
            sent.method = [Method::POST, Method::GET, Method::PUT][draw.random_range(0..3)].clone();
        }
        18 => {
            let cut = draw.random_range(0..sent.body.len());
            sent.body.truncate(cut);
            sent.ending = if draw.random() { Ending::Reset } else { Ending::Dropped };
        }
        _ => {
            sent.ending = Ending::Bare;
            let preface: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
            let starts: [&[u8]; 4] = [b"", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", preface, &preface[..12]];
            let noisy = draw.random_range(1..300);
            sent.body = [starts[draw.random_range(0..4)], &noise(draw, noisy)].concat();
        }
    }
    sent
}

/// A caller whom the service does not know, with whatever headers it likes.
fn unauthenticated(sent: &mut Sent, rpc: &Rpc, draw: &mut impl Rng) {
    let authorization = HeaderName::from_static("authorization");
    match draw.random_range(0..5) {
        0 => drop(sent.headers.remove(authorization)),
        1 => drop(sent.headers.insert(authorization, HeaderValue::from_static("Bearer 00"))),
        2 => {
            let bytes: Vec<u8> = noise(draw, 60).into_iter().map(|byte| byte | 0x80).collect();
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                sent.headers.insert(authorization, value);
            }
        }
        3 => {
            let token = format!("Bearer {}", "f".repeat(64));
            sent.headers.insert(authorization, HeaderValue::from_str(&token).expect("digits are text"));
        }
        _ => {
            sent.headers = HeaderMap::new();
            for number in 0..draw.random_range(1..60) {
                let name =
                    HeaderName::from_bytes(format!("x-{number}").as_bytes()).expect("letters and digits");
                sent.headers.insert(name, HeaderValue::from_static("a value that nobody reads"));
            }
            sent.headers.insert("grpc-timeout", HeaderValue::from_static("soon"));
        }
    }
    sent.body = framed(&rpc.message);
}

/// A message as gRPC frames it.
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    with_prefix(0, message.len() as u32, message)
}

fn with_prefix(flag: u8, length: u32, message: &[u8]) -> Vec<u8> {
    [&[flag][..], &length.to_be_bytes(), message].concat()
}

fn noise(draw: &mut impl Rng, length: usize) -> Vec<u8> {
    (0..length).map(|_| draw.random()).collect()
}

/// Fields that no message has, of bytes that mean nothing.
fn noise_of_fields(draw: &mut impl Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..draw.random_range(0..4) {
        let length = draw.random_range(0..20);
        bytes.extend([0xfa, 0x06, length]);
        bytes.extend(noise(draw, length.into()));
    }
    bytes
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
