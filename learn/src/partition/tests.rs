//! Partitions whose outcome is known by hand, and what holds of every partition.

use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::dataset::{Dataset, Feature, FeatureKind};
use crate::party_id::PartyId;
use crate::seed::Seed;

/// A data set of so many records of each class, the classes one after the other.
fn data(counts: &[usize]) -> Dataset {
    let labels: Vec<u32> =
        counts.iter().enumerate().flat_map(|(class, &count)| vec![class as u32; count]).collect();
    let records = Array2::zeros((labels.len(), 1));
    let features = vec![Feature { name: "f0".into(), kind: FeatureKind::Numeric }];
    let classes = (0..counts.len()).map(|class| format!("c{class}")).collect();
    Dataset::new("set", records, labels, features, classes).unwrap()
}

fn raw(parties: u32, records: usize, skew: Skew) -> RawPartitionParams {
    RawPartitionParams {
        parties,
        records_per_party: RecordsPerParty::Equal(records),
        skew,
        on_degenerate: OnDegenerate::Warn,
    }
}

fn draw(raw: RawPartitionParams, data: &Dataset, auxiliary: usize) -> Result<Partition, PartitionError> {
    draw_at(&raw.check().unwrap(), data, auxiliary, Seed::root(8))
}

fn draw_at(
    params: &PartitionParams,
    data: &Dataset,
    auxiliary: usize,
    seed: Seed,
) -> Result<Partition, PartitionError> {
    Partition::draw(params, data, &Clusters::find(params, data, Seed::root(1)), auxiliary, seed)
}

fn party(number: u32) -> PartyId {
    PartyId::new(number).unwrap()
}

#[test]
fn explicit_shares_are_met_to_the_record() {
    let data = data(&[10, 6]);
    let shares = vec![vec![0.5, 0.5], vec![1.0, 0.0]];
    let partition = draw(raw(2, 4, Skew::Explicit(shares)), &data, 0).unwrap();
    assert_eq!(data.class_counts(partition.rows(party(1))), [2, 2]);
    assert_eq!(data.class_counts(partition.rows(party(2))), [4, 0]);
    assert_eq!(data.class_counts(partition.held_out()), [4, 4]);
    assert_eq!(partition.shares(party(1)), [0.5, 0.5]);
    assert_eq!(partition.shortfalls(), []);
    assert_eq!(partition.warnings(), [Degenerate::SingleClass { party: party(2), class: "c0".into() }]);
    assert!(partition.rows(party(3)).is_empty());
}

/// A class that nobody is in, as a subsample leaves it, changes nothing but the numbers of the classes after it.
#[test]
fn a_class_that_nobody_is_in_takes_no_part() {
    let (gap, without) = (data(&[0, 40, 0, 30, 30]), data(&[40, 30, 30]));
    for skew in [Skew::Simplex, Skew::Dirichlet { alpha: 0.5 }, Skew::Iid] {
        let [gap, without] = [&gap, &without].map(|data| draw(raw(3, 20, skew.clone()), data, 10).unwrap());
        assert_eq!(gap.held_out(), without.held_out());
        for number in 1..=3 {
            assert_eq!(gap.rows(party(number)), without.rows(party(number)));
            let inhabited: Vec<f64> = [1, 3, 4].map(|class| gap.shares(party(number))[class]).into();
            assert_eq!(inhabited, without.shares(party(number)));
        }
    }
}

#[test]
fn a_warning_calls_a_class_by_its_name() {
    let partition =
        draw(raw(2, 4, Skew::Explicit(vec![vec![0.5, 0.5], vec![0.0, 1.0]])), &data(&[10, 10]), 0).unwrap();
    assert_eq!(partition.warnings()[0].to_string(), "party-2 was given records of class c1 only");
}

#[test]
fn a_pool_that_runs_dry_gives_what_is_left_and_says_so() {
    let data = data(&[10, 3]);
    let shares = vec![vec![0.5, 0.5]; 3];
    let partition = draw(raw(3, 4, Skew::Explicit(shares)), &data, 0).unwrap();
    assert_eq!(data.class_counts(partition.rows(party(1))), [2, 2]);
    assert_eq!(data.class_counts(partition.rows(party(2))), [2, 1]);
    assert_eq!(data.class_counts(partition.rows(party(3))), [2, 0]);
    assert_eq!(
        partition.shortfalls(),
        [
            Shortfall { party: party(2), class: 1, wanted: 2, given: 1 },
            Shortfall { party: party(3), class: 1, wanted: 2, given: 0 },
        ]
    );
}

