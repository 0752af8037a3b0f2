//! `turncoat coordinator`, `party` and `adversary`: one service each, by hand or under supervision.

use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::defence::Defence;
use turncoat_learn::{PartyId, Shard};
use turncoat_net::{Address, Dialer, Listener};
use turncoat_party::{FaultInjector, PartyConfig};
use turncoat_proto::{Deadlines, Role, Subject};

use super::dispatch::serve;
use super::identity;
use crate::adversary::{AdversarySpec, serve_adversary};
use crate::cli::{AdversaryArgs, CoordinatorArgs, PartyArgs, ServiceArgs};
use crate::error::Error;
use crate::faults::{End, Injector, PartyFaults};
use crate::launch::{report_ready, stdin_closed};
use crate::logs::{self, LogFormat};
use crate::terminal;

pub(super) fn coordinator(args: CoordinatorArgs, quiet: bool) -> Result<(), Error> {
    let callers = PartyId::first(args.parties).flat_map(|id| [Role::Party(id), Role::Coordinator(id)]);
    let config = CoordinatorConfig {
        parties: args.parties,
        disclosure: args.disclosure.parse().map_err(|e| Error::Usage(format!("--disclosure: {e}")))?,
        identity: identity::of_host(
            &args.identity,
            Subject::Coordinator,
            std::iter::once(Role::Operator).chain(callers),
        )?,
        dialer: Dialer::tcp(),
        deadlines: deadlines(&args.service),
        in_flight: None,
        quorum: args.edge.require.check(args.parties).map_err(|e| Error::Usage(format!("--require: {e}")))?,
        limits: args.edge.limits().check().map_err(|e| Error::Usage(e.to_string()))?,
        retry: args.edge.retry(),
        release: match &args.release {
            Some(list) => Defence::list(list).map_err(|e| Error::Usage(format!("--release: {e}")))?,
            None => Vec::new(),
        },
    };
    serve(async {
        let listener = listen(&args.listen).await?;
        let figures = match &args.edge.metrics {
            Some(address) => Some(listen_for_scrapes(address).await?),
            None => None,
        };
        // Heard before anybody is told that it is there, and may ask it to stop.
        let stopping = asked_to_stop(args.service.supervised)?;
        say_ready(&args.service, quiet, "coordinator", listener.address())?;
        turncoat_coordinator::serve_and_tell(config, listener, figures, stopping).await.map_err(failed)
    })
}

pub(super) fn party(args: PartyArgs, quiet: bool) -> Result<(), Error> {
    let id = PartyId::new(args.id).ok_or_else(|| Error::Usage("--id: parties count from 1".into()))?;
    let address = |flag: &str, text: &str| -> Result<Address, Error> {
        text.parse().map_err(|e| Error::Usage(format!("{flag}: {e}")))
    };
    let config = PartyConfig {
        id,
        shard: Shard::read(&args.shard)?,
        coordinator: address("--coordinator", &args.coordinator)?,
        dialer: Dialer::tcp(),
        identity: identity::of_host(
            &args.identity,
            Subject::Party(id),
            [Role::Party(id), Role::Coordinator(id)],
        )?,
        deadlines: deadlines(&args.service),
        advertise: args.advertise.as_deref().map(|text| address("--advertise", text)).transpose()?,
        model_path: args.save_model,
        resume: args.resume,
        fault_injector: args.faults.as_deref().map(|file| injector(file, args.restarts)).transpose()?,
    };
    serve(async {
        let listener = listen(&args.listen).await?;
        let stopping = asked_to_stop(args.service.supervised)?;
        say_ready(&args.service, quiet, &id.to_string(), listener.address())?;
        turncoat_party::serve(config, listener, stopping).await.map_err(failed)
    })
}

pub(super) fn adversary(args: AdversaryArgs, quiet: bool) -> Result<(), Error> {
    let spec = AdversarySpec::read(&args.spec)?;
    let role = spec.role()?;
    let held = identity::of_host(&args.identity, Subject::of(role), [role, Role::Challenger])?;
    let coordinator = args.coordinator.parse().map_err(|e| Error::Usage(format!("--coordinator: {e}")))?;
    let deadlines = deadlines(&args.service);
    serve(async {
        let listener = listen(&args.listen).await?;
        let (address, name) = (listener.address().clone(), spec.stands.clone());
        let stopping = asked_to_stop(args.service.supervised)?;
        let serving =
            serve_adversary(spec, held, &Dialer::tcp(), &coordinator, deadlines, listener, stopping).await?;
        say_ready(&args.service, quiet, &format!("adversary ({name})"), &address)?;
        serving.await.map_err(failed)
    })
}

/// The faults of a party of a scenario.
fn injector(file: &Path, restarts: u32) -> Result<Arc<dyn FaultInjector>, Error> {
    Ok(Arc::new(Injector::new(PartyFaults::read(file)?, restarts, End::Process)?))
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Federation(error.to_string())
}

fn deadlines(args: &ServiceArgs) -> Deadlines {
    Deadlines {
        connect_ms: args.connect_timeout_ms,
        join_ms: args.join_timeout_ms,
        fit_ms: args.fit_timeout_ms,
        predict_ms: args.predict_timeout_ms,
        drain_ms: args.drain_timeout_ms,
        ..Deadlines::default()
    }
}

async fn listen(address: &str) -> Result<Listener, Error> {
    if let Err(e) = address.parse::<Address>() {
        return Err(Error::Usage(format!("--listen: {e}")));
    }
    Listener::bind(address).await.map_err(|e| Error::Federation(e.to_string()))
}

async fn listen_for_scrapes(address: &str) -> Result<TcpListener, Error> {
    if let Err(e) = address.parse::<Address>() {
        return Err(Error::Usage(format!("--metrics: {e}")));
    }
    let refuse =
        |e| Error::Federation(format!("--metrics: cannot listen on {address}: {e}; choose another port"));
    let listener = TcpListener::bind(address).await.map_err(refuse)?;
    let address = listener.local_addr().map_err(refuse)?;
    tracing::info!(%address, "figures for Prometheus at /metrics");
    Ok(listener)
}

/// Under supervision one JSON line, by hand a sentence.
fn say_ready(service: &ServiceArgs, quiet: bool, name: &str, address: &Address) -> Result<(), Error> {
    if service.supervised {
        return report_ready(&address.to_string());
    }
    if logs::format() == LogFormat::Json {
        tracing::info!(name, %address, "listening");
        return Ok(());
    }
    terminal::note(quiet, &format!("{name} listens on {address}; stop it with Ctrl-C"));
    Ok(())
}

/// Resolves when a signal comes, or, under supervision, when the supervisor is gone.
fn asked_to_stop(supervised: bool) -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    let listen =
        |kind| signal(kind).map_err(|e| Error::Federation(format!("cannot listen for signals: {e}")));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        let orphaned = async { if supervised { stdin_closed().await } else { std::future::pending().await } };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = orphaned => {}
        }
    })
}
