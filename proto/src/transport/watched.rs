//! A connection under watch: cut when its peer says nothing at all to begin with, takes nothing that is written, or when somebody
//! who holds its [`Hangup`] says so.

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

/// What requests on a watched connection carry: what the connection tells of its peer, and how to cut it.
#[derive(Clone, Debug)]
pub(crate) struct Contact<P> {
    pub(crate) peer: P,
    pub(crate) hangup: Hangup,
}

/// A connection under watch.
pub(crate) struct Watched<C> {
    connection: C,
    hangup: Hangup,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Until the peer has said something.
    silence: Option<Pin<Box<Sleep>>>,
    heard: u64,
    stalled: Duration,
    /// While the peer does not take what is written.
    stall: Option<Pin<Box<Sleep>>>,
}

impl<C: Unpin> Watched<C> {
    pub(crate) fn new(connection: C, silence: Duration, stalled: Duration) -> Self {
        let (sender, mut cutting) = watch::channel(false);
        let cut = async move {
            if cutting.wait_for(|&cut| cut).await.is_err() {
                // Whoever could have cut it is gone; the connection holds one of them itself.
                std::future::pending::<()>().await;
            }
        };
        Self {
            connection,
            hangup: Hangup(Arc::new(sender)),
            cut: Box::pin(cut),
            silence: Some(Box::pin(tokio::time::sleep(silence))),
            heard: 0,
            stalled,
            stall: None,
        }
    }

    /// Passes a write on, and lets no peer leave it pending too long.
    fn poll_taken<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut C>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let polled = write(Pin::new(&mut self.connection), cx);
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

impl<C: Connected> Connected for Watched<C> {
    type ConnectInfo = Contact<C::ConnectInfo>;

    fn connect_info(&self) -> Self::ConnectInfo {
        Contact { peer: self.connection.connect_info(), hangup: self.hangup.clone() }
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Watched<C> {
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
        let polled = Pin::new(&mut self.connection).poll_read(cx, buffer);
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

impl<C: AsyncWrite + Unpin> AsyncWrite for Watched<C> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_taken(cx, |connection, cx| connection.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_taken(cx, |connection, cx| connection.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_taken(cx, |connection, cx| connection.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_taken(cx, |connection, cx| connection.poll_shutdown(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    fn watched(buffer: usize) -> (DuplexStream, Watched<DuplexStream>) {
        let (far, near) = duplex(buffer);
        (far, Watched::new(near, Duration::from_secs(20), Duration::from_secs(60)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_read_is_cut_and_one_that_reads_slowly_is_not() {
        let (mut far, mut near) = watched(8);
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
        let (mut far, mut near) = watched(64);
        far.write_all(&[0; 23]).await.unwrap();
        near.read_exact(&mut [0; 23]).await.unwrap();
        let error = near.read_u8().await.unwrap_err();
        assert_eq!(error.to_string(), "the peer says nothing");
        let (mut far, mut near) = watched(64);
        far.write_all(&[0; 24]).await.unwrap();
        near.read_exact(&mut [0; 24]).await.unwrap();
        let late = async {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            far.write_u8(7).await.unwrap();
        };
        assert_eq!(tokio::join!(near.read_u8(), late).0.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_hangup_ends_the_connection() {
        let (_far, mut near) = watched(64);
        let hangup = near.connect_info().hangup;
        let cut = async { hangup.cut() };
        let error = tokio::join!(near.read_u8(), cut).0.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }
}
