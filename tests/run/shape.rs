//! What stands in a report: the fields of each of its parts, and what their values may be.

use serde_json::Value;

pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// A figure with its repeats: a fraction, or null throughout.
pub(crate) fn check_summary(summary: &Value, repeats: usize, range: [f64; 2]) {
    assert_eq!(keys(summary), ["by_repeat", "ci95", "mean", "std"], "{summary}");
    let by_repeat = summary["by_repeat"].as_array().unwrap();
    assert_eq!(by_repeat.len(), repeats);
    let fraction = |value: &Value| match value {
        Value::Null => true,
        value => value.as_f64().is_some_and(|value| (range[0]..=range[1]).contains(&value)),
    };
    assert!(by_repeat.iter().all(fraction) && fraction(&summary["mean"]), "{summary}");
    let known = by_repeat.iter().filter(|value| !value.is_null()).count();
    assert_eq!(summary["mean"].is_null(), known == 0, "{summary}");
    assert_eq!(summary["std"].is_null(), known < 2, "{summary}");
    assert_eq!(summary["ci95"].is_null(), known < 2, "{summary}");
    if let Some(ends) = summary["ci95"].as_array() {
        let (low, mean) = (ends[0].as_f64().unwrap(), summary["mean"].as_f64().unwrap());
        assert!(ends.len() == 2 && low <= mean && mean <= ends[1].as_f64().unwrap(), "{summary}");
    }
}

pub(crate) fn check_result(result: &Value, repeats: usize) {
    let expected = [
        "accuracy",
        "advantage",
        "adversary",
        "attack",
        "auc",
        "by_party",
        "candidates",
        "chance",
        "claims",
        "claims_in",
        "id",
        "non_members",
        "over_outsider",
        "over_prior",
        "precision",
        "prior_only",
        "question",
        "recall",
        "records",
        "smallest_fpr",
        "tpr_at_fpr_0_1pct",
        "tpr_at_fpr_1pct",
        "vantage",
    ];
    assert_eq!(keys(result), expected);
    for name in
        ["precision", "accuracy", "recall", "auc", "tpr_at_fpr_1pct", "tpr_at_fpr_0_1pct", "smallest_fpr"]
    {
        check_summary(&result[name], repeats, [0.0, 1.0]);
    }
    check_summary(&result["advantage"], repeats, [-1.0, 1.0]);
    assert_eq!(keys(&result["prior_only"]), ["accuracy", "precision", "unnamed"]);
    check_summary(&result["over_prior"]["precision"], repeats, [-1.0, 1.0]);
    check_summary(&result["over_prior"]["accuracy"], repeats, [-1.0, 1.0]);
    check_summary(&result["prior_only"]["precision"], repeats, [0.0, 1.0]);
    check_summary(&result["prior_only"]["accuracy"], repeats, [0.0, 1.0]);
    assert!(result["records"].as_f64().is_some_and(|records| records > 0.0));

    let (vantage, adversary) = (result["vantage"].as_str().unwrap(), result["adversary"].as_str().unwrap());
    assert!(["outsider", "party", "aggregator"].contains(&vantage));
    assert_eq!(adversary, if vantage == "party" { "party-3" } else { vantage });
    let candidates: &[u64] = if vantage == "aggregator" { &[1, 2, 3] } else { &[1, 2] };
    assert_eq!(result["candidates"], serde_json::json!(candidates));
    match result["question"].as_str().unwrap() {
        "source" => {
            assert!(result["non_members"].is_null());
            assert_eq!(result["chance"], 1.0 / candidates.len() as f64);
            assert!(result["auc"]["mean"].is_null() && result["advantage"]["mean"].is_null());
            let by_party = result["by_party"].as_array().unwrap();
            assert_eq!(by_party.len(), candidates.len());
            for party in by_party {
                assert_eq!(keys(party), ["claims", "id", "precision", "recall", "records"]);
                check_summary(&party["precision"], repeats, [0.0, 1.0]);
                check_summary(&party["recall"], repeats, [0.0, 1.0]);
            }
            // Every claim names one party, and is on a record of one.
            for count in ["claims", "records"] {
                let all: f64 = by_party.iter().map(|party| party[count].as_f64().unwrap()).sum();
                assert!((all - result["claims"].as_f64().unwrap()).abs() < 1e-9, "{count}: {all}");
            }
        }
        "membership" => {
            assert!(["uniform", "matched"].contains(&result["non_members"].as_str().unwrap()));
            assert_eq!((&result["chance"], &result["by_party"]), (&0.5.into(), &Value::Array(vec![])));
            assert!(result["auc"]["mean"].is_f64());
        }
        other => panic!("{other}"),
    }
}
