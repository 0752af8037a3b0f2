//! What sound scenarios mean: defaults, overrides, resolution, hash.

use turncoat_attack::{
    Attack, Confidence, Gap, LeastLoss, Models, NamedAttack, PriorAware, Sees, ShadowFederation, ShadowModel,
    Ties, Vantage,
};
use turncoat_learn::PartyId;
use turncoat_learn::data::{ColumnKind, ColumnRef, DataSource, PurchaseSource, Separator, Synthetic};
use turncoat_learn::partition::{OnDegenerate, RecordsPerParty, Skew};

use super::*;

#[test]
fn what_is_left_out_gets_its_default() {
    let Loaded { study, resolved_yaml, warnings, .. } = small(&[]);
    let scenario = study.federation().unwrap();
    assert_eq!((scenario.repeats, scenario.parties()), (1, 3));
    assert_eq!(scenario.federation.disclosure, Disclosure::Open);
    assert_eq!(scenario.auxiliary.records, 0);
    assert_eq!(scenario.evaluation.test_records, None);
    assert_eq!(scenario.launch.mode, LaunchMode::Processes);
    assert_eq!(scenario.timeouts, Timeouts::default());
    assert_eq!(scenario.adversaries[0].vantage, Vantage::Party(PartyId::new(3).unwrap()));
    assert!(warnings.is_empty());
    insta::assert_snapshot!(resolved_yaml, @r##"
    name: small
    seed: 8
    repeats: 1
    data:
      iris: {}
    preprocess:
      categories: ordinal
      scale: none
      subsample: null
    federation:
      parties: 3
      records_per_party: 20
      skew:
        simplex: {}
      on_degenerate: warn
      learner:
        decision_tree:
          max_depth: null
          min_samples_split: 2
          min_samples_leaf: 1
          min_impurity_decrease: 0.0
          criterion: gini
          ccp_alpha: 0.0
          max_features: null
          class_weight: null
          ties: lowest
          engine: cart
      disclosure: open
    auxiliary:
      records: 0
    evaluation:
      test_records: null
      max_answers: 2000000
    adversaries:
      - party:
          id: 3
          attacks: [least_loss]
    faults: []
    launch:
      mode: processes
      tls: true
    timeouts:
      ready_ms: 10000
      connect_ms: 10000
      fit_ms: 600000
      predict_ms: 60000
      attack_ms: 1800000
      drain_ms: 5000
      rejoin_ms: 10000
    "##);
}

#[test]
fn auxiliary_records_are_set_aside_where_an_attack_needs_them() {
    let learning = "adversaries=[{outsider: {attacks: [shadow_model]}}]";
    assert_eq!(small(&[learning]).study.federation().unwrap().auxiliary.records, 20);
    assert_eq!(small(&[learning, "auxiliary.records=7"]).study.federation().unwrap().auxiliary.records, 7);
    assert_eq!(
        small(&["adversaries=[{outsider: {attacks: [gap, prior_aware]}}]"])
            .study
            .federation()
            .unwrap()
            .auxiliary
            .records,
        0
    );
}

#[test]
fn attacks_carry_their_parameters() {
    let attacks = "[gap, confidence: {}, shadow_model, least_loss, prior_aware, shadow_federation: {shadows: 5, transductive: true}]";
    let Loaded { study, .. } = small(&[&format!("adversaries.0.party.attacks={attacks}")]);
    let scenario = study.federation().unwrap();
    let expected = [
        Attack::Gap(Gap { ties: Ties::Lowest }),
        Attack::Confidence(Confidence::default()),
        Attack::ShadowModel(ShadowModel::default()),
        Attack::LeastLoss(LeastLoss {}),
        Attack::PriorAware(PriorAware {}),
        Attack::ShadowFederation(ShadowFederation { shadows: 5, transductive: true, generation: None }),
    ];
    assert_eq!(scenario.adversaries[0].attacks, expected.map(NamedAttack::from));
}

/// As of single targets; what is left out is not written either, so that scenarios of before keep their hashes.
#[test]
fn what_an_attack_model_is_shown_can_be_said_in_a_federation() {
    let shown = "shadow_model: {sees: {top_k: 3}, label: true, models: per_class}";
    let Loaded { study, .. } = small(&[&format!("adversaries.0.party.attacks=[{shown}]")]);
    let (sees, label, models) = (Some(Sees::TopK(3)), Some(true), Some(Models::PerClass));
    let expected = Attack::ShadowModel(ShadowModel { sees, label, models, ..ShadowModel::default() });
    assert_eq!(study.federation().unwrap().adversaries[0].attacks, [NamedAttack::from(expected)]);
    let plain = serde_json::to_value(ShadowModel::default()).unwrap();
    assert!(["sees", "label", "models"].iter().all(|key| plain.get(key).is_none()), "{plain}");
}

#[test]
fn one_attack_stands_there_with_several_parameters_under_ids_of_its_own() {
    let attacks = "[gap, gap: {id: gap-2}, shadow_federation: {id: few.1, shadows: 5}, shadow_federation]";
    let loaded = small(&[&format!("adversaries.0.party.attacks={attacks}")]);
    let named = &loaded.study.federation().unwrap().adversaries[0].attacks;
    let reported: Vec<_> = named.iter().map(|named| (named.id.as_str(), named.attack.name())).collect();
    assert_eq!(
        reported,
        [
            ("gap", "gap"),
            ("gap-2", "gap"),
            ("few.1", "shadow_federation"),
            ("shadow_federation", "shadow_federation")
        ]
    );
    assert_eq!(parse(&loaded.resolved_yaml, &[]).unwrap(), loaded);
    let renamed = small(&["adversaries.0.party.attacks=[least_loss: {id: least_loss}]"]);
    assert_eq!(renamed.sha256, small(&[]).sha256, "an id that says nothing changes nothing");
}

#[test]
fn overrides_reach_everywhere_and_the_last_one_wins() {
    let Loaded { study, .. } = small(&[
        "federation.parties=4",
        "federation.parties=5",
        "federation.skew.explicit=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0.25, 0.25, 0.5]]",
        "federation.records_per_party.skewed={alpha: 2, total: 60}",
        "federation.on_degenerate=error",
        "launch.mode=in_process",
        "adversaries.0.party.id=2",
    ]);
    let scenario = study.federation().unwrap();
    let partition = scenario.federation.partition.get();
    assert_eq!(partition.parties, 5);
    assert_eq!(partition.records_per_party, RecordsPerParty::Skewed { alpha: 2.0, total: 60 });
    assert!(matches!(&partition.skew, Skew::Explicit(rows) if rows.len() == 5));
    assert_eq!(partition.on_degenerate, OnDegenerate::Error);
    assert_eq!(scenario.launch.mode, LaunchMode::InProcess);
    assert_eq!(scenario.adversaries[0].vantage, Vantage::Party(PartyId::new(2).unwrap()));
    assert_eq!(
        small(&["federation.skew.iid={}"]).study.federation().unwrap().federation.partition.get().skew,
        Skew::Iid
    );
}

#[test]
fn data_sources_are_read_whole() {
    let data = |text: &str| small(&[&format!("data={text}")]).study.data().clone();
    assert_eq!(data("mnist"), DataSource::Mnist);
    assert_eq!(data("{fashion_mnist: {}}"), DataSource::FashionMnist);
    assert_eq!(data("{purchase: {path: p.csv}}"), DataSource::Purchase(PurchaseSource::Path("p.csv".into())));
    let csv = "{csv: {path: a b.csv, target: -1, header: true, separator: \"\\t\", columns: {age: numeric, 2: categorical, '3': numeric}}}";
    let DataSource::Csv(csv) = data(csv) else { panic!() };
    assert_eq!((csv.target, csv.header), (Some(ColumnRef::Position(-1)), Some(true)));
    assert_eq!(csv.separator, Some(Separator::Tab));
    assert_eq!(
        csv.columns,
        [
            (ColumnRef::Name("age".into()), ColumnKind::Numeric),
            (ColumnRef::Position(2), ColumnKind::Categorical),
            (ColumnRef::Name("3".into()), ColumnKind::Numeric),
        ]
    );
    let gaussian = data("{synthetic: {gaussian_clusters: {records: 50}}}");
    let DataSource::Synthetic(Synthetic::GaussianClusters(params)) = gaussian else { panic!() };
    assert_eq!((params.get().records, params.get().features), (50, 32));
}

#[test]
fn resolved_scenarios_resolve_to_themselves() {
    for overrides in [
        &[][..],
        &["name='a: \"b\" # c'"],
        &[
            "data.csv={path: 'C:\\a b.csv', name: null, target: '7', separator: ',', columns: {'-2': numeric, -1: categorical, 'a: b': numeric, 'true': numeric}}",
        ],
        &["data.idx=[{images: a, labels: b}, {images: c, labels: d}]"],
        &["data.idx={images: a, labels: b}"],
        &["data.purchase.classes=100"],
        &["data.synthetic.census.label_noise=1e-7"],
        &["data.synthetic=purchases"],
        &["preprocess={categories: one_hot, scale: min_max, subsample: 100}"],
        &[
            "federation.skew.explicit=[[0.1, 0.9, 0], [1, 0, 0], [0.3333333333333333, 0.3333333333333333, 0.3333333333333334]]",
        ],
        &["federation.skew.clustered={alpha: 0.3}"],
        &["federation.skew.clustered={alpha: [0.1, 100], clusters: 5}"],
        &["federation.records_per_party=[1, 0, 2]"],
        &["federation.records_per_party.skewed={alpha: 1000000, total: 3}"],
        &[
            "federation.learner.decision_tree={max_depth: 3, min_samples_leaf: 2, criterion: entropy, engine: linfa, min_impurity_decrease: 1e-3}",
        ],
        &["federation.disclosure=aggregator", "federation.on_degenerate=error"],
        &["boundaries={features: [sepal length, 'a: b']}"],
        &["boundaries={features: [x, y], grid: 2, region: {y: [-1, 2.5]}, repeat: 2}", "repeats=2"],
        &["adversaries=[]", "evaluation.test_records=5", "timeouts.drain_ms=1"],
        &[
            "adversaries=[aggregator: {attacks: [shadow_model, shadow_federation]}, outsider: {attacks: [gap]}]",
        ],
    ] {
        let first = small(overrides);
        let second =
            parse(&first.resolved_yaml, &[]).unwrap_or_else(|e| panic!("{e}\n{}", first.resolved_yaml));
        assert_eq!(first, second);
    }
}

#[test]
fn the_hash_is_of_what_can_change_a_figure() {
    let hash = |overrides: &[&str]| small(overrides).sha256;
    assert_eq!(hash(&[]).len(), 64);
    assert_eq!(hash(&[]), hash(&["launch.mode=in_process", "timeouts.fit_ms=7"]));
    assert_eq!(hash(&[]), hash(&["repeats=1", "federation.skew=simplex"]));
    assert_ne!(hash(&[]), hash(&["seed=9"]));
    assert_ne!(hash(&[]), hash(&["federation.disclosure=aggregator"]));
    assert_eq!(hash(&[]), hash(&["boundaries=null"]));
    assert_ne!(hash(&[]), hash(&["boundaries={features: [a, b]}"]));
}

#[test]
fn an_engine_that_is_not_reproducible_is_warned_of() {
    assert_eq!(small(&["federation.learner.decision_tree.engine=linfa"]).warnings.len(), 1);
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let error = Scenario::load("absent.yaml".as_ref(), &[]).unwrap_err().to_string();
    assert!(
        error.starts_with("absent.yaml: ") && error.ends_with("give the path of a scenario file"),
        "{error}"
    );
}

/// All kinds of places at once, as a scenario of a paper has them; adversaries without records are given some.
#[test]
fn a_scenario_as_the_protocol_writes_it_is_sound() {
    let text = "\
name: truex-table8-mnist
seed: 8
repeats: 10
data:
  mnist: {}
federation:
  parties: 3
  records_per_party: 2000
  skew: {simplex: {}}
  learner: {decision_tree: {}}
  disclosure: open
adversaries:
  - party: {id: 3, attacks: [least_loss, prior_aware, shadow_federation: {shadows: 24}]}
  - aggregator: {attacks: [least_loss]}
  - outsider: {attacks: [gap, confidence, shadow_model: {shadows: 10}]}
launch: {mode: processes, tls: false}
faults: []
";
    let Loaded { study, .. } = parse(text, &[]).unwrap_or_else(|errors| panic!("{errors}"));
    let scenario = study.federation().unwrap();
    assert_eq!(scenario.auxiliary.records, 2000);
    assert_eq!(scenario.adversaries.len(), 3);
    assert_eq!(
        scenario.adversaries[0].attacks[2].attack,
        Attack::ShadowFederation(ShadowFederation { shadows: 24, transductive: false, generation: None })
    );
}
