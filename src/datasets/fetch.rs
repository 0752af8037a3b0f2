//! Getting a data set from its official home into the data folder.
//!
//! HTTPS by rustls, with the system's own root certificates; a proxy is taken from the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY,
//! NO_PROXY). Whatever the connection, each file is held against its SHA-256, so a mirror need not be trusted.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::catalogue::{Check, FILES_OF_ADULT};
use super::download::{FetchLimits, Wanted};
use super::download_error::DownloadError;
use super::proxy::Through;
use super::verify::verify;
use crate::terminal::{self, Bar};

/// Where the UCI Machine Learning Repository has the files of Adult.
pub(crate) const ADULT_HOME: &str = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/";

/// A file of a set that is now in its place.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// Whether it was there before.
    pub(crate) was_there: bool,
}

/// Puts the files of Adult under `adult/` of the data folder; those that are there and right are left alone.
///
/// # Errors
/// [`DownloadError`] of the first file that cannot be had.
pub(crate) fn fetch_adult(
    from: &str,
    data_dir: &Path,
    force: bool,
    limits: FetchLimits,
    quiet: bool,
) -> Result<Vec<Fetched>, DownloadError> {
    if !(from.starts_with("https://") || from.starts_with("http://")) {
        return Err(DownloadError::Address { url: from.into() });
    }
    let home = if from.ends_with('/') { from.to_owned() } else { format!("{from}/") };
    let proxy = Through::from_env(&home)?;
    let agent = agent(limits, &home)?;
    let sizes = FILES_OF_ADULT.iter().map(|file| match file.check {
        Check::Sha256 { bytes, .. } => bytes,
        _ => 0,
    });
    let folder = data_dir.join("adult");
    fs::create_dir_all(&folder).map_err(|source| DownloadError::Write { path: folder.clone(), source })?;
    // Two at once would write into one partial file; the second one finds what the first one has fetched.
    let _turn = turn(&folder, quiet)?;
    let bar = Bar::over_bytes(sizes.sum(), quiet);
    let mut fetched = Vec::new();
    let mut before = 0;
    for file in FILES_OF_ADULT {
        let Check::Sha256 { bytes, sha256 } = file.check else { continue };
        let path = data_dir.join(file.path);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        bar.says(&name);
        let was_there = path.exists();
        let problem = if was_there { verify(file, &path).problem } else { None };
        if let (Some(problem), false) = (&problem, force) {
            return Err(DownloadError::InTheWay { path, problem: problem.clone() });
        }
        let was_there = was_there && problem.is_none();
        if !was_there {
            let wanted = Wanted { url: format!("{home}{name}"), path: path.clone(), bytes, sha256 };
            wanted.fetch(&agent, limits, &bar, before).map_err(|error| error.through(proxy.as_ref()))?;
        }
        before += bytes;
        bar.stands_at(before);
        fetched.push(Fetched { path, bytes, was_there });
    }
    bar.clear();
    Ok(fetched)
}

/// Waits until nobody else fetches into a folder. The lock ends with the process that holds it.
fn turn(folder: &Path, quiet: bool) -> Result<File, DownloadError> {
    let failed = |source| DownloadError::Write { path: folder.to_owned(), source };
    let held = File::open(folder).map_err(failed)?;
    if let Err(TryLockError::WouldBlock) = held.try_lock() {
        terminal::note(quiet, &format!("another turncoat fetches into {}; waiting for it", folder.display()));
        held.lock().map_err(failed)?;
    }
    // A file system that offers no locks is no reason not to fetch.
    Ok(held)
}

fn agent(limits: FetchLimits, url: &str) -> Result<Agent, DownloadError> {
    let roots = rustls_native_certs::load_native_certs();
    for error in &roots.errors {
        tracing::debug!(%error, "a root certificate of the system cannot be read");
    }
    if roots.certs.is_empty() && url.starts_with("https://") {
        return Err(DownloadError::NoRoots { url: url.into() });
    }
    let roots: Vec<_> = roots.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let silence = Some(limits.silence);
    Ok(Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .user_agent(concat!("turncoat/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(silence)
        .timeout_connect(silence)
        .timeout_recv_response(silence)
        .timeout_per_read(silence)
        .build()
        .into())
}
