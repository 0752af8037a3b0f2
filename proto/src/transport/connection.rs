//! One accepted connection: a socket or a byte channel, with a switch that cuts it off.
//!
//! The switch is how a drain ends: once it is thrown, reading fails, HTTP/2 gives the connection up, and the calls on
//! it are dropped.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tonic::transport::server::Connected;

/// What bytes travel over.
pub(crate) enum Pipe {
    Tcp(TcpStream),
    Memory(DuplexStream),
}

/// An accepted connection.
pub(crate) struct Connection {
    pipe: Pipe,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Connection {
    pub(super) fn new(pipe: Pipe, mut cut: watch::Receiver<bool>) -> Self {
        let cut = async move {
            if cut.wait_for(|&thrown| thrown).await.is_err() {
                // Whoever could have thrown the switch is gone, and the server with it.
            }
        };
        Self { pipe, cut: Box::pin(cut) }
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
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
        match &mut self.pipe {
            Pipe::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Pipe::Memory(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.pipe {
            Pipe::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Pipe::Memory(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.pipe {
            Pipe::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Pipe::Memory(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.pipe {
            Pipe::Tcp(stream) => stream.is_write_vectored(),
            Pipe::Memory(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.pipe {
            Pipe::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Pipe::Memory(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.pipe {
            Pipe::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Pipe::Memory(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
