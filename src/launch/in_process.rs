//! A federation of tasks in this process: the same services over in-memory channels, for hundreds of parties.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::Shard;
use turncoat_net::{Address, Dialer, Listener, MemoryNetwork};
use turncoat_party::PartyConfig;

use super::federation::{Launched, Members};
use super::plan::{AdversaryPlan, PartyPlan, Plan};
use crate::adversary::serve_adversary;
use crate::error::Error;
use crate::faults::{End, Injector, PartyFaults};

/// How a member ended.
type Ended = Result<(), String>;

/// The tasks of a federation. Dropped, they are aborted.
#[derive(Debug)]
pub(super) struct InProcess {
    tasks: JoinSet<(String, Ended)>,
    shutdown: watch::Sender<bool>,
    drain: Duration,
}

impl InProcess {
    /// Starts everybody.
    pub(super) async fn launch(plan: &Plan) -> Result<Launched, Error> {
        let network = MemoryNetwork::new();
        let dialer = Dialer::with_memory(network.clone());
        let (shutdown, _) = watch::channel(false);
        let drain = Duration::from_millis(plan.deadlines.drain_ms);
        let mut federation = Self { tasks: JoinSet::new(), shutdown, drain };

        let listener = listen(&network, "coordinator")?;
        let coordinator = listener.address().clone();
        federation.coordinator(plan, listener, dialer.clone());
        for party in &plan.parties {
            federation.party(plan, party, &network, dialer.clone(), coordinator.clone())?;
        }
        let mut adversaries = Vec::new();
        for adversary in &plan.adversaries {
            let listener = listen(&network, &adversary.name)?;
            adversaries.push(listener.address().clone());
            federation.adversary(plan, adversary, listener, &dialer, &coordinator).await?;
        }
        Ok(Launched { dialer, coordinator, adversaries, members: Members::InProcess(federation) })
    }

    /// The first member that has ended although nobody asked it to, and why.
    pub(super) fn unexpected_end(&mut self) -> Option<String> {
        match self.tasks.try_join_next()? {
            Ok((name, Ok(()))) => Some(format!("{name} ended")),
            Ok((name, Err(cause))) => Some(format!("{name} ended: {cause}")),
            Err(error) => Some(format!("a member of the federation broke off: {error}")),
        }
    }

    /// Asks everybody to stop, waits, and aborts at the deadline what has not.
    pub(super) async fn stop(mut self) {
        let _ = self.shutdown.send(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(self.drain, all_ended).await;
    }

    fn coordinator(&mut self, plan: &Plan, listener: Listener, dialer: Dialer) {
        let config = CoordinatorConfig {
            parties: plan.parties.len() as u32,
            disclosure: plan.disclosure,
            identity: plan.coordinator.identity.clone(),
            dialer,
            deadlines: plan.deadlines,
            in_flight: None,
            quorum: plan.quorum,
            limits: plan.limits,
            retry: plan.retry,
            release: plan.release.clone(),
        };
        let serving = turncoat_coordinator::serve(config, listener, self.asked_to_stop());
        self.tasks.spawn(async { ("coordinator".to_string(), serving.await.map_err(|e| e.to_string())) });
    }

    fn party(
        &mut self,
        plan: &Plan,
        party: &PartyPlan,
        network: &MemoryNetwork,
        dialer: Dialer,
        coordinator: Address,
    ) -> Result<(), Error> {
        let listener = listen(network, &party.id.to_string())?;
        let config = PartyConfig {
            id: party.id,
            shard: match &party.records {
                Some(records) => Shard::clone(records),
                None => Shard::read(&party.shard)?,
            },
            coordinator,
            dialer,
            identity: party.held.identity.clone(),
            deadlines: plan.deadlines,
            advertise: None,
            model_path: party.model.clone(),
            resume: None,
            fault_injector: None,
        };
        let faults = party.faults.as_ref().map(|plan| PartyFaults::read(&plan.file)).transpose()?;
        let (name, network) = (party.id.to_string(), network.clone());
        let stopping = self.shutdown.subscribe();
        let serving = serve_with_restarts(config, listener, network, faults, stopping);
        self.tasks.spawn(async { (name, serving.await.map_err(|e| e.to_string())) });
        Ok(())
    }

    async fn adversary(
        &mut self,
        plan: &Plan,
        adversary: &AdversaryPlan,
        listener: Listener,
        dialer: &Dialer,
        coordinator: &Address,
    ) -> Result<(), Error> {
        let (spec, held) = (adversary.spec.clone(), adversary.held.identity.clone());
        let serving =
            serve_adversary(spec, held, dialer, coordinator, plan.deadlines, listener, self.asked_to_stop())
                .await?;
        let name = adversary.name.clone();
        self.tasks.spawn(async { (name, serving.await.map_err(|e| e.to_string())) });
        Ok(())
    }

    fn asked_to_stop(&self) -> impl Future<Output = ()> + Send + 'static {
        asked_to_stop(self.shutdown.subscribe())
    }
}

async fn asked_to_stop(mut stopping: watch::Receiver<bool>) {
    // A sender that is gone is a federation that was dropped.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Serves a party, and restarts it each time it crashes because its scenario says so, until it is asked
/// to stop. One that does not come back is away until then.
async fn serve_with_restarts(
    mut config: PartyConfig,
    mut listener: Listener,
    network: MemoryNetwork,
    faults: Option<PartyFaults>,
    stopping: watch::Receiver<bool>,
) -> Result<(), Error> {
    let Some(faults) = faults else {
        return serve_party(config, listener, stopping).await;
    };
    let name = config.id.to_string();
    for restarts in 0.. {
        let crashed = Arc::new(Notify::new());
        let injector = Injector::new(faults.clone(), restarts, End::Task(Arc::clone(&crashed)))?;
        config.fault_injector = Some(Arc::new(injector));
        tokio::select! {
            served = serve_party(config.clone(), listener, stopping.clone()) => return served,
            () = crashed.notified() => {}
        }
        if !faults.comes_back_after(restarts) {
            break;
        }
        // It is somebody else who listens now, as a process on another port is.
        listener = listen(&network, &format!("{name}-{}", restarts + 1))?;
        config.resume.clone_from(&config.model_path);
    }
    asked_to_stop(stopping).await;
    Ok(())
}

async fn serve_party(
    config: PartyConfig,
    listener: Listener,
    stopping: watch::Receiver<bool>,
) -> Result<(), Error> {
    turncoat_party::serve(config, listener, asked_to_stop(stopping))
        .await
        .map_err(|e| Error::Federation(e.to_string()))
}

fn listen(network: &MemoryNetwork, name: &str) -> Result<Listener, Error> {
    network.listen(name).map_err(|e| Error::Bug(e.to_string()))
}
