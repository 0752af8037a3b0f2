//! One exchange over a real socket, as raw HTTP/2 or as bare bytes: whatever is sent, something comes back in time.

use std::time::Duration;

use h2::client::SendRequest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::codegen::Bytes;
use tonic::codegen::http::{HeaderMap, Method, Request};

/// Longer than any answer takes on a busy machine; only a hang reaches it.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What is sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) ending: Ending,
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The stream is closed behind the body, as it should be.
    Closed,
    /// The stream is reset behind the body.
    Reset,
    /// The connection is dropped behind the body.
    Dropped,
    /// The body is all there is: no HTTP/2, bare bytes on the socket.
    Bare,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// A status of gRPC.
    Status(i32, String),
    /// A status of HTTP and none of gRPC.
    Http(u16),
    /// The stream was reset, or the connection closed: no answer.
    Nothing,
    /// Nothing, in all the time there is.
    Hang,
}

/// A connection that is made again when it is gone.
pub(super) struct Line {
    address: String,
    sender: Option<SendRequest<Bytes>>,
}

impl Line {
    pub(super) fn to(address: &str) -> Self {
        Self { address: address.into(), sender: None }
    }

    async fn sender(&mut self) -> SendRequest<Bytes> {
        if let Some(sender) = self.sender.take()
            && let Ok(Ok(ready)) = tokio::time::timeout(TIMEOUT, sender.ready()).await
        {
            return ready;
        }
        let stream = TcpStream::connect(&self.address).await.expect("the server is up");
        let (sender, connection) = h2::client::handshake(stream).await.expect("the server speaks HTTP/2");
        tokio::spawn(connection);
        sender.ready().await.expect("a fresh connection takes a call")
    }

    /// Sends, and waits for what comes back.
    pub(super) async fn exchange(&mut self, sent: &Sent) -> Came {
        match tokio::time::timeout(TIMEOUT, self.attempt(sent)).await {
            Ok(came) => came.unwrap_or(Came::Nothing),
            Err(_) => Came::Hang,
        }
    }

    async fn attempt(&mut self, sent: &Sent) -> Option<Came> {
        if sent.ending == Ending::Bare {
            return bare(&self.address, &sent.body).await;
        }
        let mut sender = self.sender().await;
        let mut request = Request::builder()
            .method(sent.method.clone())
            .uri(format!("http://{}{}", self.address, sent.path))
            .body(())
            .ok()?;
        *request.headers_mut() = sent.headers.clone();
        let (response, mut stream) = sender.send_request(request, false).ok()?;
        self.sender = Some(sender);
        // A server that has answered already need not take the rest.
        let _ = stream.send_data(sent.body.clone().into(), sent.ending == Ending::Closed);
        match sent.ending {
            Ending::Reset => {
                tokio::task::yield_now().await;
                stream.send_reset(h2::Reason::CANCEL);
            }
            Ending::Dropped => {
                tokio::task::yield_now().await;
                self.sender = None;
                return None;
            }
            _ => {}
        }
        let response = response.await.ok()?;
        let http = response.status().as_u16();
        if let Some(status) = status(response.headers()) {
            return Some(status);
        }
        let mut body = response.into_body();
        while let Some(part) = body.data().await {
            let part = part.ok()?;
            let _ = body.flow_control().release_capacity(part.len());
        }
        let trailers = body.trailers().await.ok()?;
        Some(trailers.as_ref().and_then(status).unwrap_or(Came::Http(http)))
    }
}

fn status(headers: &HeaderMap) -> Option<Came> {
    let code = headers.get("grpc-status")?.to_str().ok()?.parse().ok()?;
    let message =
        headers.get("grpc-message").map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
    Some(Came::Status(code, message.unwrap_or_default()))
}

/// Bare bytes: the server may say what it likes, and hangs up.
async fn bare(address: &str, bytes: &[u8]) -> Option<Came> {
    let mut stream = TcpStream::connect(address).await.expect("the server is up");
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said).await;
    None
}
