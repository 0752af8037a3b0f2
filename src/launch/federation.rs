//! A running federation, as the operator holds it: train, predict, challenge the adversaries, stop.

use std::time::Duration;

use ndarray::Array2;
use turncoat_learn::{Learner, PredictionVectors, Seed};
use turncoat_net::{Address, Dialer};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest};
use turncoat_proto::client::{AdversaryClient, CoordinatorClient};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Account, PartyFit, Role, RpcError, SharedPrediction};

use super::in_process::InProcess;
use super::plan::Plan;
use super::processes::Processes;
use crate::error::Error;
use crate::scenario::LaunchMode;

/// How long a dead member may take to be noticed when a call has failed because of it.
const END_REPORT_TIMEOUT: Duration = Duration::from_millis(300);

/// A running federation. Dropped, it is stopped at once; [`stop`](Self::stop) lets it finish what is under way.
#[derive(Debug)]
pub struct Federation {
    operator: CoordinatorClient,
    adversaries: Vec<AdversaryClient>,
    members: Members,
}

/// What runs, to be watched and stopped.
#[derive(Debug)]
pub(super) enum Members {
    Processes(Box<Processes>),
    InProcess(InProcess),
}

/// Where everything listens, once it does.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) dialer: Dialer,
    pub(super) coordinator: Address,
    /// In the order of the plan.
    pub(super) adversaries: Vec<Address>,
    pub(super) members: Members,
}

impl Federation {
    /// Starts everybody, waits until all parties have joined, and connects.
    ///
    /// # Errors
    /// [`Error::Federation`] with the first cause; whatever had started is stopped.
    pub async fn launch(plan: &Plan) -> Result<Self, Error> {
        let mut launched = match plan.mode {
            LaunchMode::Processes => Processes::launch(plan).await?,
            LaunchMode::InProcess => InProcess::launch(plan).await?,
        };
        // A party that is not admitted ends itself; there is no use in waiting for it until the deadline.
        let connected = tokio::select! {
            connected = connect(plan, &launched.dialer, &launched.coordinator, &launched.adversaries) => connected,
            cause = launched.members.somebody_ended() => Err(Error::Federation(cause)),
        };
        match connected {
            Ok((operator, adversaries)) => Ok(Self { operator, adversaries, members: launched.members }),
            Err(error) => Err(launched.members.explain(error).await),
        }
    }

    /// Has every party train.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn fit(
        &mut self,
        learner: &Learner,
        classes: usize,
        seed: Seed,
    ) -> Result<Vec<PartyFit>, Error> {
        let classes =
            u32::try_from(classes).map_err(|_| Error::Usage(format!("{classes} classes are too many")))?;
        let order = FitOrder { learner: learner.clone(), classes, seed };
        let result = self.operator.fit(&order).await;
        self.explained(result).await
    }

    /// The averaged vectors of records.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn predict(&mut self, records: Array2<f32>) -> Result<PredictionVectors, Error> {
        let result = self.operator.predict(records.view()).await.map(|prediction| prediction.mean);
        self.explained(result).await
    }

    /// Every party's vectors of records.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn predict_shared(&mut self, records: Array2<f32>) -> Result<SharedPrediction, Error> {
        let result = self.operator.predict_shared(records.view()).await;
        self.explained(result).await
    }

    /// How many records are asked about at once where the answers of all parties to all records need not fit into memory.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn shared_at_once(&mut self, features: usize) -> Result<usize, Error> {
        let result = self.operator.shared_at_once(features).await;
        self.explained(result).await
    }

    /// What the coordinator did so far.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn account(&mut self) -> Result<Account, Error> {
        let result = self.operator.account().await;
        self.explained(result).await
    }

    /// Puts a question to the adversary at that place of the plan.
    ///
    /// # Errors
    /// [`Error::Federation`].
    pub async fn challenge(
        &mut self,
        place: usize,
        request: ChallengeRequest,
    ) -> Result<Vec<AttackAnswer>, Error> {
        let adversary = self
            .adversaries
            .get(place)
            .ok_or_else(|| Error::Bug(format!("there is no adversary {place}")))?;
        let result = adversary.challenge(request).await;
        self.explained(result).await
    }

    /// Asks everybody to stop, waits, and ends what has not stopped at the deadline.
    pub async fn stop(self) {
        // Connections are closed first, so that nobody waits for another call.
        drop((self.operator, self.adversaries));
        match self.members {
            Members::Processes(processes) => processes.stop().await,
            Members::InProcess(tasks) => tasks.stop().await,
        }
    }

    async fn explained<T>(&mut self, result: Result<T, RpcError>) -> Result<T, Error> {
        match result {
            Ok(value) => Ok(value),
            Err(error) => Err(self.members.explain(error.into()).await),
        }
    }
}

impl Members {
    /// Resolves with the cause when a member ends that nobody asked to.
    async fn somebody_ended(&mut self) -> String {
        loop {
            let ended = match self {
                Self::Processes(processes) => processes.unexpected_end(),
                Self::InProcess(tasks) => tasks.unexpected_end(),
            };
            match ended {
                Some(cause) => return cause,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// The cause behind a failed call: a member that has died, if one has.
    async fn explain(&mut self, error: Error) -> Error {
        match tokio::time::timeout(END_REPORT_TIMEOUT, self.somebody_ended()).await {
            Ok(cause) => Error::Federation(cause),
            Err(_) => error,
        }
    }
}

impl From<RpcError> for Error {
    fn from(error: RpcError) -> Self {
        Self::Federation(error.to_string())
    }
}

async fn connect(
    plan: &Plan,
    dialer: &Dialer,
    coordinator: &Address,
    addresses: &[Address],
) -> Result<(CoordinatorClient, Vec<AdversaryClient>), Error> {
    let missing = |e: turncoat_proto::CredentialsError| Error::Bug(e.to_string());
    let proof = plan.operator.proof(Role::Operator).map_err(missing)?;
    let deadlines = plan.deadlines;
    let operator = CoordinatorClient::connect(dialer, coordinator, &proof, deadlines).await?;
    let operator = if plan.one_at_a_time { operator.one_at_a_time() } else { operator };
    let status = operator.wait_until_joined(plan.ready).await?;
    if !status.missing().is_empty() {
        let names: Vec<String> = status.missing().iter().map(ToString::to_string).collect();
        return Err(Error::Federation(format!(
            "{} did not join within {} ms",
            names.join(", "),
            plan.ready.as_millis()
        )));
    }
    let mut adversaries = Vec::new();
    for (address, adversary) in addresses.iter().zip(&plan.adversaries) {
        let proof = adversary.challenger.proof(Role::Challenger).map_err(missing)?;
        let client = AdversaryClient::connect(dialer, address, adversary.stands, &proof, deadlines).await?;
        adversaries.push(client);
    }
    Ok((operator, adversaries))
}