#[test]
fn without_skew_each_party_gets_exactly_its_number() {
    let data = data(&[500, 300, 200]);
    let listed = RawPartitionParams {
        records_per_party: RecordsPerParty::Listed(vec![100, 0, 800]),
        on_degenerate: OnDegenerate::Warn,
        ..raw(3, 1, Skew::Iid)
    };
    let partition = draw(listed, &data, 100).unwrap();
    assert_eq!(partition.rows(party(1)).len(), 100);
    assert_eq!(partition.rows(party(3)).len(), 800);
    assert!(partition.held_out().is_empty());
    assert_eq!(partition.shares(party(1)), [0.5, 0.3, 0.2]);
    assert_eq!(partition.warnings(), [Degenerate::NoRecord { party: party(2) }]);
    // 50 of class 0 are expected among 100, with a standard deviation below 5.
    let first = data.class_counts(partition.rows(party(1)));
    assert!((30..=70).contains(&first[0]), "{first:?}");
}

#[test]
fn skewed_quantities_share_one_total() {
    let data = data(&[600, 400]);
    let skewed = RawPartitionParams {
        records_per_party: RecordsPerParty::Skewed { alpha: 0.5, total: 900 },
        ..raw(5, 1, Skew::Iid)
    };
    let partition = draw(skewed, &data, 0).unwrap();
    let sizes: Vec<usize> = PartyId::first(5).map(|party| partition.rows(party).len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 900);
    assert!(sizes.iter().max() > sizes.iter().min());
}

#[test]
fn more_records_than_there_are_is_an_error_with_the_numbers() {
    let error = draw(raw(3, 4, Skew::Simplex), &data(&[8, 4]), 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "13 records are requested (12 for the parties, 1 auxiliary), but set has 12 (c0: 8, c1: 4); ask fewer \
         records_per_party, fewer parties or fewer auxiliary records"
    );
    let huge = draw(raw(10_000, usize::MAX, Skew::Iid), &data(&[8, 4]), usize::MAX);
    assert!(matches!(huge, Err(PartitionError::TooFewRecords { available: 12, .. })));
}

#[test]
fn explicit_shares_must_fit_the_classes() {
    let error = draw(raw(1, 2, Skew::Explicit(vec![vec![1.0]])), &data(&[8, 4]), 0).unwrap_err();
    assert_eq!(error.to_string(), "skew.explicit has 1 shares a party, but set has 2 classes");
}

#[test]
fn parties_that_teach_nothing_are_an_error_where_the_scenario_says_so() {
    let shares = vec![vec![1.0, 0.0], vec![0.5, 0.5], vec![0.9, 0.1]];
    let strict = RawPartitionParams {
        records_per_party: RecordsPerParty::Listed(vec![4, 4, 1]),
        on_degenerate: OnDegenerate::Error,
        ..raw(3, 1, Skew::Explicit(shares))
    };
    assert_eq!(
        draw(strict, &data(&[10, 10]), 0).unwrap_err().to_string(),
        "party-1 was given records of class c0 only; party-3 was given no record; `on_degenerate: warn` lets such \
         parties take part"
    );
}

#[test]
fn another_party_moves_nobodys_records() {
    let data = data(&[300, 200, 100]);
    for skew in [Skew::Simplex, Skew::Dirichlet { alpha: 0.2 }, Skew::Iid] {
        let three = draw(raw(3, 50, skew.clone()), &data, 40).unwrap();
        let four = draw(raw(4, 50, skew), &data, 40).unwrap();
        assert_eq!(three.auxiliary(), four.auxiliary());
        for party in PartyId::first(3) {
            assert_eq!(three.rows(party), four.rows(party));
            assert_eq!(three.shares(party), four.shares(party));
        }
    }
}

#[test]
fn the_seed_decides_everything() {
    let data = data(&[300, 200]);
    let simplex = raw(3, 50, Skew::Simplex).check().unwrap();
    let at = |seed| draw_at(&simplex, &data, 10, Seed::root(seed)).unwrap();
    assert_eq!(at(1), at(1));
    assert_ne!(at(1).rows(party(1)), at(2).rows(party(1)));
    assert_ne!(at(1).auxiliary(), at(2).auxiliary());
    assert_ne!(at(1).shares(party(1)), at(1).shares(party(2)));
}

/// Every record is as likely to be auxiliary as any other: over 400 draws of 10 of 20, each row's count is binomial with
/// mean 200 and standard deviation 10.
#[test]
fn auxiliary_records_are_uniform_over_the_data() {
    let data = data(&[15, 5]);
    let one = raw(1, 5, Skew::Iid).check().unwrap();
    let mut counts = [0_u32; 20];
    for seed in 0..400 {
        for &row in draw_at(&one, &data, 10, Seed::root(seed)).unwrap().auxiliary() {
            counts[row] += 1;
        }
    }
    assert!(counts.iter().all(|count| (150..=250).contains(count)), "{counts:?}");
}

