//! What sweeps mean, and what is wrong with them.

use super::*;

/// `SMALL` with a sweep.
fn swept(sweep: &str, overrides: &[&str]) -> Result<Plan, ScenarioErrors> {
    let overrides: Vec<String> = overrides.iter().map(|&o| o.into()).collect();
    Plan::parse("x.yaml", &format!("{SMALL}sweep: {sweep}\n"), &overrides)
}

fn runs(sweep: &str, overrides: &[&str]) -> Sweep {
    match swept(sweep, overrides).unwrap_or_else(|errors| panic!("{errors}")) {
        Plan::Sweep(sweep) => sweep,
        Plan::Single(_) => panic!("no sweep"),
    }
}

fn refused(sweep: &str, overrides: &[&str]) -> Vec<String> {
    swept(sweep, overrides).unwrap_err().to_string().lines().map(Into::into).collect()
}

#[test]
fn runs_are_the_product_in_the_order_of_the_file_the_last_key_fastest() {
    let sweep = runs("{federation.skew.dirichlet.alpha: [0.1, .5, 1e1], federation.parties: [3, 5]}", &[]);
    assert_eq!(sweep.keys, ["federation.skew.dirichlet.alpha", "federation.parties"]);
    let values: Vec<String> = sweep.runs.iter().map(|run| run.values.join(" ")).collect();
    assert_eq!(values, ["0.1 3", "0.1 5", ".5 3", ".5 5", "1e1 3", "1e1 5"]);
    for run in &sweep.runs {
        let set: Vec<String> =
            sweep.keys.iter().zip(&run.values).map(|(key, value)| format!("{key}={value}")).collect();
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        assert_eq!(run.loaded, small(&set), "each run is what --set makes of it");
    }
}

#[test]
fn a_list_of_lists_sweeps_lists_and_maps_are_values_too() {
    let sweep = runs(
        "{federation.records_per_party: [[10, 20, 30], 20], federation.skew: [iid, {dirichlet: {alpha: 2}}]}",
        &[],
    );
    let values: Vec<String> = sweep.runs.iter().map(|run| run.values.join(" / ")).collect();
    assert_eq!(
        values,
        [
            "[10, 20, 30] / iid",
            "[10, 20, 30] / {dirichlet: {alpha: 2}}",
            "20 / iid",
            "20 / {dirichlet: {alpha: 2}}"
        ]
    );
}

#[test]
fn a_resolved_sweep_is_the_same_sweep() {
    let texts = [
        ("{federation.parties: [3, 5], seed: [1, 2]}", &["repeats=4"][..]),
        ("{federation.records_per_party: [[10, 20, 30], 20], name: ['a: b', \"1\"]}", &[]),
        ("{adversaries: [[], [party: {id: 2, attacks: [gap, shadow_model: {shadows: 2}]}]]}", &[]),
    ];
    for (text, overrides) in texts {
        let first = runs(text, overrides);
        let Plan::Sweep(second) = Plan::parse("x.yaml", &first.resolved_yaml, &[]).unwrap() else { panic!() };
        assert_eq!(first, second, "{}", first.resolved_yaml);
    }
}

#[test]
fn an_override_of_a_swept_key_ends_its_sweep() {
    let sweep = runs("{federation.parties: [3, 5], seed: [1, 2]}", &["federation.parties=4"]);
    assert_eq!((sweep.keys.len(), sweep.runs.len()), (1, 2));
    assert!(sweep.runs.iter().all(|run| run.loaded.study.federation().unwrap().parties() == 4));
    let single = swept("{seed: [1, 2]}", &["seed=7"]).unwrap();
    assert_eq!(single, Plan::Single(Box::new(small(&["seed=7"]))));
    for without in ["sweep=", "sweep={}"] {
        assert_eq!(swept("{seed: [1, 2]}", &[without]).unwrap(), Plan::Single(Box::new(small(&[]))));
    }
    // The last word counts.
    assert_eq!(runs("{seed: [1, 2]}", &["seed=7", "sweep.seed=[4, 5, 6]"]).runs.len(), 3);
}

#[test]
fn keys_can_be_swept_from_the_command_line() {
    let overrides: Vec<String> = ["sweep.federation.parties=[3, 4, 5]".into(), "repeats=2".into()].into();
    let Plan::Sweep(sweep) = Plan::parse("x.yaml", SMALL, &overrides).unwrap() else { panic!() };
    let parties: Vec<u32> =
        sweep.runs.iter().map(|run| run.loaded.study.federation().unwrap().parties()).collect();
    assert_eq!(parties, [3, 4, 5]);
    assert!(sweep.runs.iter().all(|run| run.loaded.study.repeats() == 2));
}

#[test]
fn one_experiment_is_asked_for_where_a_sweep_cannot_serve() {
    let text = format!("{SMALL}sweep: {{federation.parties: [3, 4], seed: [1]}}\n");
    let error = parse(&text, &[]).unwrap_err().to_string();
    assert!(
        error.contains("a sweep of 2 runs")
            && error.contains("--set federation.parties=VALUE --set seed=VALUE")
    );
}

