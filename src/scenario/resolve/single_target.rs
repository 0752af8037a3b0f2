//! An experiment on single targets written out with every default filled in.

use turncoat_attack::Ties;
use turncoat_attack::{Generation, Sees};
use turncoat_learn::Learner;

use super::knowledge::knowledge;
use super::learner::learner;
use super::shadow::shadow;
use super::{Resolved, data, preprocess, tagged};
use crate::scenario::single_target::{Combine, Exports, NamedTargetAttack, SingleTarget, TargetAttack};
use crate::scenario::write::{Out, write};

/// What figures depend on, then what is kept of them.
pub(super) fn single_target(study: &SingleTarget) -> Resolved {
    let list = |learners: &[Learner]| Out::List(learners.iter().map(learner).collect());
    let target = Out::map([
        ("records", Out::plain(study.target.records)),
        ("noise", Out::number(study.target.noise)),
        ("learners", list(&study.target.learners)),
    ]);
    let mut figures = vec![
        ("kind", Out::plain("single_target")),
        ("name", Out::text(&study.name)),
        ("seed", Out::plain(study.seed)),
        ("repeats", Out::plain(study.repeats)),
        ("folds", Out::plain(study.folds)),
        ("data", data(&study.data)),
        ("preprocess", preprocess(&study.preprocess)),
        ("target", target),
        ("knowledge", knowledge(&study.knowledge)),
        ("shadow", shadow(&study.shadow)),
    ];
    if let Some(first) = study.generations.first() {
        let entry = |generation: &Generation| match generation.learners() {
            [only] => learner(only),
            several => tagged("ensemble", list(several)),
        };
        let learners = Out::List(study.generations.iter().map(entry).collect());
        let partitions = Out::plain(first.partitions());
        figures.push(("generation", Out::map([("partitions", partitions), ("learners", learners)])));
    }
    let shared = &study.attack_learners[..study.shared_learners];
    if !shared.is_empty() {
        let sees = match study.view.sees {
            Sees::Vector => Out::plain("vector"),
            Sees::Summary => Out::plain("summary"),
            Sees::TopK(k) => tagged("top_k", Out::plain(k)),
        };
        figures.push((
            "attack",
            Out::map([
                ("learners", list(shared)),
                ("sees", sees),
                ("label", Out::plain(study.view.label)),
                ("models", Out::plain(if study.view.per_class { "per_class" } else { "one" })),
            ]),
        ));
    }
    let combine = match study.combine {
        Combine::Product => "product",
        Combine::InStep => "in_step",
    };
    figures.push(("combine", Out::plain(combine)));
    let attacks = study.attacks.iter().map(|named| attack(study, named)).collect();
    figures.push(("attacks", Out::List(attacks)));
    let Exports { claims, attack_sets, vectors } = study.export;
    let kept = [("claims", claims), ("attack_sets", attack_sets), ("vectors", vectors)];
    let kept = kept.into_iter().filter(|(_, kept)| *kept).map(|(name, _)| Out::plain(name)).collect();
    let files = write(&Out::map([("export", Out::List(kept))]));
    Resolved { figures: write(&Out::map(figures)), launch: String::new(), files }
}

/// As of a federation: the name alone where that says all.
fn attack(study: &SingleTarget, named: &NamedTargetAttack) -> Out {
    let name = named.attack.name();
    let id = (named.id != name).then(|| ("id", Out::text(&named.id)));
    let own = named.attack_learner.map(|place| ("attack_learner", learner(&study.attack_learners[place])));
    // The lowest class is what it was before there was a choice.
    let coin = named.attack == TargetAttack::Gap(Ties::Coin);
    let ties = coin.then(|| ("ties", Out::plain("coin")));
    match (&id, &own, &ties) {
        (None, None, None) => Out::plain(name),
        _ => tagged(name, Out::map(id.into_iter().chain(own).chain(ties))),
    }
}
