//! One accepted connection: a pipe, plain or under TLS, with a switch that cuts it off.
//!
//! The switch is how a drain ends: once it is thrown, reading fails, HTTP/2 gives the connection up, and the calls on
//! it are dropped.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tonic::transport::server::Connected;

use super::Pipe;
use crate::identity::Subject;

/// An accepted connection.
pub(crate) struct Connection {
    pipe: Pipe,
    /// Whom the certificate names that the caller has shown.
    caller: Option<Subject>,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What every request of a connection carries: whom the caller's certificate names, if it has shown one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CalledBy(pub(crate) Option<Subject>);

impl Connection {
    pub(super) fn new(pipe: Pipe, caller: Option<Subject>, mut cut: watch::Receiver<bool>) -> Self {
        let cut = async move {
            if cut.wait_for(|&thrown| thrown).await.is_err() {
                // Whoever could have thrown the switch is gone, and the server with it.
            }
        };
        Self { pipe, caller, cut: Box::pin(cut) }
    }
}

impl Connected for Connection {
    type ConnectInfo = CalledBy;

    fn connect_info(&self) -> CalledBy {
        CalledBy(self.caller)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.cut.as_mut().poll(cx).is_ready() {
            self.cut = Box::pin(std::future::ready(()));
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.pipe).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.pipe.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(cx)
    }
}