fn any_skew() -> impl Strategy<Value = Skew> {
    prop_oneof![
        Just(Skew::Iid),
        Just(Skew::Simplex),
        prop_oneof![Just(1e-6), 1e-3..10.0_f64, Just(1e6)].prop_map(|alpha| Skew::Dirichlet { alpha }),
        (prop_oneof![Just(1e-6), 1e-3..10.0_f64, Just(1e6)], 1_usize..4)
            .prop_map(|(alpha, clusters)| Skew::Clustered { alpha: Alpha::Fixed(alpha), clusters }),
    ]
}

/// Two classes of 400 records, each of four heaps of 100 far from each other: the row's heap is `row / 100`.
fn heaps() -> Dataset {
    let records = Array2::from_shape_fn((800, 2), |(row, column)| {
        let heap = row / 100 % 4;
        (if heap >> column & 1 == 1 { 0.9 } else { 0.1 }) + (row % 10) as f32 * 0.001
    });
    let labels = (0..800).map(|row| u32::from(row >= 400)).collect();
    let features = ["x", "y"].map(|name| Feature { name: name.into(), kind: FeatureKind::Numeric }).to_vec();
    Dataset::new("heaps", records, labels, features, vec!["a".into(), "b".into()]).unwrap()
}

/// How many rows of each heap a party has.
fn of_heaps(partition: &Partition, number: u32) -> Vec<usize> {
    let mut counts = vec![0; 8];
    partition.rows(party(number)).iter().for_each(|row| counts[row / 100] += 1);
    counts
}

fn clustered(alpha: f64, clusters: usize) -> Skew {
    Skew::Clustered { alpha: Alpha::Fixed(alpha), clusters }
}

#[test]
fn clusters_are_the_heaps_of_each_class_and_one_without_the_skew() {
    let data = heaps();
    let params = raw(2, 100, clustered(1.0, 4)).check().unwrap();
    let clusters = Clusters::find(&params, &data, Seed::root(3));
    for row in 0..800 {
        assert_eq!(clusters.of(row), clusters.of(row / 100 * 100), "row {row}");
    }
    let mut firsts: Vec<u32> = (0..4).map(|heap| clusters.of(heap * 100)).collect();
    firsts.sort_unstable();
    assert_eq!(firsts, [0, 1, 2, 3]);
    let simplex = Clusters::find(&raw(2, 100, Skew::Simplex).check().unwrap(), &data, Seed::root(3));
    assert!((0..800).all(|row| simplex.of(row) == 0));
}

/// A huge alpha: each party's portion is a quarter of each heap, so that of 40 records 5 come from each. A tiny one: each heap is
/// one party's whole portion, and nobody else has a record of it.
#[test]
fn a_cluster_is_shared_by_all_or_belongs_to_one() {
    let data = heaps();
    let even = draw(raw(4, 40, clustered(1e6, 4)), &data, 0).unwrap();
    for number in 1..=4 {
        assert_eq!(of_heaps(&even, number), [5; 8]);
        assert_eq!(even.shares(party(number)), [0.5, 0.5]);
    }
    assert!(even.shortfalls().is_empty());

    let lone = draw(raw(4, 40, clustered(1e-6, 4)), &data, 0).unwrap();
    for heap in 0..8 {
        let holders = (1..=4).filter(|&number| of_heaps(&lone, number)[heap] > 0).count();
        assert!(holders <= 1, "heap {heap} has {holders} holders");
    }
    // Whoever has a portion has at least a heap, so all of its 40 records.
    for number in 1..=4 {
        assert!([0, 40].contains(&lone.rows(party(number)).len()));
    }
}

#[test]
fn a_portion_that_is_too_small_is_given_whole_and_what_is_missing_is_reported() {
    let data = heaps();
    // A draw of alpha 0.2 over two parties: one portion is below 400 of the 800 records, unless both are exactly that.
    let partition = draw(raw(2, 400, clustered(0.2, 4)), &data, 0).unwrap();
    let sizes = [1, 2].map(|number| partition.rows(party(number)).len());
    assert!(sizes.contains(&400) && sizes.iter().any(|&size| size < 400), "{sizes:?}");
    let missing: usize = partition.shortfalls().iter().map(|short| short.wanted - short.given).sum();
    assert_eq!(missing, 800 - sizes.iter().sum::<usize>());
    // Nothing of a small portion is left, so the held-out rows are the other's.
    assert_eq!(partition.held_out().len(), missing);
}

