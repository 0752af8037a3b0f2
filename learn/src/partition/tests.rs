//! Deals whose outcome is known by hand, and what holds of every deal.

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

fn raw(parties: u32, records: usize, skew: Skew) -> RawDeal {
    RawDeal {
        parties,
        records_per_party: RecordsPerParty::Equal(records),
        skew,
        on_degenerate: OnDegenerate::Warn,
    }
}

fn deal(raw: RawDeal, data: &Dataset, auxiliary: usize) -> Result<Partition, PartitionError> {
    Partition::deal(&raw.check().unwrap(), data, auxiliary, Seed::root(8))
}

fn party(number: u32) -> PartyId {
    PartyId::new(number).unwrap()
}

#[test]
fn explicit_shares_are_dealt_to_the_record() {
    let data = data(&[10, 6]);
    let shares = vec![vec![0.5, 0.5], vec![1.0, 0.0]];
    let partition = deal(raw(2, 4, Skew::Explicit(shares)), &data, 0).unwrap();
    assert_eq!(data.class_counts(partition.rows(party(1))), [2, 2]);
    assert_eq!(data.class_counts(partition.rows(party(2))), [4, 0]);
    assert_eq!(data.class_counts(partition.undealt()), [4, 4]);
    assert_eq!(partition.shares(party(1)), [0.5, 0.5]);
    assert_eq!(partition.shortfalls(), []);
    assert_eq!(partition.warnings(), [Degenerate::SingleClass { party: party(2), class: 0 }]);
    assert!(partition.rows(party(3)).is_empty());
}

#[test]
fn a_pool_that_runs_dry_gives_what_is_left_and_says_so() {
    let data = data(&[10, 3]);
    let shares = vec![vec![0.5, 0.5]; 3];
    let partition = deal(raw(3, 4, Skew::Explicit(shares)), &data, 0).unwrap();
    assert_eq!(data.class_counts(partition.rows(party(1))), [2, 2]);
    assert_eq!(data.class_counts(partition.rows(party(2))), [2, 1]);
    assert_eq!(data.class_counts(partition.rows(party(3))), [2, 0]);
    assert_eq!(
        partition.shortfalls(),
        [
            Shortfall { party: party(2), class: 1, wanted: 2, dealt: 1 },
            Shortfall { party: party(3), class: 1, wanted: 2, dealt: 0 },
        ]
    );
    assert_eq!(
        partition.shortfalls()[0].to_string(),
        "party-2 got 1 of 2 records of class 1: no more were left"
    );
}

#[test]
fn without_skew_each_party_gets_exactly_its_number() {
    let data = data(&[500, 300, 200]);
    let listed = RawDeal {
        records_per_party: RecordsPerParty::Listed(vec![100, 0, 800]),
        on_degenerate: OnDegenerate::Warn,
        ..raw(3, 1, Skew::Iid)
    };
    let partition = deal(listed, &data, 100).unwrap();
    assert_eq!(partition.rows(party(1)).len(), 100);
    assert_eq!(partition.rows(party(3)).len(), 800);
    assert!(partition.undealt().is_empty());
    assert_eq!(partition.shares(party(1)), [0.5, 0.3, 0.2]);
    assert_eq!(partition.warnings(), [Degenerate::NoRecord { party: party(2) }]);
    // 50 of class 0 are expected among 100, with a standard deviation below 5.
    let first = data.class_counts(partition.rows(party(1)));
    assert!((30..=70).contains(&first[0]), "{first:?}");
}

#[test]
fn skewed_quantities_share_one_total() {
    let data = data(&[600, 400]);
    let skewed = RawDeal {
        records_per_party: RecordsPerParty::Skewed { alpha: 0.5, total: 900 },
        ..raw(5, 1, Skew::Iid)
    };
    let partition = deal(skewed, &data, 0).unwrap();
    let sizes: Vec<usize> = PartyId::first(5).map(|party| partition.rows(party).len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 900);
    assert!(sizes.iter().max() > sizes.iter().min());
}

