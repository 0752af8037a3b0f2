//! What bad input gets: for each kind a message that says what, where and how to mend it, and its exit code. Never a
//! panic (every run is checked for one), a hang or a half-written report.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::net::TcpListener;

use ndarray::Array2;
use support::{Ended, Place, Running, SMALL, word};
use tonic::{Request, Response, Status};
use turncoat_learn::{PartyId, Shard};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::coordinator_server::{Coordinator, CoordinatorServer};
use turncoat_proto::wire::party_server::{Party, PartyServer};
use turncoat_proto::{
    Credentials, Deadlines, Dialer, Limits, Listener, Role, RpcFailure, server, version, wire,
};

/// Runs the small scenario on other data, asking for reports that must not come.
fn run_on(place: &Place, data: &str, more: &[&str]) -> Ended {
    place.file("small.yaml", SMALL);
    let data = format!("data={data}");
    let ended = place.run(&[&["run", "small.yaml", "--out", "out", "--set", &data], more].concat());
    assert!(!place.path("out/report.json").exists());
    assert!(place.leftovers().is_empty());
    ended
}

#[test]
fn missing_data_says_where_it_looked_and_how_to_get_it() {
    let place = Place::new();
    run_on(&place, "mnist", &[]).fails(3, &["mnist/train-images-idx3-ubyte", "--data-dir or TURNCOAT_DATA"]);
    run_on(&place, "mnist", &["--data-dir", "data"]).fails(
        3,
        &[
            "mnist: no mnist/train-images-idx3-ubyte (looked for data/mnist/train-images-idx3-ubyte, \
           data/mnist/train-images-idx3-ubyte.gz",
            "get it from",
        ],
    );
    for set in ["adult", "cifar10", "{purchase: {classes: 10}}", "{valued_shoppers: {classes: 10}}"] {
        run_on(&place, set, &["--data-dir", "data"]).fails(3, &["looked for data/", "get it from"]);
    }
    run_on(&place, "{csv: {path: none.csv, target: y}}", &[])
        .fails(3, &["no none.csv (looked for none.csv, none.csv.gz)", "beside the scenario file"]);
}

/// The header of an IDX file.
fn idx(magic: u32, sizes: &[u32]) -> Vec<u8> {
    [&[magic], sizes].concat().into_iter().flat_map(u32::to_be_bytes).collect()
}

#[test]
fn damaged_idx_files_are_named() {
    let place = Place::new();
    let source = "{idx: {images: images, labels: labels}}";
    place.file("labels", [idx(0x801, &[2]), vec![0, 1]].concat());
    place.file("images", [idx(0x803, &[2, 2, 2]), vec![7; 5]].concat());
    run_on(&place, source, &[]).fails(3, &["images is 21 bytes long and should be 24", "it is truncated"]);
    place.file("images", b"\x89PNG, not a set of images");
    run_on(&place, source, &[]).fails(3, &["images is not an IDX file of images", "0x89504e47"]);
    place.file("images", &idx(0x803, &[2])[..7]);
    run_on(&place, source, &[]).fails(3, &["images", "truncated"]);
    place.file("images", b"\x1f\x8b\x08 a gzip file that is none");
    run_on(&place, source, &[]).fails(3, &["images is a damaged or cut gzip file"]);
    place.file("images", [idx(0x803, &[3, 1, 1]), vec![7; 3]].concat());
    run_on(&place, source, &[]).fails(3, &["images holds 3 images", "labels holds 2 labels", "not a pair"]);
}

