//! A federation's scenario, commented.

use super::answers::Draft;
use super::choices::{Disclosure, Skew, Who, Word};
use super::text::{data, head};

pub(super) fn write(draft: &Draft, text: &mut String) {
    text.push_str(
        "\
# A federation whose members and users try to find out about each other's training records.
#
# Hypothesis: (say here what you expect, and why: the report will show whether it is so)
",
    );
    head(draft, text);
    data(draft, text);
    let Draft { parties, records, .. } = draft;
    text.push_str(&format!(
        "
# The federation that is attacked.
federation:
  # The data owners; each trains a model on its own records, and the coordinator averages their answers.
  parties: {parties}
  # How many records each gets; also a list of one number for each, or {{skewed: {{alpha, total}}}}.
  records_per_party: {records}
"
    ));
    text.push_str(match draft.skew {
        Skew::Iid => "  # How unevenly classes are divided: here all parties alike. Also simplex, {dirichlet: {alpha: 0.5}}, explicit, clustered.\n  skew: {iid: {}}\n",
        Skew::Simplex => "  # How unevenly classes are divided: here each party's shares are drawn evenly from all there can be. Also iid,\n  # {dirichlet: {alpha: 0.5}}, explicit (a row of shares for each party), clustered.\n  skew: {simplex: {}}\n",
        Skew::Dirichlet => "  # How unevenly classes are divided: a small alpha gives each party few classes, a large one the same of all.\n  # Also iid, simplex, explicit (a row of shares for each party), clustered.\n  skew: {dirichlet: {alpha: 0.5}}\n",
        Skew::Clustered => "  # How unevenly classes are divided: each class is split into clusters, and those are divided with this concentration.\n  # Also iid, simplex, {dirichlet: {alpha: 0.5}}, explicit.\n  skew: {clustered: {alpha: 0.3, clusters: 8}}\n",
    });
    text.push_str(
        "  # What each party trains: decision_tree, knn, logistic_regression, naive_bayes, random_forest, ada_boost.
  learner: {decision_tree: {}}
",
    );
    text.push_str(match draft.disclosure {
        Disclosure::Open => "  # Who sees the parties' single answers: `open`, every member; `aggregator`, the coordinator alone.\n  disclosure: open\n",
        Disclosure::Aggregator => "  # Who sees the parties' single answers: `aggregator`, the coordinator alone; `open`, every member.\n  disclosure: aggregator\n",
    });
    text.push_str(&format!(
        "
# Records that are held out and that every adversary knows.
auxiliary:
  # Their number; confidence and the attacks with shadows learn from them.
  records: {}
",
        draft.auxiliary()
    ));
    adversaries(draft, text);
    text.push_str(
        "
# How it is run, which changes no figure: `processes`, one for each member, talking gRPC under TLS; `in_process`, the same
# services in one process, which is quicker.
launch: {mode: in_process}
",
    );
}

fn adversaries(draft: &Draft, text: &mut String) {
    if draft.adversaries.is_empty() {
        text.push_str("\n# Who attacks, and how: here nobody, so only the federation's accuracy is measured.\nadversaries: []\n");
        return;
    }
    text.push_str(
        "
# Who attacks, and how. Whose record is it: least_loss, prior_aware, shadow_federation. Was it in the training data: gap,
# confidence, shadow_model. The two of shadows train models of their own, and take longer.
adversaries:
",
    );
    // Whose a record is can only be asked where two can have it, and a member leaves itself out.
    let source = |attacks: &'static str, least: u32| if draft.parties >= least { attacks } else { "" };
    for who in Who::ALL.iter().filter(|who| draft.adversaries.contains(who)) {
        text.push_str(&match who {
            Who::Outsider => format!(
                "  # Whoever may ask, and sees the average alone.\n  - outsider: {{attacks: [{}gap, confidence]}}\n",
                source("least_loss, ", 2)
            ),
            Who::Party => format!(
                "  # A malicious party: it knows its own records, and sees what the disclosure lets it see.\n  - party: {{id: {}, attacks: [{}gap, confidence]}}\n",
                draft.parties,
                source("least_loss, prior_aware, ", 3)
            ),
            Who::Aggregator => format!(
                "  # The malicious hub: it sees every single answer, and has no records of its own.\n  - aggregator: {{attacks: [{}gap, confidence]}}\n",
                source("least_loss, prior_aware, ", 2)
            ),
        });
    }
}
