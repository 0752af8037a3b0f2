//! The file that a draft becomes: every key with a comment, and other values that may stand there.

use super::answers::{Draft, Source};
use super::choices::Kind;
use super::{federation, single_target};
use crate::datasets;

/// The scenario's text. `schema` is a path or an address for editors.
pub(crate) fn text(draft: &Draft, schema: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(schema) = schema {
        text.push_str(&format!("# yaml-language-server: $schema={schema}\n"));
    }
    match draft.kind {
        Kind::Federation => federation::write(draft, &mut text),
        Kind::SingleTarget => single_target::write(draft, &mut text),
    }
    text
}

/// What both kinds begin with.
pub(super) fn head(draft: &Draft, text: &mut String) {
    let Draft { name, seed, repeats, .. } = draft;
    text.push_str(&format!(
        "\
# What reports call it.
name: {}
",
        word(name)
    ));
    if draft.kind == Kind::SingleTarget {
        text.push_str(
            "\
# What is attacked: `single_target`, one model by itself; without this key, a federation.
kind: single_target
",
        );
    }
    text.push_str(&format!(
        "\
# The number from which every random draw derives: the same seed gives the same figures, to the last bit.
seed: {seed}
# How often everything is drawn, trained and attacked anew. From two on every figure has an interval.
repeats: {repeats}
"
    ));
}

/// Where records come from, and what is done to them.
pub(super) fn data(draft: &Draft, text: &mut String) {
    text.push_str("# Where the records come from: `turncoat data list` shows what can stand here.\ndata:\n");
    match &draft.data {
        Source::Named("purchase") => text.push_str(
            "  # The class column makes five files of the same records: 2, 10, 20, 50 or 100 classes.
  purchase: {classes: 100}
",
        ),
        Source::Named("valued_shoppers") => text.push_str(
            "  # The class column makes four files of the same records: 10, 20, 50 or 100 classes.
  valued_shoppers: {classes: 50}
",
        ),
        Source::Named("census") => text.push_str(
            "  # Mixed columns in the manner of Adult, drawn from the seed; label_noise is the share of labels drawn blindly.
  synthetic: {census: {records: 20000, label_noise: 0.3}}
",
        ),
        Source::Named("purchases") => text.push_str(
            "  # Binary shopping profiles, drawn from the seed; flip is how often a field is not its class's own.
  synthetic: {purchases: {records: 20000, features: 600, classes: 100, flip: 0.2}}
",
        ),
        Source::Named("gaussian_clusters") => text.push_str(
            "  # Gaussian clusters, several to a class, drawn from the seed; label_noise is the share of labels drawn blindly.
  synthetic: {gaussian_clusters: {records: 20000, features: 32, classes: 10, clusters_per_class: 10, label_noise: 0.05}}
",
        ),
        Source::Named(name) => {
            if let Some(set) = datasets::set(name)
                && let (Some(records), Some(features)) = (set.records, set.features)
            {
                text.push_str(&format!(
                    "  # {records} records of {features} features, {} classes.\n",
                    set.classes
                ));
            }
            text.push_str(&format!("  {name}: {{}}\n"));
        }
        Source::Csv { path, target, .. } => {
            text.push_str(&format!(
                "  csv:
    # Looked for beside this file, then in the data folder (--data-dir, TURNCOAT_DATA); it may be gzipped.
    path: {}
",
                word(path)
            ));
            match target {
                Some(target) => text.push_str(&format!(
                    "    # The class column, by its name or its place: 1 is the first, -1 the last.\n    target: {}\n",
                    target.parse::<i64>().map_or_else(|_| word(target), |place| place.to_string())
                )),
                None => text.push_str(
                    "    # The class column, by its name or its place: 1 is the first, -1 the last.\n    target: -1\n",
                ),
            }
        }
    }
    text.push_str(
        "\
# What is done to the records first. categories: `ordinal` (numbers) or `one_hot` (a column each); scale: `none`
# or `min_max` (to [0, 1]). Trees do not care about scales; knn and logistic_regression do.
preprocess: {categories: ordinal, scale: none}
",
    );
}

/// A text as YAML takes it for a text.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let bare = text.chars().all(plain)
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off"
        );
    if bare {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}
