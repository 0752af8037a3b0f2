//! Where a service listens: `host:port` on a network, or `memory:name` within one process.

use std::fmt;
use std::str::FromStr;

/// Where a service listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// A TCP endpoint.
    Tcp {
        /// Host name, IPv4 address, or IPv6 address without brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// A name in a [`MemoryNetwork`](crate::MemoryNetwork).
    Memory(String),
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no address: {reason}; write host:port (127.0.0.1:4000, [::1]:4000) or memory:name")]
pub struct AddressParseError {
    text: String,
    reason: &'static str,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Memory(name) => write!(f, "memory:{name}"),
        }
    }
}

impl FromStr for Address {
    type Err = AddressParseError;

    fn from_str(text: &str) -> Result<Self, AddressParseError> {
        let refuse = |reason| AddressParseError { text: text.chars().take(80).collect(), reason };
        if let Some(name) = text.strip_prefix("memory:") {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || !name.chars().all(plain) {
                return Err(refuse("a name is letters, digits, `-`, `_` and `.`"));
            }
            return Ok(Self::Memory(name.into()));
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(|| refuse("there is no port"))?;
        let port = port.parse().map_err(|_| refuse("the port is not a number from 0 to 65535"))?;
        let host = match host.strip_prefix('[') {
            Some(rest) => {
                let inner = rest.strip_suffix(']').ok_or_else(|| refuse("a bracket is not closed"))?;
                if inner.parse::<std::net::Ipv6Addr>().is_err() {
                    return Err(refuse("brackets hold an IPv6 address"));
                }
                inner
            }
            None => host,
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if !text.starts_with('[') && (host.is_empty() || !host.chars().all(plain)) {
            return Err(refuse("the host is not a name or an IP address"));
        }
        Ok(Self::Tcp { host: host.into(), port })
    }
}

impl From<std::net::SocketAddr> for Address {
    fn from(address: std::net::SocketAddr) -> Self {
        Self::Tcp { host: address.ip().to_string(), port: address.port() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_their_text() {
        for text in ["127.0.0.1:4000", "[::1]:0", "some-host.example:65535", "memory:party-3"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, says) in [
            ("localhost", "no port"),
            ("localhost:70000", "65535"),
            (":80", "host"),
            ("a b:80", "host"),
            ("[::1:80", "bracket"),
            ("[x]:80", "IPv6"),
            ("memory:", "a name"),
            ("http://a:80/", "port"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
