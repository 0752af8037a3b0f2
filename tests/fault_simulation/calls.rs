//! Everybody who asks while faults are injected, and what each answer is held against.

use std::collections::BTreeMap;
use std::time::Duration;

use ndarray::Array2;
use rand::RngExt;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use turncoat_learn::{LocalModel, PartyId, Seed};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::{Absence, Disclosure, Role, RpcFailure};

use super::federation::{FEATURES, Federation};
use super::{FaultPlan, Tally};

const CALLS: usize = 15;
/// Longer than any deadline, in virtual time: a call that takes longer hangs.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Sets everybody going.
pub(crate) async fn begin(federation: &Federation, seed: Seed) -> Vec<JoinHandle<Tally>> {
    let insider = Role::Party(PartyId::new(1).unwrap());
    let mut callers = Vec::new();
    for (place, role) in [Role::Operator, Role::Outsider, insider, Role::Aggregator].into_iter().enumerate() {
        let caller = Caller {
            role,
            plan: federation.plan,
            models: federation.models.clone(),
            client: federation.client(role).await.unwrap(),
        };
        callers.push(tokio::spawn(caller.ask(seed.child("caller", place as u64))));
    }
    callers
}

struct Caller {
    role: Role,
    plan: FaultPlan,
    models: BTreeMap<PartyId, LocalModel>,
    client: CoordinatorClient,
}

impl Caller {
    async fn ask(self, seed: Seed) -> Tally {
        let mut draws = seed.stream("calls");
        let mut tally = Tally::default();
        for _ in 0..CALLS {
            sleep(Duration::from_millis(draws.random_range(0..3_000))).await;
            let rows = draws.random_range(1..6);
            let records = Array2::from_shape_fn((rows, FEATURES), |_| draws.random_range(0..11_u8).into());
            let shared = draws.random::<bool>();
            let one = timeout(TIMEOUT, self.one(&records, shared, &mut tally)).await;
            assert!(one.is_ok(), "a call of {} hangs", self.role);
        }
        tally
    }

    async fn one(&self, records: &Array2<f32>, shared: bool, tally: &mut Tally) {
        let may = match self.role {
            Role::Outsider => false,
            Role::Party(_) => self.plan.disclosure == Disclosure::Open,
            _ => true,
        };
        let answer = if shared {
            let answer = self.client.predict_shared(records.view()).await;
            answer.map(|answer| (answer.mean, Some(answer.parties), answer.missing))
        } else {
            self.client.predict(records.view()).await.map(|answer| (answer.mean, None, answer.missing))
        };
        match answer {
            Ok((mean, parties, missing)) => {
                let present = self.present(&missing, records.nrows());
                let fewest = Federation::fewest(self.plan, self.role);
                assert!(present.len() >= fewest as usize, "{}: {missing:?} of {:?}", self.role, self.plan);
                assert_eq!(mean, Federation::mean_of(&self.models, &present, records.view()));
                assert!(may || parties.is_none(), "{} was shown single vectors", self.role);
                for party in &present {
                    let Some(parties) = &parties else { break };
                    let own = self.models[party].predict_proba(records.view()).unwrap();
                    assert_eq!(parties[party], own.into());
                }
                *(if missing.is_empty() { &mut tally.whole } else { &mut tally.degraded }) += 1;
            }
            Err(error) => match error.failure {
                RpcFailure::PermissionDenied(_) => {
                    assert!(shared && !may, "{error}");
                    tally.denied += 1;
                }
                // Said why, and by name.
                RpcFailure::InvalidRequest(_) | RpcFailure::InvalidAnswer(_) | RpcFailure::Internal(_) => {
                    panic!("{}: {error}", self.role)
                }
                _ => tally.refused += 1,
            },
        }
    }

    /// The parties of an answer. A call of few records is one chunk, so who is missing is missing from all of it.
    fn present(&self, missing: &[Absence], rows: usize) -> Vec<PartyId> {
        assert!(missing.iter().all(|absence| absence.rows == (0..rows)), "{missing:?}");
        let absent = |id: &PartyId| missing.iter().any(|absence| absence.party == *id);
        self.models.keys().copied().filter(|id| !absent(id)).collect()
    }
}

/// Waits for everybody.
pub(crate) async fn end(calls: Vec<JoinHandle<Tally>>) -> Tally {
    let mut all = Tally::default();
    for call in calls {
        let tally = call.await.unwrap();
        all.whole += tally.whole;
        all.degraded += tally.degraded;
        all.refused += tally.refused;
        all.denied += tally.denied;
    }
    all
}
