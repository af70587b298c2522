//! Bytes to and from a server, each exchange by a deadline: first in plain text, then within TLS.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use crate::clock::Deadline;

/// A connection to a server.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
}

#[derive(Debug)]
enum Stream {
    Plain(Timed),
    Encrypted(Box<StreamOwned<ClientConnection, Timed>>),
}

/// A socket whose every call ends by the deadline, however slowly bytes trickle.
#[derive(Debug)]
struct Timed {
    socket: TcpStream,
    deadline: Deadline,
}

/// Why there is no encrypted connection.
#[derive(Debug)]
pub(super) enum HandshakeError {
    /// The connection closed, broke or was silent.
    Io(io::Error),
    /// The two could not agree, or the server is not who it should be.
    Tls(rustls::Error),
}

impl Wire {
    /// Connects to the first of the addresses that answers.
    pub fn connect(addresses: &[SocketAddr], at_most: Duration) -> io::Result<Self> {
        let deadline = Deadline::after(at_most);
        let mut last = io::Error::from(ErrorKind::AddrNotAvailable);
        for address in addresses {
            match TcpStream::connect_timeout(address, deadline.left()?) {
                Ok(socket) => {
                    // Commands are short, and each waits for its reply.
                    socket.set_nodelay(true)?;
                    let stream = Stream::Plain(Timed { socket, deadline });
                    return Ok(Self { stream });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The same connection within TLS, once the server has shown who it is.
    pub fn encrypt(
        self,
        config: &Arc<ClientConfig>,
        name: &ServerName<'static>,
        at_most: Duration,
    ) -> Result<Self, HandshakeError> {
        let mut timed = match self.stream {
            Stream::Plain(timed) => timed,
            Stream::Encrypted(_) => {
                let error = rustls::Error::General("already encrypted".to_owned());
                return Err(HandshakeError::Tls(error));
            }
        };
        timed.deadline = Deadline::after(at_most);
        let mut tls =
            ClientConnection::new(Arc::clone(config), name.clone()).map_err(HandshakeError::Tls)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut timed).map_err(handshake_error)?;
        }
        let stream = Stream::Encrypted(Box::new(StreamOwned::new(tls, timed)));
        Ok(Self { stream })
    }

    /// The address of this end.
    pub fn local_address(&self) -> Option<IpAddr> {
        let socket = match &self.stream {
            Stream::Plain(timed) => &timed.socket,
            Stream::Encrypted(tls) => &tls.sock.socket,
        };
        socket.local_addr().ok().map(|address| address.ip())
    }

    /// What is read and written from now on ends by then.
    pub fn until(&mut self, deadline: Deadline) {
        match &mut self.stream {
            Stream::Plain(timed) => timed.deadline = deadline,
            Stream::Encrypted(tls) => tls.sock.deadline = deadline,
        }
    }

    /// Writes all of it. Where that fails, the last byte has certainly not left.
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(timed) => timed.write_all(bytes),
            Stream::Encrypted(tls) => {
                // Writing only encrypts and tries; flushing tells what became of it.
                tls.write_all(bytes)?;
                match tls.flush() {
                    Err(error) if tls.conn.wants_write() => Err(error),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Writes one thing and another behind it, in one go where it can be told how far that went:
    /// within TLS it can't. Whether the second left whole, too. Where it fails, the last byte of the
    /// first has certainly not left.
    pub fn write_both(&mut self, first: &[u8], second: &[u8]) -> io::Result<bool> {
        let Stream::Plain(timed) = &mut self.stream else {
            self.write_all(first)?;
            return Ok(self.write_all(second).is_ok());
        };
        let both = [first, second].concat();
        let mut written = 0;
        while let Some(rest) = both.get(written..).filter(|rest| !rest.is_empty()) {
            match timed.write(rest) {
                Ok(count) if count > 0 => written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ if written >= first.len() => return Ok(false),
                Ok(_) => return Err(ErrorKind::WriteZero.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Reads what there is, one byte at least; 0 where the connection is closed.
    pub fn read(&mut self, some: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(timed) => timed.read(some),
            Stream::Encrypted(tls) => tls.read(some),
        }
    }
}

/// rustls wraps its own errors into those of the connection.
fn handshake_error(error: io::Error) -> HandshakeError {
    let is_tls = error
        .get_ref()
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
    if !is_tls {
        return HandshakeError::Io(error);
    }
    let inner = error
        .into_inner()
        .and_then(|inner| inner.downcast::<rustls::Error>().ok());
    HandshakeError::Tls(inner.map_or(rustls::Error::HandshakeNotComplete, |inner| *inner))
}

impl Read for Timed {
    fn read(&mut self, some: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.deadline.left()?))?;
        self.socket.read(some)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.deadline.left()?))?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