#[test]
fn wrong_tables_are_told_by_line_and_column() {
    let place = Place::new();
    let source = "{csv: {path: people.csv, target: income}}";
    place.file("people.csv", "age,job,income\n39,clerk,low\n50,judge\n28,smith,high\n");
    run_on(&place, source, &[]).fails(
        3,
        &["people.csv, line 3 has 2 fields, too few: 3 are expected (as line 1 has; `ragged: drop`"],
    );
    place.file("people.csv", "age,job,income\n39,clerk,low\n50,judge,high\n");
    run_on(&place, "{csv: {path: people.csv, target: incom}}", &[])
        .fails(3, &["people.csv has no target column \"incom\"", "nearest of its 3: \"income\""]);
    run_on(&place, "{csv: {path: people.csv, target: 4}}", &[]).fails(3, &["positions go from 1 to 3"]);
    run_on(&place, "{csv: {path: people.csv, target: income, columns: {job: numeric}}}", &[])
        .fails(3, &["people.csv, line 2: column \"job\" is numeric and \"clerk\" is not a number"]);
    place.file("people.csv", "age,job,income\n39,clerk,low\ninf,judge,high\n");
    run_on(&place, "{csv: {path: people.csv, target: income, columns: {age: numeric}}}", &[])
        .fails(3, &["line 3", "\"inf\"", "not a finite"]);
    place.file("people.csv", "age,job,income\n39,\"clerk,low\n50,judge,high\n");
    run_on(&place, source, &[]).fails(3, &["people.csv, line 2"]);
    place.file("people.csv", "");
    run_on(&place, source, &[]).fails(3, &["people.csv holds no record"]);
}

#[test]
fn more_records_than_there_are_is_said_with_how_many_by_class() {
    let place = Place::new();
    run_on(&place, "winequality", &["--set", "federation.records_per_party=700"]).fails(
        2,
        &["2200 records are asked (2100 for the parties, 100 auxiliary), but winequality has 1599 \
           (3: 10, 4: 53, 5: 681, 6: 638, 7: 199, 8: 18); ask fewer records_per_party"],
    );
    run_on(&place, "iris", &["--set", "federation.skew.explicit=[[1, 0], [0, 1], [1, 0]]"])
        .fails(2, &["auxiliary", "iris"]);
    let explicit = "federation={parties: 2, records_per_party: 10, skew: {explicit: [[1, 0], [0, 1]]}}";
    run_on(&place, "iris", &["--set", explicit, "--set", "adversaries=[]"])
        .fails(2, &["skew.explicit has 2 shares a party, but iris has 3 classes"]);
    let degenerate = "federation.on_degenerate=error";
    run_on(
        &place,
        "iris",
        &[
            "--set",
            degenerate,
            "--set",
            "federation.records_per_party=1",
            "--set",
            "auxiliary=\
        {records: 10}",
        ],
    )
    .fails(2, &["party-1 was dealt no record; party-2 was dealt no record", "`on_degenerate: warn`"]);
}

/// What a single target's shadow models need is known before anything is drawn, and no other kind's key is advised.
#[test]
fn too_few_shadow_records_are_told_by_their_key() {
    let place = Place::new();
    let scenario = "kind: single_target\nname: single\nseed: 7\ndata: winequality\n\
        target: {records: 400, learners: [decision_tree]}\nknowledge: white_box\n\
        shadow: {records: 1, steps: [same_distribution]}\ngeneration: {learners: [decision_tree]}\n\
        attack: {learners: [decision_tree]}\nattacks: [shadow_model]\n";
    place.file("single.yaml", scenario);
    for command in ["check", "run"] {
        let ended =
            place.run(&[command, "single.yaml"]).fails(2, &["shadow.records is 1: must be at least 2"]);
        assert!(!ended.stderr.contains("auxiliary"), "{}", ended.stderr);
    }
}

/// Weights of classes fit the data as soon as the data is known, and one thing is one thing.
#[test]
fn class_weights_of_another_number_are_told_before_anything_is_trained() {
    let place = Place::new();
    let scenario = "name: w\nseed: 7\nrepeats: 1\ndata: iris\nlaunch: {mode: in_process}\n\
        federation:\n  parties: 2\n  records_per_party: 10\n  skew: iid\n\
        \x20 learner: {bagging: {learner: {decision_tree: {class_weight: [1, 2]}}}}\nadversaries: []\n";
    place.file("w.yaml", scenario);
    for command in ["check", "run"] {
        place.run(&[command, "w.yaml"]).fails(2, &["class_weight", "2 weights for 3 classes"]);
    }
    let told = place.run(&["check", "w.yaml", "--set", "federation.learner=decision_tree"]).ok();
    assert!(told.stdout.contains("w, 2 parties, 1 repeat, 0 adversaries"), "{}", told.stdout);
}

