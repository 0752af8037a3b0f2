//! What a study takes, told before anything is run: how many models are trained, and on how many records.
//!
//! A record counts each time that a model is trained on it; an ensemble is as many models as it has members. Shadow models are
//! nearly all of the work where an attack trains many.

use turncoat_attack::{Attack, Generation, Setting, Split, Training, Vantage};
use turncoat_learn::partition::RecordsPerParty;
use turncoat_learn::{Learner, PartyId};

use super::federation::Scenario;
use super::{Disclosure, SingleTarget, Study};

/// Microseconds that training takes for one record, on one core: about what a tree of some ten features takes. Models of more
/// features take longer.
const MICROSECONDS: f64 = 2.0;

/// Models that are trained, and records that they are trained on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Work {
    /// Models.
    pub models: u64,
    /// Records, as often as a model is trained on them.
    pub records: u64,
}

impl Work {
    fn of(models: u64, records: u64) -> Self {
        Self { models, records }
    }

    fn and(self, other: Self) -> Self {
        Self::of(self.models.saturating_add(other.models), self.records.saturating_add(other.records))
    }

    fn times(self, n: u64) -> Self {
        Self::of(self.models.saturating_mul(n), self.records.saturating_mul(n))
    }

    fn minutes(self) -> f64 {
        self.records as f64 * MICROSECONDS / 60e6
    }
}

/// What a study takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cost {
    /// The models that are attacked: the parties', or single targets.
    pub targets: Work,
    /// The models that adversaries train.
    pub shadows: Work,
}

impl Cost {
    /// What training takes of one core, roughly: more with many features, less with few.
    pub fn minutes(self) -> f64 {
        self.targets.and(self.shadows).minutes()
    }

    /// That of both together.
    pub fn and(self, other: Self) -> Self {
        Self { targets: self.targets.and(other.targets), shadows: self.shadows.and(other.shadows) }
    }

    /// Over all repeats.
    pub fn of(study: &Study) -> Self {
        match study {
            Study::Federation(scenario) => Self::of_federation(scenario),
            Study::SingleTarget(study) => Self::of_single_targets(study),
        }
    }

