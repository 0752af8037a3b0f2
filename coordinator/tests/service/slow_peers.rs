//! Callers that send slowly, do not take their answer, or say nothing, over sockets: they lose their call or their connection,
//! and hold up nobody meanwhile.

use h2::client::{Connection, SendRequest};
use ndarray::Array2;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tonic::codegen::{Bytes, http};
use turncoat_proto::{Limit, Limits, Role};

use crate::fake::Hub;
use crate::limits::{account, under};

/// One turn in all, so that whoever held it would hold up everybody.
fn tight() -> Limits {
    Limits { concurrent_calls: 1, request_ms: 150, stalled_ms: 150, ..Limits::default() }
}

async fn tcp(hub: &Hub) -> TcpStream {
    TcpStream::connect(hub.address.to_string()).await.unwrap()
}

fn question(hub: &Hub) -> http::Request<()> {
    let bearer = format!("Bearer {}", hub.credentials.token(Role::Outsider).unwrap().reveal());
    http::Request::post("http://turncoat/turncoat.v1.Coordinator/Predict")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", bearer)
        .body(())
        .unwrap()
}

/// A question about so many records of three features, as gRPC frames it.
fn framed(rows: usize) -> Bytes {
    use turncoat_proto::wire;
    let records = wire::Records::of(3, &vec![0.5; 3 * rows]);
    let message =
        prost::Message::encode_to_vec(&wire::PredictRequest { records: Some(records), announced: 0 });
    let mut bytes = vec![0];
    bytes.extend_from_slice(&(message.len() as u32).to_be_bytes());
    bytes.extend_from_slice(&message);
    bytes.into()
}

/// Asks again until there is a turn.
async fn served_in_the_end(hub: &Hub) {
    loop {
        let outsider = hub.client(Role::Outsider).await;
        if outsider.predict(Array2::zeros((1, 3)).view()).await.is_ok() {
            return;
        }
    }
}

#[tokio::test]
async fn a_slow_sender_is_refused_and_gives_its_turn_back() {
    let (hub, fake) = under(tight()).await;
    let (mut send, connection): (SendRequest<Bytes>, _) =
        h2::client::handshake(tcp(&hub).await).await.unwrap();
    let driver = tokio::spawn(connection);
    let (answer, mut body) = send.send_request(question(&hub), false).unwrap();
    body.send_data(framed(1).slice(..7), false).unwrap();
    let answer = answer.await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "4", "DEADLINE_EXCEEDED");
    let reported = answer.headers()["grpc-message"].to_str().unwrap().replace("%20", " ");
    assert_eq!(reported, "request_ms: the call had not arrived within 150 ms");
    served_in_the_end(&hub).await;
    // On a busy machine calls of ours may be late too, so that these are the fewest.
    assert!(!fake.requested().is_empty());
    let reported = account(&hub, Role::Outsider).await;
    assert!(reported.refused[&Limit::RequestMs].calls >= 1 && reported.asked >= 1);
    driver.abort();
}

#[tokio::test]
async fn who_gives_no_room_for_the_answer_is_cut_off() {
    let (hub, fake) = under(tight()).await;
    let mut builder = h2::client::Builder::new();
    let handshake = builder.initial_window_size(0).handshake(tcp(&hub).await);
    let (mut send, connection): (SendRequest<Bytes>, Connection<_, _>) = handshake.await.unwrap();
    let driver = tokio::spawn(connection);
    let (answer, mut body) = send.send_request(question(&hub), false).unwrap();
    body.send_data(framed(4), true).unwrap();
    let answer = answer.await.unwrap();
    assert!(!answer.headers().contains_key("grpc-status"), "it is an answer");
    // The server ends the connection, which this side, who still holds its end, never asked for.
    let _ = driver.await.unwrap();
    assert!(send.ready().await.is_err());
    served_in_the_end(&hub).await;
    assert!(fake.requested().len() >= 2);
}

#[tokio::test]
async fn who_does_not_read_is_cut_off() {
    let (hub, fake) = under(Limits { request_ms: 60_000, ..tight() }).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(hub.address.to_string().parse().unwrap()).await.unwrap();
    let window = (1 << 31) - 1;
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(window).initial_connection_window_size(window).max_frame_size(16_777_215);
    let (mut send, mut connection): (SendRequest<Bytes>, Connection<_, _>) =
        builder.handshake(stream).await.unwrap();
    // 15 MiB of answer, far beyond what the system takes off the server's hands.
    let (_answer, mut body) = send.send_request(question(&hub), false).unwrap();
    body.send_data(framed(1_000_000), true).unwrap();
    let until_asked = async {
        while fake.requested().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = &mut connection => panic!("{result:?}"),
        () = until_asked => {}
    }
    // From here on nobody reads, and the connection stays open on this side: the turn comes back because the server cuts it.
    served_in_the_end(&hub).await;
    drop(connection);
}

/// Reads to the end, which comes from the other side.
async fn ends(mut stream: TcpStream) {
    let mut bytes = [0; 4_096];
    loop {
        match stream.read(&mut bytes).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

#[tokio::test]
async fn who_says_nothing_or_gives_no_sign_of_life_is_cut_off() {
    let limits = Limits { keep_alive_ms: 250, ..Limits::default() };
    let (hub, _) = under(limits).await;
    ends(tcp(&hub).await).await;
    let mut half = tcp(&hub).await;
    half.write_all(b"PRI * HTTP/2.0").await.unwrap();
    ends(half).await;
    // Opens as HTTP/2 does, with empty settings, and then answers nothing.
    let mut dead = tcp(&hub).await;
    dead.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    ends(dead).await;
    // Who answers is kept, and may be silent for longer than that.
    let outsider = hub.client(Role::Outsider).await;
    ends(tcp(&hub).await).await;
    ends(tcp(&hub).await).await;
    ends(tcp(&hub).await).await;
    outsider.predict(Array2::zeros((1, 3)).view()).await.unwrap();
}