#[test]
fn violations_of_many_runs_are_told_once_with_the_values_that_bring_them_about() {
    // The list stands on line 10 of the file; each value has its own place.
    let reported =
        refused("{federation.parties: [3, 0, 2], federation.records_per_party: [20, x], seed: [1, 2]}", &[]);
    assert_eq!(
        reported,
        [
            "x.yaml:9:17: adversaries.0.party.id is 3: there are parties 1 to 2 (federation.parties) (for \
             federation.parties=2)",
            "x.yaml:10:33: federation.parties is 0: must be a whole number from 1 to 10000",
            "x.yaml:10:75: federation.records_per_party is x: must be a whole number, a list of one for each party, or \
             {skewed: {alpha, total}}",
        ]
    );
    // An unknown key is one mistake, however many values it was to take.
    assert_eq!(
        refused("{federation.partys: [3, 5]}", &[]),
        ["x.yaml:10:9: federation.partys: unknown key; did you mean `parties`?"]
    );
    // What is wrong in every run is wrong with the scenario.
    assert_eq!(
        refused("{federation.parties: [3, 5]}", &["repeats=0"]),
        ["--set repeats=0: repeats is 0: must be a whole number from 1 to 1000000"]
    );
    // Neither key alone tells: with four parties, party 4 is one.
    assert_eq!(
        refused("{federation.parties: [3, 4], adversaries.0.party.id: [3, 4]}", &[]),
        ["x.yaml:10:65: adversaries.0.party.id is 4: there are parties 1 to 3 (federation.parties) (for \
          federation.parties=3, adversaries.0.party.id=4)"]
    );
    // Not all runs that show it share a value.
    let reported = refused("{adversaries.0.party.id: [1, 2], federation.parties: [3, 2, 1]}", &[]);
    assert_eq!(reported.len(), 2, "{reported:#?}");
    assert!(reported[0].ends_with(
        "needs federation.parties of at least 3 (in 3 of 6 runs, the first with adversaries.0.party.id=1, \
         federation.parties=2)"
    ), "{reported:#?}");
    assert!(reported[1].ends_with("(for adversaries.0.party.id=2, federation.parties=1)"), "{reported:#?}");
}

#[test]
fn what_cannot_be_swept_is_refused_with_a_mend() {
    for (sweep, overrides, says) in [
        ("[1]", &[][..], "sweep: must be a map from key paths to lists of values"),
        (
            "{federation: {parties: [3]}}",
            &[],
            "sweep.federation: must be a list of values; write the whole path as one key",
        ),
        (
            "{seed: 3}",
            &[],
            "sweep.seed: must be a list of values, such as [3, 5]; one value is set at the key itself",
        ),
        ("{seed: []}", &[], "sweep.seed: an empty list is no run at all"),
        ("{seed: [1], seed: [2]}", &[], "sweep.seed: given twice"),
        ("{sweep.seed: [1]}", &[], "sweep.sweep.seed: a sweep cannot be swept"),
        ("{sweep: [1]}", &[], "sweep.sweep: a sweep cannot be swept"),
        ("{federation..parties: [1]}", &[], "no empty step"),
        ("{adversaries.4.party.id: [1]}", &[], "adversaries.4: adversaries is a list of 1"),
        (
            "{federation.skew: [iid], federation.skew.dirichlet.alpha: [1]}",
            &[],
            "sweep.federation.skew.dirichlet.alpha: federation.skew is swept as well",
        ),
        (
            "{federation.skew.dirichlet.alpha: [1]}",
            &["federation.skew=iid"],
            "--set federation.skew=iid: federation.skew: the scenario sweeps federation.skew.dirichlet.alpha",
        ),
        (
            "{seed: [1]}",
            &["sweep.repeats=3"],
            "--set sweep.repeats=3: sweep.repeats: must be a list of values",
        ),
    ] {
        let reported = refused(sweep, overrides);
        assert!(reported.len() == 1 && reported[0].contains(says), "{sweep}: {reported:#?}");
    }
}

#[test]
fn too_many_runs_are_refused_and_counted() {
    let hundred = (0..101).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let reported = refused(&format!("{{seed: [{hundred}], repeats: [{hundred}]}}"), &[]);
    // The first of the counts of repeats is 0, which is told as well.
    assert!(
        reported[0].contains("sweep: asks for 101 x 101 runs, and a sweep has at most 10000"),
        "{reported:?}"
    );
    let many = ["seed", "repeats", "name", "timeouts.fit_ms", "timeouts.ready_ms", "timeouts.drain_ms"];
    let many: Vec<String> = many.iter().map(|key| format!("{key}: [{hundred}]")).collect();
    assert!(refused(&format!("{{{}}}", many.join(", ")), &[])[0].contains("at most 10000"));
}