#[test]
fn more_records_than_there_are_is_an_error_with_the_numbers() {
    let error = deal(raw(3, 4, Skew::Simplex), &data(&[8, 4]), 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "13 records are asked (12 for the parties, 1 auxiliary), but set has 12 (c0: 8, c1: 4); ask fewer \
         records_per_party, fewer parties or fewer auxiliary records"
    );
    let huge = deal(raw(10_000, usize::MAX, Skew::Iid), &data(&[8, 4]), usize::MAX);
    assert!(matches!(huge, Err(PartitionError::TooFewRecords { available: 12, .. })));
}

#[test]
fn explicit_shares_must_fit_the_classes() {
    let error = deal(raw(1, 2, Skew::Explicit(vec![vec![1.0]])), &data(&[8, 4]), 0).unwrap_err();
    assert_eq!(error.to_string(), "skew.explicit has 1 shares a party, but set has 2 classes");
}

#[test]
fn parties_that_teach_nothing_are_an_error_where_the_deal_says_so() {
    let shares = vec![vec![1.0, 0.0], vec![0.5, 0.5], vec![0.9, 0.1]];
    let strict = RawDeal {
        records_per_party: RecordsPerParty::Listed(vec![4, 4, 1]),
        on_degenerate: OnDegenerate::Error,
        ..raw(3, 1, Skew::Explicit(shares))
    };
    assert_eq!(
        deal(strict, &data(&[10, 10]), 0).unwrap_err().to_string(),
        "party-1 was dealt records of class 0 only; party-3 was dealt no record; `on_degenerate: warn` lets such \
         parties take part"
    );
}

#[test]
fn another_party_moves_nobodys_records() {
    let data = data(&[300, 200, 100]);
    for skew in [Skew::Simplex, Skew::Dirichlet { alpha: 0.2 }, Skew::Iid] {
        let three = deal(raw(3, 50, skew.clone()), &data, 40).unwrap();
        let four = deal(raw(4, 50, skew), &data, 40).unwrap();
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
    let at = |seed| Partition::deal(&simplex, &data, 10, Seed::root(seed)).unwrap();
    assert_eq!(at(1), at(1));
    assert_ne!(at(1).rows(party(1)), at(2).rows(party(1)));
    assert_ne!(at(1).auxiliary(), at(2).auxiliary());
    assert_ne!(at(1).shares(party(1)), at(1).shares(party(2)));
}

/// Every record is as likely to be auxiliary as any other: over 400 deals of 10 of 20, each row's count is binomial with
/// mean 200 and standard deviation 10.
#[test]
fn auxiliary_records_are_uniform_over_the_data() {
    let data = data(&[15, 5]);
    let one = raw(1, 5, Skew::Iid).check().unwrap();
    let mut counts = [0_u32; 20];
    for seed in 0..400 {
        for &row in Partition::deal(&one, &data, 10, Seed::root(seed)).unwrap().auxiliary() {
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
    ]
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
        let result = Partition::deal(&checked, &data, auxiliary, Seed::root(seed));
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
            } else {
                for (class, (&got, &share)) in
                    data.class_counts(rows).iter().zip(partition.shares(party)).enumerate()
                {
                    let short = partition.shortfalls().iter().find(|s| s.party == party && s.class == class);
                    let wanted = (share * records as f64 + 1e-9).floor() as usize;
                    prop_assert_eq!(short.map_or(wanted, |s| s.dealt), got);
                }
            }
        }
        for &row in partition.auxiliary().iter().chain(partition.undealt()) {
            seen[row] += 1;
            prop_assert_eq!(partition.owner(row), None);
        }
        prop_assert!(seen.iter().all(|&times| times == 1));
        prop_assert_eq!(partition.owner(data.len()), None);
    }
}
