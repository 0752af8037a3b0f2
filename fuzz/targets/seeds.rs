//! Writes the corpus that fuzzing begins with, of synthetic data alone: `TURNCOAT_CORPUS=FOLDER seeds` makes FOLDER/TARGET/NAME.
//! It is linked like a target, because what it calls was built for one; it ends before anything is fuzzed.

#![no_main]

use std::fs;
use std::path::Path;

use ndarray::Array2;
use prost::Message;
use turncoat::scenario::{Scenario, Study, parse_learner};
use turncoat_fuzz::{joined, put};
use turncoat_learn::data::{DataFolders, DataSource};
use turncoat_learn::{Seed, Shard};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::records::records_to_wire;
use turncoat_proto::wire;

/// The variable that names the folder.
const FOLDER: &str = "TURNCOAT_CORPUS";

const LEARNERS: [&str; 8] = [
    "{decision_tree: {max_depth: 3}}",
    "{knn: {k: 2}}",
    "{logistic_regression: {}}",
    "{naive_bayes: {}}",
    "{random_forest: {trees: 2}}",
    "{ada_boost: {rounds: 2}}",
    "{bagging: {learner: {decision_tree: {max_depth: 1}}, models: 2}}",
    "{soft_voting: {learners: [{knn: {}}, {naive_bayes: {}}]}}",
];

libfuzzer_sys::fuzz_target!(
    init: {
        make();
        // Its one purpose is served.
        if std::env::var_os(FOLDER).is_some() {
            std::process::exit(0);
        }
    },
    |_input: &[u8]| {}
);

fn make() {
    let folder = std::env::var_os(FOLDER).expect("TURNCOAT_CORPUS names the folder");
    let folder = Path::new(&folder);
    loaders(folder);
    models(folder);
    scenarios(folder);
    messages(folder);
}

fn loaders(folder: &Path) {
    let put = |name: &str, which: u8, content: &[u8]| {
        put(folder, &format!("loaders/{name}"), &[&[which], content].concat());
    };
    put("csv", 0, b"age,work,class\n1,?,yes\n2.5,\"a, b\",no\n,c,yes\n");
    put("csv-plain", 0, b"1;2;0\n3;NA;1\n");
    put("csv-options", 1, &[&[0b1000_0100][..], &joined(&[b"class", b"age,class\n1,a\n2,b\n"])].concat());
    let row = "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, \
               Cuba, <=50K";
    let other = row.replace("<=50K", ">50K");
    let test = format!("|1x3 Cross validator\n{row}.\n{other}.\n");
    put("adult", 2, &joined(&[format!("{row}\n{other}\n").as_bytes(), test.as_bytes()]));
    let images: Vec<u8> =
        [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2][..], &[1, 2, 3, 4, 5, 6, 7, 8]].concat();
    put("idx", 3, &joined(&[&images, &[0, 0, 8, 1, 0, 0, 0, 2, 0, 1]]));
    let names = (0..10).map(|class| format!("class{class}\n")).collect::<String>();
    put("cifar", 4, &joined(&[names.as_bytes(), &[7; 3073], &[3; 3073]]));
    put("purchase", 5, b"1,0,1,1\n2,1,0,0\n");
    put("purchase-two", 6, b"1,0,1,1\n2,1,0,0\n");
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let path = place.path().join("shard.npz");
    let shard = Shard::new(Array2::from_elem((2, 3), 0.5), vec![0, 1]).expect("records and labels fit");
    shard.write(&path).expect("the temporary folder can be written to");
    put("shard", 7, &fs::read(&path).expect("it was just written"));
}

