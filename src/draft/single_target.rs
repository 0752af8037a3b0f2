//! The scenario of a single target, commented.

use super::answers::Draft;
use super::text::{data, head};

pub(super) fn write(draft: &Draft, text: &mut String) {
    text.push_str(
        "\
# One model, and an adversary who asks it whether records were in its training data (Truex et al., section 3).
#
# Hypothesis: (say here what you expect, and why: the report will show whether it is so)
",
    );
    head(draft, text);
    text.push_str(
        "\
# The pool is halved so often in each repeat: one half trains the target, the other was never seen by it.
folds: 2
",
    );
    data(draft, text);
    let records = draft.records;
    text.push_str(&format!(
        "\
# What is attacked.
target:
  # Its pool, of which half is trained on.
  records: {records}
  # What it is: decision_tree, knn, logistic_regression, naive_bayes, random_forest, ada_boost; each is attacked.
  learners: [decision_tree]
# What the adversary knows of the target: black_box, grey_box or white_box.
knowledge: white_box
# What the adversary trains its own models on.
shadow:
  # How many records.
  records: {records}
  # How it comes by them: here from where the target's records come from.
  steps: [same_distribution]
# The shadow models, whose members the adversary knows.
generation:
  # What they are; `combine` says how they go together with the targets.
  learners: [decision_tree]
# What learns from the shadow models' answers to tell members from others.
attack:
  # Its learners.
  learners: [decision_tree]
# How targets, shadow models and attack models are combined: `in_step`, first with first; `product`, each with each.
combine: in_step
# gap needs no model: it claims to be in what the target gets right. shadow_model is the attack described above.
attacks: [gap, shadow_model]
"
    ));
}