    fn of_single_targets(study: &SingleTarget) -> Self {
        let (repeats, folds) = (u64::from(study.repeats), u64::from(study.folds));
        let targets = study
            .target
            .learners
            .iter()
            .map(|learner| Work::of(1, study.target.records as u64 / 2).times(learner.members()));
        let cells = study.cells();
        let used = |place: usize| cells.iter().any(|cell| cell.generation == Some(place));
        let records = study.shadow.get().records as u64;
        let shadows = (0..study.generations.len()).filter(|&place| used(place)).map(|place| {
            let generation = &study.generations[place];
            let members = generation.learners().iter().map(Learner::members).sum();
            let (shadows, part) = parts(generation);
            Work::of(shadows, shadows * records / part).times(members)
        });
        // Each shadow model is asked about a part that trained it and about the part that trained none.
        let mut pairs: Vec<(usize, usize)> =
            cells.iter().filter_map(|cell| cell.generation.zip(cell.attack_learner)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let attack_models = pairs.into_iter().map(|(generation, learner)| {
            let generation = &study.generations[generation];
            let (shadows, part) = parts(generation);
            let requested = 2 * records / part * shadows * generation.learners().len() as u64;
            Work::of(1, requested).times(study.attack_learners[learner].members())
        });
        // Where a target is asked for shadow data, each target of each fold has its own.
        let made = if study.shadow.asks_target() { folds * study.target.learners.len() as u64 } else { 1 };
        Self {
            targets: targets.fold(Work::default(), Work::and).times(folds).times(repeats),
            shadows: shadows.chain(attack_models).fold(Work::default(), Work::and).times(made).times(repeats),
        }
    }

    /// Over both passes where parties are Byzantine.
    fn of_federation(scenario: &Scenario) -> Self {
        let passes = if scenario.byzantine.is_empty() { 1 } else { 2 };
        let times = passes * u64::from(scenario.repeats);
        let partition = &scenario.federation.partition;
        let parties = Work::of(u64::from(partition.parties()), partition.records() as u64);
        let attacks = scenario.adversaries.iter().flat_map(|adversary| {
            adversary.attacks.iter().map(|named| shadows(scenario, adversary.vantage, &named.attack))
        });
        Self {
            targets: parties.times(scenario.federation.learner.members()).times(times),
            shadows: attacks.fold(Work::default(), Work::and).times(times),
        }
    }
}

/// How many shadow models each learner of a generation has, and which part of the records each is trained on: one in so many.
fn parts(generation: &Generation) -> (u64, u64) {
    match generation.split() {
        Split::TwoFold(shadows) => (u64::from(shadows), 2),
        Split::Partitions(partitions) => (u64::from(partitions), u64::from(partitions) + 1),
    }
}

/// The attacks of a question that train for longer than an adversary may take to answer it.
pub fn slow(scenario: &Scenario) -> impl Iterator<Item = String> {
    let may_take = scenario.timeouts.attack_ms as f64 / 60e3;
    scenario.adversaries.iter().enumerate().flat_map(move |(place, adversary)| {
        let attacks = adversary.attacks.iter().enumerate();
        let costs =
            attacks.map(|(at, named)| (at, named, shadows(scenario, adversary.vantage, &named.attack)));
        let slow = costs.filter(move |(_, _, work)| work.minutes() > may_take);
        slow.map(move |(at, named, work)| {
            format!(
                "adversaries.{place}.attacks.{at}: {} trains {} models on {} records in all, in each repeat. That is about \
                 {:.0} minutes of one core, more with many features, and timeouts.attack_ms allows {may_take:.0}: lower its \
                 `shadows`, or raise timeouts.attack_ms",
                named.id,
                work.models,
                work.records,
                work.minutes(),
            )
        })
    })
}

/// What an attack trains in one repeat.
fn shadows(scenario: &Scenario, vantage: Vantage, attack: &Attack) -> Work {
    let n = u64::from(scenario.parties());
    let partition = &scenario.federation.partition;
    let (own, candidates) = match vantage {
        Vantage::Party(party) => (records_of(scenario, party), n.saturating_sub(1)),
        Vantage::Outsider | Vantage::Aggregator => (0, n),
    };
    let shown = match vantage {
        Vantage::Outsider => false,
        Vantage::Party(_) => scenario.federation.disclosure == Disclosure::Open,
        Vantage::Aggregator => true,
    };
    let setting = Setting {
        candidates,
        shown,
        held: own + scenario.auxiliary.records as u64,
        targets: (partition.records() as u64).saturating_sub(own),
    };
    let learner = attack.needs().generation.unwrap_or(&scenario.federation.learner);
    let Training { models, records } = attack.training(&setting);
    Work::of(models, records).times(learner.members())
}

/// How many records a party is asked to get; the mean where that is drawn.
fn records_of(scenario: &Scenario, party: PartyId) -> u64 {
    let partition = scenario.federation.partition.get();
    match &partition.records_per_party {
        RecordsPerParty::Equal(records) => *records as u64,
        RecordsPerParty::Listed(list) => list.get(party.index()).map_or(0, |&records| records as u64),
        RecordsPerParty::Skewed { total, .. } => *total as u64 / u64::from(partition.parties.max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(attacks: &str, more: &str) -> Box<Scenario> {
        let text = format!(
            "name: cost\nseed: 1\nrepeats: 3\ndata: iris\n\
             federation: {{parties: 4, records_per_party: [100, 200, 300, 400], skew: {{iid: {{}}}}, \
             learner: {{random_forest: {{trees: 5}}}}, disclosure: open}}\n\
             auxiliary: {{records: 60}}\nadversaries:\n  - party: {{id: 3, attacks: [{attacks}]}}\n{more}"
        );
        match Scenario::parse("cost.yaml", &text, &[]).unwrap().study {
            Study::Federation(scenario) => scenario,
            Study::SingleTarget(_) => panic!("a federation was written"),
        }
    }

    #[test]
    fn models_and_records_by_hand() {
        let of = |attacks| Cost::of(&Study::Federation(scenario(attacks, "")));
        // Four parties of 1,000 records, 5 trees each, three times over.
        assert_eq!(of("gap, least_loss, prior_aware").targets, Work::of(60, 15_000));
        assert_eq!(of("gap, least_loss, prior_aware").shadows, Work::default());
        // Ten times three shadow parties on half of 360 records, 5 trees each, in each of three repeats.
        assert_eq!(of("confidence").shadows, Work::of(450, 27_000));
        assert_eq!(of("shadow_model: {shadows: 2}").shadows, Work::of(90, 5_400));
        let tree = "shadow_model: {shadows: 2, generation: {decision_tree: {}}}";
        assert_eq!(of(tree).shadows, Work::of(18, 1_080));
        assert_eq!(of("shadow_federation: {shadows: 2}").shadows, Work::of(60, 7_200));
        // The 700 records of the three others, divided among three.
        assert_eq!(of("shadow_federation: {shadows: 2, transductive: true}").shadows, Work::of(90, 21_000));
        let byzantine = scenario("confidence", "byzantine: [{party: 1, how: label_flip}]\n");
        let byzantine = Cost::of(&Study::Federation(byzantine));
        assert_eq!((byzantine.targets, byzantine.shadows), (Work::of(120, 30_000), Work::of(900, 54_000)));
    }

    #[test]
    fn single_targets_by_hand() {
        let of = |steps: &str| {
            let text = format!(
                "kind: single_target\nname: cost\nseed: 1\nrepeats: 3\nfolds: 2\ndata: iris\n\
                 target: {{records: 60, learners: [decision_tree, random_forest: {{trees: 5}}]}}\n\
                 knowledge: black_box\nshadow: {{records: 60, steps: [{steps}]}}\n\
                 generation: {{partitions: 2, learners: [decision_tree]}}\nattack: {{learners: [decision_tree]}}\n\
                 attacks: [gap, confidence, shadow_model]\n"
            );
            Cost::of(&Scenario::parse("cost.yaml", &text, &[]).unwrap().study)
        };
        let query = of("query: {budget: 1000}");
        // Six trees on 30 records in each of six folds.
        assert_eq!(query.targets, Work::of(36, 1_080));
        // Two shadow models on 20 records each; an attack model on what they say of 40 each; for two targets in six folds.
        assert_eq!(query.shadows, Work::of(12 * 3, 12 * (40 + 80)));
    }

    #[test]
    fn what_takes_longer_than_it_may_is_told_with_its_key() {
        let reported = |attacks, more| slow(&scenario(attacks, more)).collect::<Vec<_>>();
        let attack = "gap, shadow_model: {shadows: 10000}";
        // 10,000 times 5 trees on 180 records: 9 million records, 18 seconds.
        assert_eq!(reported(attack, ""), Vec::<String>::new());
        let [note] = &reported(attack, "timeouts: {attack_ms: 15000}\n")[..] else {
            panic!("one attack is slow")
        };
        assert!(
            note.starts_with("adversaries.0.attacks.1: shadow_model trains 150000 models on 9000000"),
            "{note}"
        );
    }
}
