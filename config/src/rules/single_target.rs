//! What must hold between the parts of a scenario of single targets.

use turncoat_attack::{Attack, Question};

use super::held::Held;
use crate::single_target::Combine;
use crate::written::{Imitation, TargetAttack, Written};
use crate::yaml::join;

impl Held<'_, '_, '_> {
    /// Holds a whole scenario against its rules.
    pub(super) fn single_target(&mut self, study: &Written) {
        self.learners("target.learners", &study.target.learners);
        if self.sound(&["knowledge", "shadow"]) {
            for violation in study.shadow.check_against(&study.knowledge).err().unwrap_or_default() {
                let path = join("shadow", &violation.parameter);
                self.refuse_as(&path, violation.value, format!("must be {}", violation.rule));
            }
        }
        if let Some(generation) = &study.generation {
            for (place, imitation) in generation.learners.iter().enumerate() {
                if let Imitation::Several(_) = imitation {
                    self.learners(&format!("generation.learners.{place}.ensemble"), imitation.learners());
                }
            }
            self.kinds("generation.learners", generation.learners.iter().map(Imitation::name));
        }
        if let Some(attack) = &study.attack {
            self.learners("attack.learners", &attack.learners);
        }
        self.ids(
            "attacks",
            study.attacks.iter().map(|TargetAttack(named)| (named.id.clone(), named.attack.name())),
            Attack::NAMES,
        );
        for (place, TargetAttack(named)) in study.attacks.iter().enumerate() {
            let at = format!("attacks.{place}");
            if named.attack.question() == Question::Source && self.sound(&[&at]) {
                self.refuse(&at, "asks whose record it is, and a single target has one owner: must be an attack on membership");
            }
        }
        if self.sound(&["attacks"]) {
            self.all_there(study);
        }
    }

    /// What attacks learn from must be there, and enough of it.
    fn all_there(&mut self, study: &Written) {
        let asks_shadows = study.attacks.iter().any(TargetAttack::shares_shadows);
        let shares = study.attacks.iter().any(TargetAttack::shares_learners);
        let (generation, attack) = (study.generation.as_ref(), study.attack.as_ref());
        if let Some(generation) = generation
            && asks_shadows
            && self.sound(&["generation", "shadow"])
        {
            let parts = generation.partitions as usize + 1;
            if study.shadow.get().records < parts {
                let rule = format!(
                    "must be at least {parts}: a shadow model needs that many records of one class, one to test and one for each \
                     partition (generation.partitions)"
                );
                self.refuse("shadow.records", rule);
            }
        }
        let lists = [
            (
                "generation",
                asks_shadows,
                generation.map(|generation| generation.learners.len()),
                "attacks that learn from shadow models need generation.learners, such as [decision_tree]",
            ),
            (
                "attack",
                shares,
                attack.map(|attack| attack.learners.len()),
                "shadow_model needs attack.learners, such as [decision_tree]",
            ),
        ];
        for (key, needed, length, missing) in lists {
            if !needed || !self.sound(&["generation", "attack"]) {
                continue;
            }
            let targets = study.target.learners.len();
            match length {
                None => {
                    let spot = self.root.spot;
                    self.notes.note(spot, key, None, missing, None);
                }
                Some(length)
                    if study.combine == Combine::InStep
                        && length != targets
                        && self.sound(&["combine", "target"]) =>
                {
                    let rule = format!(
                        "must have as many learners as target.learners ({targets}) where they are combined in step, and has {length}"
                    );
                    self.refuse(&format!("{key}.learners"), rule);
                }
                Some(_) => {}
            }
        }
    }
}
