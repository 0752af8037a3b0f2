//! An accepted connection: a pipe, plain or under TLS, that is cut when its peer says nothing at all to begin with, takes nothing that is
//! written, when somebody who holds its [`Hangup`] says so, or at the end of a drain.
//!
//! Once it is cut, reading fails, HTTP/2 gives the connection up, and the calls on it are dropped.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::Sleep;
use tonic::transport::server::Connected;

use crate::identity::PeerName;
use crate::pipe::Pipe;

/// Bytes with which every HTTP/2 client opens.
const PREFACE: u64 = 24;

/// Cuts one connection. Clones cut the same one.
#[derive(Clone, Debug)]
pub(crate) struct Hangup(Arc<watch::Sender<bool>>);

impl Hangup {
    /// Cuts it.
    pub(crate) fn cut(&self) {
        self.0.send_replace(true);
    }
}

/// What every request of a connection carries: whom its peer's certificate names, if it has shown one, and how to cut it.
#[derive(Clone, Debug)]
pub(crate) struct PeerInfo {
    pub(crate) name: Option<PeerName>,
    pub(crate) hangup: Hangup,
}

/// When connections of a service are cut.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionOptions {
    /// When the peer has not said anything by then.
    pub(crate) silent: Duration,
    /// When the peer has not taken what is written for so long.
    pub(crate) stalled: Duration,
    /// When this becomes true.
    pub(crate) cut: watch::Receiver<bool>,
}

/// An accepted connection.
pub(crate) struct Connection {
    pipe: Pipe,
    info: PeerInfo,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Until the peer has said something.
    silence: Option<Pin<Box<Sleep>>>,
    heard: u64,
    stalled: Duration,
    /// While the peer does not take what is written.
    stall: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    pub(super) fn new(pipe: Pipe, name: Option<PeerName>, options: &ConnectionOptions) -> Self {
        let (sender, mut hung_up) = watch::channel(false);
        let mut all_cut = options.cut.clone();
        let cut = async move {
            // That of whom nobody is left who could say so: the server is gone, while the connection itself holds a hangup.
            tokio::select! {
                _ = hung_up.wait_for(|&cut| cut) => {}
                _ = all_cut.wait_for(|&cut| cut) => {}
            }
        };
        Self {
            pipe,
            info: PeerInfo { name, hangup: Hangup(Arc::new(sender)) },
            cut: Box::pin(cut),
            silence: Some(Box::pin(tokio::time::sleep(options.silent))),
            heard: 0,
            stalled: options.stalled,
            stall: None,
        }
    }

    /// Passes a write on, and lets no peer leave it pending too long.
    fn poll_taken<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut Pipe>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let polled = write(Pin::new(&mut self.pipe), cx);
        if polled.is_ready() {
            self.stall = None;
            return polled;
        }
        let stalled = self.stalled;
        let stall = self.stall.get_or_insert_with(|| Box::pin(tokio::time::sleep(stalled)));
        match stall.as_mut().poll(cx) {
            Poll::Ready(()) => {
                let stalled_ms = stalled.as_millis() as u64;
                tracing::info!(stalled_ms, "a connection is cut whose peer does not read");
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Connected for Connection {
    type ConnectInfo = PeerInfo;

    fn connect_info(&self) -> PeerInfo {
        self.info.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.cut.as_mut().poll(cx).is_ready() {
            self.cut = Box::pin(std::future::ready(()));
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.pipe).poll_read(cx, buffer);
        if self.silence.is_some() {
            self.heard += (buffer.filled().len() - before) as u64;
            if self.heard >= PREFACE {
                self.silence = None;
            }
        }
        match (&mut self.silence, polled) {
            (Some(silence), Poll::Pending) => match silence.as_mut().poll(cx) {
                Poll::Ready(()) => {
                    tracing::info!("a connection is cut whose peer says nothing");
                    Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer says nothing")))
                }
                Poll::Pending => Poll::Pending,
            },
            (_, polled) => polled,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_taken(cx, |pipe, cx| pipe.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_taken(cx, |pipe, cx| pipe.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.pipe.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_taken(cx, |pipe, cx| pipe.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_taken(cx, |pipe, cx| pipe.poll_shutdown(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// The far end, the connection, and what cuts all.
    fn connection(buffer: usize) -> (DuplexStream, Connection, watch::Sender<bool>) {
        let (far, near) = duplex(buffer);
        let (cut_all, cut) = watch::channel(false);
        let (silent, stalled) = (Duration::from_secs(20), Duration::from_secs(60));
        let options = ConnectionOptions { silent, stalled, cut };
        (far, Connection::new(Pipe::new(near), None, &options), cut_all)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_read_is_cut_and_one_that_reads_slowly_is_not() {
        let (mut far, mut near, _all) = connection(8);
        let slow = async {
            for _ in 0..4 {
                tokio::time::sleep(Duration::from_secs(59)).await;
                far.read_exact(&mut [0; 8]).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(near.write_all(&[0; 40]), slow);
        written.unwrap();
        let error = near.write_all(&[0; 16]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "the peer does not read");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_must_open_with_something_and_may_be_silent_then() {
        let (mut far, mut near, _all) = connection(64);
        far.write_all(&[0; 23]).await.unwrap();
        near.read_exact(&mut [0; 23]).await.unwrap();
        let error = near.read_u8().await.unwrap_err();
        assert_eq!(error.to_string(), "the peer says nothing");
        let (mut far, mut near, _all) = connection(64);
        far.write_all(&[0; 24]).await.unwrap();
        near.read_exact(&mut [0; 24]).await.unwrap();
        let late = async {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            far.write_u8(7).await.unwrap();
        };
        assert_eq!(tokio::join!(near.read_u8(), late).0.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_hangup_and_the_end_of_a_drain_end_the_connection() {
        let (_far, mut near, _all) = connection(64);
        let hangup = near.connect_info().hangup;
        let cut = async { hangup.cut() };
        let error = tokio::join!(near.read_u8(), cut).0.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        let (_far, mut near, cut_all) = connection(64);
        let cut = async { cut_all.send_replace(true) };
        let error = tokio::join!(near.read_u8(), cut).0.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }
}
