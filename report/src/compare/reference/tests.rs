//! What a table of references may say, and what is refused.

use super::*;

fn published() -> Vec<Reference> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/truex/published.csv");
    of_file(Path::new(file)).unwrap()
}

/// The published value of a configuration of one table.
fn value(scenario: &str, learners: [&str; 3], figure: &str) -> f64 {
    let expected: Vec<_> =
        ["target", "generation", "attack_learner"].into_iter().zip(learners.map(String::from)).collect();
    let all = published();
    let mut found =
        all.iter().filter(|row| row.scenario == scenario && row.figure == figure && row.fields == expected);
    let value = found.next().unwrap_or_else(|| panic!("{scenario} {learners:?}")).value;
    assert!(found.next().is_none(), "{scenario} {learners:?} stands twice");
    value
}

const LEARNERS: [&str; 4] = ["decision_tree", "knn", "logistic_regression", "naive_bayes"];
const DATA: [&str; 7] = [
    "adult",
    "mnist",
    "cifar10",
    "valued-shoppers-10",
    "valued-shoppers-20",
    "valued-shoppers-50",
    "valued-shoppers-100",
];

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Table 4 says what the deviations of Table 3 are: the columns of Table 3 are read in the right order.
#[test]
fn the_deviations_of_table_3_are_those_of_table_4() {
    let cell = |t: usize, g: usize, a: usize| {
        value("truex-table3-cifar10", [LEARNERS[t], LEARNERS[g], LEARNERS[a]], "accuracy")
    };
    for (figure, fixed) in [("target", 0), ("generation", 1), ("attack", 2)] {
        let of = |kind: usize| {
            let mut values = Vec::new();
            for one in 0..4 {
                for other in 0..4 {
                    values.push(match fixed {
                        0 => cell(kind, one, other),
                        1 => cell(one, kind, other),
                        _ => cell(one, other, kind),
                    });
                }
            }
            deviation(&values)
        };
        let ours = (0..4).map(of).sum::<f64>() / 4.0;
        let name = format!("deviation_fixed_{figure}");
        let all = published();
        let row = all.iter().find(|row| row.scenario == "truex-table4-cifar10" && row.figure == name);
        let theirs = row.unwrap().value;
        assert!((ours - theirs).abs() < 1e-4, "{figure}: {ours} against {theirs}");
    }
}

#[test]
fn tables_agree_where_they_say_the_same() {
    let same = |kind: &'static str| [kind; 3];
    for data in DATA {
        let tree = value(&format!("truex-table6-{data}"), same("decision_tree"), "accuracy");
        let first = value(&format!("truex-table1-{data}"), same("decision_tree"), "accuracy");
        // The paper prints CIFAR-10 with 90.37 in Table 6 alone.
        let expected = if data == "cifar10" { (0.9037, 0.9044) } else { (tree, tree) };
        assert_eq!((tree, first), expected, "{data}");
        for kind in LEARNERS {
            let precision = value(&format!("truex-table5-{data}"), same(kind), "precision");
            let accuracy = value(&format!("truex-table6-{data}"), same(kind), "accuracy");
            assert!((0.5..0.96).contains(&precision) && (0.5..0.96).contains(&accuracy), "{data} {kind}");
            assert!(accuracy > precision - 0.03, "{data} {kind}");
        }
    }
    let same = |kind: &'static str| value("truex-table3-cifar10", [kind; 3], "accuracy");
    for kind in &LEARNERS[1..] {
        assert_eq!(same(kind), value("truex-table6-cifar10", [kind; 3], "accuracy"));
    }
    assert_eq!(value("truex-table2-valued-shoppers-20", ["decision_tree"; 3], "accuracy"), 0.8898);
    // Table 7 names the largest of Table 3, and of Table 2's target.
    let best = ["decision_tree", "logistic_regression", "naive_bayes"];
    for (table, data) in [(3, "cifar10"), (2, "valued-shoppers-20")] {
        let all = published();
        let of_table = all.iter().filter(|row| row.scenario == format!("truex-table{table}-{data}"));
        let largest = of_table.map(|row| row.value).fold(0.0, f64::max);
        assert_eq!(value(&format!("truex-table7-{data}"), best, "accuracy"), largest);
    }
}

#[test]
fn every_published_figure_has_a_source_and_stand_ins_are_called_so() {
    let all = published();
    let of =
        |table: usize| all.iter().filter(|row| row.source == format!("Truex et al., Table {table}")).count();
    assert_eq!([1, 2, 3, 4, 5, 6, 7, 8].map(of), [7, 16, 64, 21, 28, 28, 24, 16]);
    assert_eq!(all.len(), 204);
    for row in &all {
        let table: String = row.source.chars().rev().take(1).collect();
        assert!(row.scenario.starts_with(&format!("truex-table{table}-")), "{row:?}");
        assert_eq!(row.scenario.contains("shopper"), row.note.starts_with("stand-in: not number for number"));
    }
}

#[test]
fn a_table_that_is_malformed_is_told_with_its_line() {
    for (text, says) in [
        ("scenario,figure\na,accuracy\n", "x: the column `value` is missing"),
        ("scenario,figure,value,atack\na,accuracy,0.5,gap\n", "x: unknown column \"atack\""),
        (
            "scenario,figure,value\na,accuracy,0.5\nb,accuracy,59.9\n",
            "x:3: value is \"59.9\": must be a fraction",
        ),
        (
            "scenario,figure,value\na,acuracy,0.5\n",
            "x:2: figure is \"acuracy\", which no result has; did you mean `accuracy`?",
        ),
        (
            "scenario,figure,value\na,x,0.5\n",
            "x:2: figure is \"x\", which no result has; known are precision, ",
        ),
        ("scenario,figure,value\n,accuracy,0.5\n", "x:2: scenario and figure must not be empty"),
        ("scenario,figure,value,sweep\na,accuracy,0.5,alpha\n", "x:2: sweep has \"alpha\": write key=value"),
        ("scenario,figure,value\na,accuracy\n", "x: "),
    ] {
        let told = of_text("x", text.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(says), "{told}");
    }
    let rows = of_text("x", b"scenario,figure,value,sweep\na,auc,.5,k=1; l = x y\n").unwrap();
    assert_eq!(rows[0].swept, [("k".into(), "1".into()), ("l".into(), "x y".into())]);
}