/// Every violation of a file at once, each with its place, what stood there, the rule and the mend.
#[test]
fn a_wrong_scenario_is_told_all_its_faults_at_once() {
    let place = Place::new();
    let scenario = "\
name: wrong
seed: -3
repeats: many
dta: {winequality: {}}
data: {winequalty: {}}
federation:
  parties: 3
  records_per_party: -5
  skew: iid
adversaries:
  - party: {id: 4, attacks: [least_loss, gapp]}
";
    place.file("wrong.yaml", scenario);
    let overrides = ["--set", "federation.partis=4", "--set", "launch.mode", "--set", "seed=1.5"];
    let expected = "\
error: wrong.yaml:3:10: repeats is many: must be a whole number from 1 to 1000000
wrong.yaml:4:1: dta: unknown key; did you mean `data`?
wrong.yaml:5:8: data is winequalty: must be one of `adult`, `mnist`, `fashion_mnist`, `cifar10`, `idx`, `purchase`, \
`valued_shoppers`, `csv`, `winequality`, `iris`, `synthetic`; did you mean `winequality`?
wrong.yaml:8:22: federation.records_per_party is -5: must be a whole number from 1 to 1000000000
wrong.yaml:11:17: adversaries.0.party.id is 4: there are parties 1 to 3 (federation.parties)
wrong.yaml:11:42: adversaries.0.party.attacks.1 is gapp: must be one of `gap`, `confidence`, `shadow_model`, \
`least_loss`, `prior_aware`, `shadow_federation`; did you mean `gap`?
--set federation.partis=4: federation.partis: unknown key; did you mean `parties`?
--set launch.mode: write it as key.path=value
--set seed=1.5: seed is 1.5: must be a whole number from 0 to 18446744073709551615
";
    for command in ["run", "check"] {
        let ended = place.run(&[&[command, "wrong.yaml"], &overrides[..]].concat()).fails(2, &[]);
        assert_eq!(ended.stderr, expected, "{command}");
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn what_is_no_scenario_is_told_where() {
    let place = Place::new();
    place.file("open.yaml", "name: x\nfederation: {parties: 3\nseed: 1\n");
    place.run(&["run", "open.yaml"]).fails(2, &["open.yaml:3:5: not YAML"]);
    place.run(&["run", "none.yaml"]).fails(2, &["none.yaml: No such file", "the path of a scenario file"]);
    place.file("binary.yaml", [0xff, 0xfe, 0, 0x80]);
    place.run(&["run", "binary.yaml"]).fails(2, &["binary.yaml"]);
    place.run(&["run", "--set", "federation.partys=4"]).fails(2, &["did you mean `parties`?"]);
    place.run(&["run", "--jobs", "0"]).fails(2, &["--jobs"]);
    place.run(&["run", "--bogus"]).fails(2, &["--bogus"]);
}

/// An attack that lacks what it needs is the scenario's fault, and says what to add.
#[test]
fn an_attack_without_its_means_says_what_it_lacks() {
    let place = Place::new();
    let attack = "adversaries=[{outsider: {attacks: [shadow_model: {shadows: 2}]}}]";
    run_on(&place, "winequality", &["--set", "auxiliary={records: 0}", "--set", attack])
        .fails(2, &["outsider", "shadow_model", "auxiliary"]);
}

/// Makes the credentials of a federation of `parties`.
fn credentials(place: &Place, parties: &str) {
    place.run(&["credentials", "--parties", parties, "--out", "tokens"]).ok();
}

fn token_file(place: &Place, role: &str) -> Credentials {
    Credentials::load(&place.path(&format!("tokens/{role}.credentials"))).unwrap()
}

fn coordinator<'a>(listen: &'a str, parties: &'a str) -> [&'a str; 8] {
    let file = "tokens/coordinator.credentials";
    ["coordinator", "--listen", listen, "--parties", parties, "--insecure", "--credentials", file]
}

/// Starts a party by hand with a small shard.
fn party(place: &Place, number: &str, coordinator: &str, more: &[&str]) -> Running {
    let path = place.path("shard.npz");
    Shard::new(Array2::zeros((4, 2)), vec![0, 1, 0, 1]).unwrap().write(&path).unwrap();
    let tokens = format!("tokens/party-{number}.credentials");
    let who = ["party", "--id", number, "--shard", word(&path), "--insecure", "--credentials", &tokens];
    place.start(&[&who[..], &["--coordinator", coordinator], more].concat())
}

#[test]
fn a_port_in_use_is_said() {
    let place = Place::new();
    credentials(&place, "1");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let says = [&format!("cannot listen on {address}")[..], "choose another port, or 0 for any free one"];
    place.run(&coordinator(&address, "1")).fails(4, &says);
    party(&place, "1", "127.0.0.1:1", &["--listen", &address]).wait().fails(4, &says);
    place.run(&coordinator("nonsense", "1")).fails(2, &["--listen: `nonsense` is no address"]);
}

#[test]
fn a_wrong_shard_or_credentials_file_is_named() {
    let place = Place::new();
    credentials(&place, "2");
    let start = |shard: &str, tokens: &str| {
        let who = ["party", "--id", "1", "--coordinator", "127.0.0.1:1", "--join-timeout-ms", "1"];
        place.run(&[&who[..], &["--shard", shard, "--insecure", "--credentials", tokens]].concat())
    };
    let tokens = "tokens/party-1.credentials";
    start("none.npz", tokens).fails(3, &["cannot read the shard none.npz"]);
    start(tokens, tokens)
        .fails(3, &["tokens/party-1.credentials is not a shard", "an .npz file with x (f32, [n, d])"]);
    let path = place.path("shard.npz");
    Shard::new(Array2::zeros((2, 2)), vec![0, 1]).unwrap().write(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    place.file("cut.npz", &whole[..whole.len() / 2]);
    start("cut.npz", tokens).fails(3, &["cut.npz is not a shard"]);
    start("shard.npz", "tokens/party-2.credentials")
        .fails(2, &["tokens/party-2.credentials: the credentials have no token for party-1"]);
    place.file("bad.credentials", "party-1 0123\n");
    start("shard.npz", "bad.credentials")
        .fails(2, &["bad.credentials, line 1: a token is 64 hexadecimal digits"]);
    start("shard.npz", tokens)
        .fails(4, &["cannot join the federation: coordinator at 127.0.0.1:1", "refused"]);
    let listen =
        ["coordinator", "--parties", "3", "--insecure", "--credentials", "tokens/coordinator.credentials"];
    place
        .run(&listen)
        .fails(2, &["tokens/coordinator.credentials: the credentials have no token for party-3"]);
    place
        .run(&[&listen[..], &["--disclosure", "none"]].concat())
        .fails(2, &["--disclosure", "`open` and `aggregator`"]);
}

/// A party that says of itself what it is told to, and answers NaN.
struct FakeParty;

#[tonic::async_trait]
impl Party for FakeParty {
    async fn fit(&self, _request: Request<wire::FitRequest>) -> Result<Response<wire::PartyFit>, Status> {
        Ok(Response::new(wire::PartyFit {
            party: 1,
            records: 4,
            train_accuracy: Some(1.0),
            model_digest: vec![1; 32],
            ..Default::default()
        }))
    }

    async fn predict_proba(
        &self,
        request: Request<wire::PredictProbaRequest>,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        let wire::PredictProbaRequest { records, first_query, .. } = request.into_inner();
        let rows = records.unwrap().values.len() / 2;
        let mut probabilities = [0.25, 0.75].repeat(rows);
        probabilities[2] = f64::NAN;
        let vectors = wire::Vectors { classes: 2, probabilities };
        let (vectors, model_digest) = (Some(vectors), vec![1; 32]);
        Ok(Response::new(wire::PredictProbaReply { vectors, model_digest, first_query }))
    }

    async fn status(
        &self,
        _request: Request<wire::PartyStatusRequest>,
    ) -> Result<Response<wire::PartyStatusReply>, Status> {
        let revision = version::REVISION;
        Ok(Response::new(wire::PartyStatusReply {
            revision,
            party: 1,
            records: 4,
            features: 2,
            fitted: false,
            model_digest: None,
        }))
    }
}

/// Joins a fake party 1 that says it speaks that revision.
async fn join(place: &Place, coordinator: &str, revision: u32) -> Result<(), RpcFailure> {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let announcement = Announcement {
        protocol: version::PROTOCOL.into(),
        revision,
        party: PartyId::new(1).unwrap(),
        address: listener.address().clone(),
        records: 4,
        features: 2,
        model_digest: None,
    };
    let service = PartyServer::new(FakeParty);
    tokio::spawn(server::run(
        Limits::default(),
        service,
        listener,
        Credentials::default().into(),
        std::future::pending(),
        std::time::Duration::ZERO,
    ));
    let credentials = token_file(place, "party-1");
    let token = credentials.token(Role::Party(announcement.party)).unwrap();
    let (dialer, address) = (Dialer::tcp(), coordinator.parse().unwrap());
    let client = CoordinatorClient::connect(&dialer, &address, token, Deadlines::default()).await.unwrap();
    client.join(&announcement).await.map(|_| ()).map_err(|error| error.failure)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_of_another_version_is_told_so() {
    let place = Place::new();
    credentials(&place, "1");
    let mut hub = place.start(&coordinator("127.0.0.1:0", "1"));
    let address = hub.address();
    let (ours, theirs) = (version::REVISION + 1, version::REVISION);
    let refused = join(&place, &address, ours).await.unwrap_err();
    assert_eq!(refused, RpcFailure::VersionMismatch { ours, theirs });
    assert!(refused.to_string().contains("run the same version on both"), "{refused}");
    hub.signal("TERM");
    hub.wait().ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vector_with_nan_names_the_party_and_the_record() {
    let place = Place::new();
    credentials(&place, "1");
    let mut hub = place.start(&coordinator("127.0.0.1:0", "1"));
    let address = hub.address();
    join(&place, &address, version::REVISION).await.unwrap();
    let path = place.path("queries.npz");
    Shard::new(Array2::zeros((3, 2)), vec![0; 3]).unwrap().write(&path).unwrap();
    let ask = |question: &str, more: &[&str]| {
        let to = [
            "ask",
            question,
            "--coordinator",
            &address,
            "--insecure",
            "--credentials",
            "tokens/operator.credentials",
        ];
        place.run(&[&to[..], more].concat())
    };
    tokio::task::block_in_place(|| {
        ask("fit", &["--classes", "2"]).ok();
        let ended = ask("predict", &["--records", word(&path)]);
        ended.fails(4, &["party-1 at 127.0.0.1:", "PredictProba: invalid answer", "NaN"]);
        hub.signal("TERM");
        hub.wait().ok();
    });
}

/// A coordinator from the future.
struct FakeCoordinator;

#[tonic::async_trait]
impl Coordinator for FakeCoordinator {
    async fn join(&self, _request: Request<wire::JoinRequest>) -> Result<Response<wire::JoinReply>, Status> {
        Ok(Response::new(wire::JoinReply { revision: 99, parties: 1 }))
    }

    async fn fit(&self, _: Request<wire::FitRequest>) -> Result<Response<wire::FederationFitReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn predict(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn predict_shared(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictSharedReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn status(
        &self,
        _: Request<wire::FederationStatusRequest>,
    ) -> Result<Response<wire::FederationStatusReply>, Status> {
        let reply = wire::FederationStatusReply { revision: 99, parties: 1, ..Default::default() };
        Ok(Response::new(reply))
    }

    async fn account(
        &self,
        _: Request<wire::AccountRequest>,
    ) -> Result<Response<wire::AccountReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_coordinator_of_another_version_is_not_joined_nor_asked() {
    let place = Place::new();
    credentials(&place, "1");
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address().to_string();
    let service = CoordinatorServer::new(FakeCoordinator);
    tokio::spawn(server::run(
        Limits::default(),
        service,
        listener,
        Credentials::default().into(),
        std::future::pending(),
        std::time::Duration::ZERO,
    ));
    tokio::task::block_in_place(|| {
        let says =
            ["the peer speaks revision 99 of the contract", "run the same version on both", address.as_str()];
        party(&place, "1", &address, &[]).wait().fails(4, &says);
        let to = [
            "ask",
            "status",
            "--coordinator",
            &address,
            "--insecure",
            "--credentials",
            "tokens/operator.credentials",
        ];
        place.run(&to).fails(4, &says);
    });
}
