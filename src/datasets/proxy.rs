//! The proxy that the environment names for downloads. The client takes it from there itself, but says nothing of one that is wrong.

use std::env;
use std::fmt;

use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

use super::download_error::DownloadError;

/// In the order in which the client looks at them.
const VARIABLES: [&str; 6] =
    ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/// A proxy through which downloads go, told without the password that it may be given.
#[derive(Clone, Debug)]
pub(crate) struct Through {
    variable: &'static str,
    host: String,
    port: u16,
}

impl Through {
    /// The one for an address, if any. An empty variable is none.
    ///
    /// # Errors
    /// [`DownloadError::Proxy`] when the first variable that is set names none.
    pub(super) fn from_env(url: &str) -> Result<Option<Self>, DownloadError> {
        let set = VARIABLES
            .iter()
            .find_map(|&name| env::var_os(name).filter(|value| !value.is_empty()).map(|value| (name, value)));
        let Some((variable, value)) = set else { return Ok(None) };
        let wrong = |why: &str| DownloadError::Proxy { variable, why: why.to_owned() };
        let value = value.to_str().ok_or_else(|| wrong("it is no text"))?;
        let proxy = Proxy::new(value).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) {
            return Err(wrong("SOCKS is not spoken"));
        }
        let spared = url
            .parse::<Uri>()
            .is_ok_and(|uri| Proxy::try_from_env().is_some_and(|from_env| from_env.is_no_proxy(&uri)));
        let reported = || Self { variable, host: proxy.host().to_owned(), port: proxy.port() };
        Ok((!spared).then(reported))
    }
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "through the proxy {}:{} that {} names", self.host, self.port, self.variable)
    }
}
