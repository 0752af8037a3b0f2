//! Figures computed from claims.csv.gz alone, as somebody else would, held against those of the report.

use std::collections::BTreeMap;

use serde_json::Value;

/// Claims of one repeat, adversary, question and attack's id: truth, claim, score, and the draws that the record counts for.
type Claims = BTreeMap<[String; 4], Vec<(String, String, f64, [bool; 2])>>;

fn claims(text: &str) -> Claims {
    let mut claims = Claims::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let expected = "repeat,adversary,question,attack,id,record,member,claimed_member,owner,claimed_owner,score,uniform,matched,label";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), expected);
    for row in reader.records() {
        let row = row.unwrap();
        let key = [0, 1, 2, 4].map(|column| row[column].to_owned());
        // Each question has a pair of columns of its own, and leaves the other's empty.
        let (own, other) = if &row[2] == "source" { (8, 6) } else { (6, 8) };
        assert!(row[other].is_empty() && row[other + 1].is_empty(), "{row:?}");
        let counts = [11, 12].map(|column| &row[column] == "1");
        claims.entry(key).or_default().push((
            row[own].into(),
            row[own + 1].into(),
            row[10].parse().unwrap(),
            counts,
        ));
    }
    claims
}

/// Computes precision, accuracy and the area under the curve from the claims alone, and holds the report against them.
pub(crate) fn assert_rescored(report: &Value, text: &str) {
    let claims = claims(text);
    let mut held = 0;
    for result in report["results"].as_array().unwrap() {
        let repeats = report["scenario"]["repeats"].as_u64().unwrap();
        for repeat in 0..repeats as usize {
            let text = |name: &str| result[name].as_str().unwrap().to_owned();
            let key = [(repeat + 1).to_string(), text("adversary"), text("question"), text("id")];
            let all = &claims[&key];
            let near = |figure: &str, value: f64| {
                let reported = result[figure]["by_repeat"][repeat].as_f64().unwrap();
                assert!(
                    (reported - value).abs() < 1e-12,
                    "{key:?}: {figure} {reported}, from the claims {value}"
                );
            };
            if key[2] == "source" {
                near("accuracy", fraction(all.iter().map(|(truth, claim, ..)| truth == claim)));
                let precisions: Vec<f64> = result["candidates"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|party| party.to_string())
                    .filter(|party| all.iter().any(|(_, claim, ..)| claim == party))
                    .map(|party| {
                        fraction(
                            all.iter()
                                .filter(|(_, claim, ..)| *claim == party)
                                .map(|(truth, ..)| *truth == party),
                        )
                    })
                    .collect();
                near("precision", precisions.iter().sum::<f64>() / precisions.len() as f64);
            } else {
                let draw = usize::from(result["non_members"] == "matched");
                let counted: Vec<_> = all.iter().filter(|(.., counts)| counts[draw]).collect();
                let inside = counted.iter().filter(|(truth, ..)| truth == "1").count();
                assert_eq!(2 * inside, counted.len(), "as many non-members as members");
                near("accuracy", fraction(counted.iter().map(|(truth, claim, ..)| truth == claim)));
                let claimed = counted.iter().filter(|(_, claim, ..)| claim == "1");
                near("precision", fraction(claimed.map(|(truth, ..)| truth == "1")));
                let scores = |word: &str| -> Vec<f64> {
                    counted
                        .iter()
                        .filter(|(truth, ..)| truth == word)
                        .map(|(_, _, score, _)| *score)
                        .collect()
                };
                near("auc", area(&scores("1"), &scores("0")));
            }
            held += 1;
        }
    }
    assert_eq!(held, report["results"].as_array().unwrap().len() * 2);
}

fn fraction(outcomes: impl Iterator<Item = bool>) -> f64 {
    let (right, all) = outcomes.fold((0, 0), |(right, all), outcome| (right + u32::from(outcome), all + 1));
    f64::from(right) / f64::from(all)
}

/// The chance that a member's score is above a non-member's, a tie counting half.
fn area(members: &[f64], others: &[f64]) -> f64 {
    let mut sum = 0.0;
    for member in members {
        for other in others {
            sum += if member > other {
                1.0
            } else if member == other {
                0.5
            } else {
                0.0
            };
        }
    }
    sum / (members.len() * others.len()) as f64
}
