//! A scenario's faults, injected into a party's answers before they are sent.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use ndarray::{Array2, Axis, Slice};
use tokio::sync::Notify;
use tonic::Status;
use turncoat_learn::Seed;
use turncoat_party::{FaultInjector, PredictCall};
use turncoat_proto::wire;

use super::draw::{Call, InjectedFault};
use super::plan::PartyFaults;
use crate::error::Error;
use turncoat_config::fault::Corruption;

/// The exit code of a process that ends because its scenario says so.
pub(crate) const CRASHED: i32 = 86;

/// How a party ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Its process exits at once: nothing is finished, nothing is said.
    Process,
    /// Whoever serves it in this process is told to drop it, with its listener and its connections.
    Task(Arc<Notify>),
}

/// The faults of one party between two restarts.
pub struct Injector {
    plan: PartyFaults,
    key: Seed,
    restarts: u32,
    end: End,
    answers: Mutex<Answers>,
}

/// The honest answers to the last two questions.
#[derive(Debug, Default)]
struct Answers {
    last: Option<wire::PredictProbaReply>,
    before: Option<wire::PredictProbaReply>,
}

impl Injector {
    /// That of a party that was restarted so often.
    ///
    /// # Errors
    /// [`Error::Usage`] when the plan holds no seed.
    pub fn new(plan: PartyFaults, restarts: u32, end: End) -> Result<Self, Error> {
        let key = plan.key().map_err(Error::Usage)?;
        Ok(Self { plan, key, restarts, end, answers: Mutex::default() })
    }

    /// Keeps the answer to this question, and tells the answer to the one before it. A question that is asked again is the
    /// same question.
    fn remember(&self, reply: &wire::PredictProbaReply) -> Option<wire::PredictProbaReply> {
        // Replaced in whole assignments, so it is whole even if a thread died holding it.
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.last.as_ref().is_none_or(|last| last.first_query != reply.first_query) {
            answers.before = answers.last.replace(reply.clone());
        }
        answers.before.clone()
    }

