//! Whom an insider's attack is held against, by hand.

use super::*;
use crate::result::figure::Mean;

fn result(vantage: &str, attack: &str, accuracy: &[f64]) -> ResultFigures {
    let nothing = || Summary::new(Vec::new());
    let accuracy = Summary::new(accuracy.iter().copied().map(Some).collect());
    let prior_only = PriorOnly {
        precision: nothing(),
        accuracy: Summary::new(vec![Some(0.5); accuracy.by_repeat.len()]),
        unnamed: Some(Mean(0.0)),
    };
    ResultFigures {
        vantage: Some(vantage.into()),
        adversary: Some(vantage.into()),
        question: Some("source".into()),
        attack: Some(attack.into()),
        id: Some(attack.into()),
        candidates: vec![1, 2],
        over_prior: Differences::over_prior(&accuracy, &nothing(), &prior_only),
        precision: nothing(),
        accuracy,
        prior_only,
        ..ResultFigures::default()
    }
}

#[test]
fn the_same_attack_is_the_counterpart() {
    let insider = result("party", "least_loss", &[0.75, 0.75]);
    assert_eq!(insider.over_prior.accuracy.by_repeat, [Some(0.25), Some(0.25)]);
    let results = [
        insider,
        result("outsider", "better", &[0.75, 0.75]),
        result("outsider", "least_loss", &[0.5, 0.625]),
    ];
    let over = Differences::over_outsider(&results);
    let over = over[0].as_ref().unwrap();
    assert_eq!(over.attacks, ["least_loss"]);
    assert_eq!(over.accuracy.by_repeat, [Some(0.25), Some(0.125)]);
    assert_eq!(over.precision.mean, None);
}

/// The attack that is best in the odd repeats stands in the even ones, and the reverse.
#[test]
fn another_counterpart_is_chosen_on_other_repeats() {
    let results = [
        result("party", "prior_aware", &[1.0, 1.0, 1.0, 1.0]),
        result("outsider", "odd", &[0.75, 0.25, 0.75, 0.25]),
        result("outsider", "even", &[0.25, 0.75, 0.25, 0.75]),
    ];
    let over = Differences::over_outsider(&results);
    let first = over[0].as_ref().unwrap();
    assert_eq!(first.attacks, ["even", "odd"]);
    assert_eq!(first.accuracy.by_repeat, [Some(0.75); 4]);
    assert_eq!(over[1..], [None, None]);
}

#[test]
fn who_was_asked_about_other_records_is_no_counterpart() {
    let mut hub = result("aggregator", "least_loss", &[0.75]);
    hub.candidates = vec![1, 2, 3];
    let results = [hub, result("outsider", "least_loss", &[0.5])];
    assert_eq!(Differences::over_outsider(&results), [None, None]);
    assert_eq!(Differences::over_outsider(&results[..1]), [None]);
}