fn models(folder: &Path) {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let path = place.path().join("model");
    let text = "name: a\nseed: 1\ndata: {synthetic: {gaussian_clusters: {records: 40, features: 3, classes: 2}}}\n\
        federation: {parties: 2, records_per_party: 10, skew: iid}\nadversaries: []\n";
    let loaded = Scenario::parse("seed.yaml", text, &[]).expect("a sound scenario");
    let Study::Federation(scenario) = loaded.study else { panic!("a federation") };
    let data = DataSource::load(&scenario.data, &DataFolders::default(), Seed::root(1)).expect("generated");
    for (place, learner) in LEARNERS.iter().enumerate() {
        let learner = parse_learner("seed", learner).unwrap_or_else(|error| panic!("{learner}: {error}"));
        let model = learner.fit(data.samples(), Seed::root(2)).expect("it learns");
        model.save(&path).expect("the temporary folder can be written to");
        let file = fs::read(&path).expect("it was just written");
        // Without the magic, the version and the checksum, which the target adds.
        put(folder, &format!("model/{place}"), &[&[3], &file[8..file.len() - 32]].concat());
    }
}

fn scenarios(folder: &Path) {
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    for part in ["", "truex", "truex/small"] {
        let Ok(entries) = fs::read_dir(below.join(part)) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read(&path).expect("the repository can be read");
                let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or("scenario");
                put(folder, &format!("scenario/{}{name}", part.replace('/', "-")), &text);
            }
        }
    }
    let overridden = "name: a\nseed: 1\ndata: {iris: {}}\nfederation: {parties: 3, records_per_party: 9, skew: iid}\n\
        adversaries: []\nsweep: {seed: [1, 2]}\n\u{1f}federation.parties=4\u{1f}sweep.repeats=[1, 2]";
    put(folder, "scenario/overridden", overridden.as_bytes());
}

fn messages(folder: &Path) {
    let put = |name: &str, which: u8, message: Vec<u8>| {
        put(folder, &format!("wire/{name}"), &[vec![which], message].concat());
    };
    let join = wire::JoinRequest {
        protocol: "turncoat.v1".into(),
        revision: 2,
        party: 1,
        address: "127.0.0.1:7700".into(),
        records: 9,
        features: 3,
        model_digest: Some(vec![7; 32]),
    };
    put("join", 0, join.encode_to_vec());
    let fit = wire::PartyFit {
        party: 1,
        records: 9,
        train_accuracy: Some(0.5),
        model_digest: vec![1; 32],
        ..Default::default()
    };
    put("party-fit", 1, fit.encode_to_vec());
    let status =
        wire::FederationStatusReply { revision: 2, parties: 2, joined: vec![1, 2], ..Default::default() };
    put("status", 2, status.encode_to_vec());
    let status =
        wire::PartyStatusReply { revision: 2, party: 1, records: 9, features: 3, ..Default::default() };
    put("party-status", 3, status.encode_to_vec());
    for (place, learner) in LEARNERS.iter().enumerate() {
        let learner = parse_learner("seed", learner).unwrap_or_else(|error| panic!("{learner}: {error}"));
        let order = FitOrder { learner, classes: 2, seed: Seed::root(1) };
        put(&format!("fit-{place}"), 4, order.to_wire().encode_to_vec());
    }
    let missing = vec![wire::Absence { party: 2, reason: 1 }];
    let account = wire::AccountReply {
        clients: vec![wire::ClientAccount {
            client: "outsider".into(),
            asked: 3,
            answered: 3,
            ..Default::default()
        }],
        parties: vec![wire::PartyAccount { party: 1, retries: 2, ..Default::default() }],
        rejected: vec![wire::RejectedAnswers {
            party: 1,
            reason: 1,
            count: 1,
            first_query: 1,
            ..Default::default()
        }],
        degraded: vec![wire::DegradedAnswers {
            client: "operator".into(),
            first_query: 1,
            rows: 2,
            missing: missing.clone(),
        }],
        degraded_in_all: 1,
    };
    put("account", 5, account.encode_to_vec());
    put("records", 6, records_to_wire(Array2::from_elem((2, 3), 0.5).view()).encode_to_vec());
    let vectors = wire::Vectors::of(ndarray::array![[0.25, 0.75]].view());
    put("vectors", 7 + 9, vectors.encode_to_vec());
    let part = wire::PartyVectors { party: 1, vectors: Some(vectors.clone()) };
    let shared =
        wire::PredictSharedReply { mean: Some(vectors), parties: vec![part], missing, first_query: 1 };
    put("shared", 8, shared.encode_to_vec());
}