#[test]
fn a_party_that_asks_for_nothing_takes_no_portion() {
    let listed = RawPartitionParams {
        records_per_party: RecordsPerParty::Listed(vec![0, 600, 200]),
        ..raw(3, 1, clustered(1e6, 4))
    };
    let partition = draw(listed, &heaps(), 0).unwrap();
    assert_eq!([1, 2, 3].map(|number| partition.rows(party(number)).len()), [0, 600, 200]);
    assert_eq!(of_heaps(&partition, 2), [75; 8]);
}

/// The concentration of each partition is its own, within the range, and in the middle of it on a logarithmic scale on average.
#[test]
fn a_range_of_alphas_is_drawn_from_log_uniformly() {
    let range = Alpha::LogUniform([0.1, 1000.0]);
    let draws: Vec<f64> = (0..2000).map(|repeat| range.draw(Seed::root(repeat)).log10()).collect();
    assert!(draws.iter().all(|draw| (-1.0..=3.0).contains(draw)));
    let mean = draws.iter().sum::<f64>() / 2000.0;
    let below = draws.iter().filter(|draw| **draw < 0.0).count();
    // Uniform on [-1, 3]: deviation 1.155, of the mean 0.026; a quarter is below 0, give or take 19.
    assert!((mean - 1.0).abs() < 0.1 && (400..600).contains(&below), "{mean} {below}");
    let same = Alpha::LogUniform([2.0, 2.0]).draw(Seed::root(1));
    assert_eq!(same, Alpha::Fixed(2.0).draw(Seed::root(1)));
}

#[test]
fn the_numbers_of_a_clustered_skew_are_checked() {
    let refused = |alpha, clusters| {
        let violations = raw(2, 5, Skew::Clustered { alpha, clusters }).check().unwrap_err();
        violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        refused(Alpha::Fixed(0.0), 0),
        "skew.clustered.alpha is 0: from 0.000001 to 1000000, or a range [low, high] of such numbers; \
         skew.clustered.clusters is 0: from 1 to 1000"
    );
    assert!(refused(Alpha::LogUniform([2.0, 1.0]), 8).starts_with("skew.clustered.alpha is [2, 1]: "));
}

proptest! {
    /// Every row belongs to one party, to the auxiliary records, or to nobody; a party gets what its q says.
    #[test]
    fn a_partition_is_disjoint_and_complete(
        counts in proptest::collection::vec(0_usize..40, 1..6).prop_filter("a record", |c| c.iter().any(|&n| n > 0)),
        parties in 1_u32..7,
        records in 1_usize..20,
        auxiliary in 0_usize..15,
        skew in any_skew(),
        seed in any::<u64>(),
    ) {
        let data = data(&counts);
        let checked = raw(parties, records, skew.clone()).check().unwrap();
        let result = draw_at(&checked, &data, auxiliary, Seed::root(seed));
        if parties as usize * records + auxiliary > data.len() {
            prop_assert!(result.is_err());
            return Ok(());
        }
        let partition = result.unwrap();
        prop_assert_eq!(partition.parties(), parties);
        prop_assert_eq!(partition.auxiliary().len(), auxiliary);
        let mut seen = vec![0; data.len()];
        for party in PartyId::first(parties) {
            let rows = partition.rows(party);
            prop_assert!(rows.is_sorted());
            prop_assert!(rows.len() <= records);
            for &row in rows {
                seen[row] += 1;
                prop_assert_eq!(partition.owner(row), Some(party));
            }
            if skew == Skew::Iid {
                prop_assert_eq!(rows.len(), records);
            } else if let Skew::Clustered { .. } = skew {
                let short = partition.shortfalls().iter().filter(|s| s.party == party);
                prop_assert_eq!(rows.len() + short.map(|s| s.wanted - s.given).sum::<usize>(), records);
            } else {
                for (class, (&got, &share)) in
                    data.class_counts(rows).iter().zip(partition.shares(party)).enumerate()
                {
                    let short = partition.shortfalls().iter().find(|s| s.party == party && s.class == class);
                    let wanted = (share * records as f64 + 1e-9).floor() as usize;
                    prop_assert_eq!(short.map_or(wanted, |s| s.given), got);
                }
            }
        }
        for &row in partition.auxiliary().iter().chain(partition.held_out()) {
            seen[row] += 1;
            prop_assert_eq!(partition.owner(row), None);
        }
        prop_assert!(seen.iter().all(|&times| times == 1));
        prop_assert_eq!(partition.owner(data.len()), None);
    }
}