    async fn crash(&self) -> Status {
        match &self.end {
            End::Process => std::process::exit(CRASHED),
            End::Task(task) => {
                task.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl fmt::Debug for Injector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Injector({:?}, {} restarts)", self.plan, self.restarts)
    }
}

impl FaultInjector for Injector {
    fn answer(
        &self,
        call: PredictCall,
        mut reply: wire::PredictProbaReply,
    ) -> BoxFuture<'_, Result<wire::PredictProbaReply, Status>> {
        Box::pin(async move {
            if let (Some(behaviour), Some(vectors)) = (self.plan.behaviour, &mut reply.vectors) {
                change(vectors, |matrix| super::byzantine::falsify(behaviour, matrix));
            }
            if call.measuring {
                // What is measured is no part of what happens to the federation.
                return Ok(reply);
            }
            let call = Call { first_query: call.first_query, rows: call.rows as u64, attempt: call.attempt };
            match self.plan.drawn_fault(self.key, self.restarts, call) {
                InjectedFault::Refuse(why) => Err(Status::unavailable(why)),
                InjectedFault::Crash => Err(self.crash().await),
                InjectedFault::Drop => std::future::pending().await,
                InjectedFault::Answer { delay_ms, corrupt } => {
                    let before = self.remember(&reply);
                    if delay_ms > 0 {
                        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                    }
                    Ok(match corrupt {
                        Some(how) => spoil(how, reply, before),
                        None => reply,
                    })
                }
            }
        })
    }
}

/// Where no question came before, there is no stale answer to give.
fn spoil(
    how: Corruption,
    mut reply: wire::PredictProbaReply,
    before: Option<wire::PredictProbaReply>,
) -> wire::PredictProbaReply {
    if how == Corruption::Stale {
        return before.unwrap_or(reply);
    }
    let Some(vectors) = &mut reply.vectors else { return reply };
    match how {
        Corruption::Nan => change(vectors, |matrix| {
            if let Some(first) = matrix.first_mut() {
                *first = f64::NAN;
            }
        }),
        Corruption::Unnormalised => change(vectors, |matrix| *matrix /= 2.0),
        Corruption::WrongLength => change(vectors, |matrix| {
            let short = matrix.nrows().saturating_sub(1);
            *matrix = matrix.slice_axis(Axis(0), Slice::from(..short)).to_owned();
        }),
        Corruption::Stale => {}
    }
    reply
}

/// Changes the probabilities of a reply. What holds none stays as it is.
fn change(vectors: &mut wire::Vectors, how: impl FnOnce(&mut Array2<f64>)) {
    if let Ok(mut matrix) = vectors.clone().matrix("vectors") {
        how(&mut matrix);
        *vectors = wire::Vectors::of(matrix.view());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::{Behaviour, Byzantine, Fault};
    use turncoat_learn::PartyId;

    fn party() -> PartyId {
        PartyId::new(1).unwrap()
    }

    fn injector(faults: &[Fault], behaviour: Option<Behaviour>, end: End) -> Injector {
        let byzantine: Vec<Byzantine> =
            behaviour.map(|behaviour| Byzantine { party: party(), behaviour }).into_iter().collect();
        let plan = PartyFaults::of(party(), faults, &byzantine, true, Seed::root(1)).unwrap();
        Injector::new(plan, 0, end).unwrap()
    }

    fn corrupt(how: Corruption) -> Fault {
        Fault::Corrupt { party: party(), how, fraction: 1.0 }
    }

    fn honest(shift: f64) -> wire::Vectors {
        wire::Vectors::of(ndarray::array![[0.25 + shift, 0.75 - shift], [1.0, 0.0]].view())
    }

    fn reply(first_query: u64, vectors: wire::Vectors) -> wire::PredictProbaReply {
        wire::PredictProbaReply { vectors: Some(vectors), model_digest: vec![1; 32], first_query }
    }

    fn ask(injector: &Injector, first_query: u64, vectors: wire::Vectors) -> Result<Vec<f64>, Status> {
        Ok(flat(answered(injector, first_query, vectors)?.vectors))
    }

    fn flat(vectors: Option<wire::Vectors>) -> Vec<f64> {
        vectors.unwrap().matrix("vectors").unwrap().into_iter().collect()
    }

    fn answered(
        injector: &Injector,
        first_query: u64,
        vectors: wire::Vectors,
    ) -> Result<wire::PredictProbaReply, Status> {
        let call = PredictCall { first_query, rows: 2, attempt: 0, measuring: false };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(injector.answer(call, reply(first_query, vectors)))
    }

    #[test]
    fn each_corruption_by_hand() {
        let spoilt = |how| ask(&injector(&[corrupt(how)], None, End::Process), 1, honest(0.0)).unwrap();
        let nan = spoilt(Corruption::Nan);
        assert!(nan[0].is_nan() && nan[1..] == [0.75, 1.0, 0.0], "{nan:?}");
        assert_eq!(spoilt(Corruption::Unnormalised), [0.125, 0.375, 0.5, 0.0]);
        assert_eq!(spoilt(Corruption::WrongLength), [0.25, 0.75]);
    }

    #[test]
    fn a_stale_answer_is_that_to_the_question_before() {
        let injector = injector(&[corrupt(Corruption::Stale)], None, End::Process);
        assert_eq!(ask(&injector, 1, honest(0.0)).unwrap(), flat(Some(honest(0.0))), "nothing came before");
        assert_eq!(ask(&injector, 3, honest(0.25)).unwrap(), flat(Some(honest(0.0))));
        // Asked again, it is the same question still.
        assert_eq!(ask(&injector, 3, honest(0.25)).unwrap(), flat(Some(honest(0.0))));
        assert_eq!(ask(&injector, 5, honest(0.5)).unwrap(), flat(Some(honest(0.25))));
        // Whole as it was, the question that it answers included: by that it is known.
        assert_eq!(answered(&injector, 7, honest(0.0)).unwrap(), reply(5, honest(0.5)));
    }

    #[test]
    fn byzantine_behaviour_comes_before_other_faults() {
        let injector =
            injector(&[corrupt(Corruption::WrongLength)], Some(Behaviour::LabelFlip), End::Process);
        assert_eq!(ask(&injector, 1, honest(0.0)).unwrap(), [0.75, 0.25]);
    }

    #[test]
    fn measuring_sees_byzantine_behaviour_and_no_other_fault() {
        let all = [
            Fault::Crash { party: party(), at: 1 },
            Fault::Drop { party: party(), fraction: 1.0 },
            corrupt(Corruption::Nan),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let measured = |injector: &Injector, first_query| {
            let call = PredictCall { first_query, rows: 2, attempt: 0, measuring: true };
            runtime.block_on(injector.answer(call, reply(first_query, honest(0.0)))).unwrap()
        };
        let reported = measured(&injector(&all, Some(Behaviour::LabelFlip), End::Process), 9);
        assert_eq!(flat(reported.vectors), [0.75, 0.25, 0.0, 1.0]);
        // Nor does it come between a question and the stale answer to it.
        let injector = injector(&[corrupt(Corruption::Stale)], None, End::Process);
        ask(&injector, 1, honest(0.0)).unwrap();
        measured(&injector, 3);
        assert_eq!(ask(&injector, 3, honest(0.25)).unwrap(), flat(Some(honest(0.0))));
    }

    #[test]
    fn a_party_that_is_cut_off_says_so() {
        let cut = Fault::Partition { parties: vec![party()], from: 2, to: 2 };
        let injector = injector(&[cut], None, End::Process);
        let status = ask(&injector, 1, honest(0.0)).unwrap_err();
        assert_eq!(status.code(), tonic::Code::Unavailable);
        assert!(ask(&injector, 3, honest(0.0)).is_ok());
    }

    #[tokio::test]
    async fn a_crash_in_one_process_is_told_to_whoever_serves_and_never_answered() {
        let task = Arc::new(Notify::new());
        let crash = Fault::Crash { party: party(), at: 2 };
        let injector = injector(&[crash], None, End::Task(Arc::clone(&task)));
        let call = PredictCall { first_query: 1, rows: 2, attempt: 0, measuring: false };
        tokio::select! {
            _ = injector.answer(call, reply(1, honest(0.0))) => panic!("it answered"),
            () = task.notified() => {}
        }
    }
}
