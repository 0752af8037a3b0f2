//! A federation started by hand as `--help` says: certificates, coordinator, parties, questions; and who is refused what.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::PathBuf;

use ndarray::Array2;
use support::{Ended, Place, Running, word};
use turncoat_learn::Shard;

/// Two classes that the first feature tells apart, in shards that are all different.
fn shard(from: usize, count: usize) -> Shard {
    let records =
        Array2::from_shape_fn((count, 3), |(row, column)| ((from + row) * (column + 1) % 17) as f32);
    let labels = records.column(0).iter().map(|&value| u32::from(value > 8.0)).collect();
    Shard::new(records, labels).unwrap()
}

/// A running federation of three parties.
struct Federation {
    place: Place,
    coordinator: Running,
    address: String,
    parties: Vec<Running>,
}

impl Federation {
    fn start(disclosure: &str) -> Self {
        let place = Place::new();
        let ended = place.run(&["certs", "new", "--parties", "3", "--out", "certs"]).ok();
        assert!(ended.stderr.contains("8 members"), "{}", ended.stderr);
        let mut coordinator = place.start(&[
            "coordinator",
            "--listen",
            "127.0.0.1:0",
            "--parties",
            "3",
            "--disclosure",
            disclosure,
            "--certificate",
            "certs/coordinator.pem",
        ]);
        let address = coordinator.address();
        let mut federation = Self { place, coordinator, address, parties: Vec::new() };
        for number in 1..=3 {
            let party = federation.party(number);
            federation.parties.push(party);
        }
        federation
    }

    fn party(&self, number: usize) -> Running {
        let path = self.place.path(&format!("shard-{number}.npz"));
        shard(100 * number, 40).write(&path).unwrap();
        let mut party = self.place.start(&[
            "party",
            "--id",
            &number.to_string(),
            "--shard",
            word(&path),
            "--coordinator",
            &self.address,
            "--certificate",
            &format!("certs/party-{number}.pem"),
        ]);
        party.address();
        party
    }

    /// Asks as a role, with its own certificate.
    fn ask(&self, question: &str, role: &str, more: &[&str]) -> Ended {
        let certificate = format!("certs/{role}.pem");
        let to =
            ["ask", question, "--coordinator", &self.address, "--certificate", &certificate, "--role", role];
        self.place.run(&[&to, more].concat())
    }

    fn wait_until_joined(&self) {
        support::until("the parties never join", || {
            self.ask("status", "operator", &[]).ok().stdout.starts_with("3 of 3 parties joined")
        });
    }

    fn queries(&self) -> PathBuf {
        let path = self.place.path("queries.npz");
        shard(7, 20).write(&path).unwrap();
        path
    }

    /// Ends everybody by a signal.
    fn stop(self, name: &str) {
        for process in self.parties.into_iter().chain([self.coordinator]) {
            process.signal(name);
            process.wait().ok();
        }
        self.place.wait_until_empty();
    }
}

#[test]
fn a_federation_is_started_trained_asked_and_stopped_by_hand() {
    let federation = Federation::start("open");
    federation.wait_until_joined();
    let status = federation.ask("status", "operator", &[]).ok();
    assert_eq!(status.stdout, "3 of 3 parties joined (party-1, party-2, party-3), not fitted\n");
    let queries = federation.queries();
    let records = ["--records", word(&queries)];
    federation
        .ask("predict", "outsider", &records)
        .fails(4, &["the federation has no model yet: call Fit first"]);

    let fit = federation.ask("fit", "operator", &["--classes", "2"]).ok();
    let expected = "party-1: 40 records, training accuracy 1.000\n\
                    party-2: 40 records, training accuracy 1.000\n\
                    party-3: 40 records, training accuracy 1.000\n";
    assert_eq!(fit.stdout, expected);
    // Anybody of the federation's roles may ask how far it is.
    let status = federation.ask("status", "outsider", &[]).ok();
    assert_eq!(status.stdout, "3 of 3 parties joined (party-1, party-2, party-3), fitted\n");
    let json = |ended: Ended| -> serde_json::Value { serde_json::from_str(&ended.ok().stdout).unwrap() };
    let status = json(federation.ask("status", "outsider", &["--format", "json"]));
    let joined = ["party-1", "party-2", "party-3"];
    assert_eq!(status, serde_json::json!({"parties": 3, "joined": joined, "fitted": true}));

    let mean = federation.ask("predict", "outsider", &records).ok();
    assert_eq!(mean.stdout.lines().count(), 1 + 20);
    assert_eq!(mean.stdout.lines().next(), Some("who,record,p_0,p_1"));
    let shared = federation.ask("predict", "party-1", &[&records[..], &["--shared"]].concat()).ok();
    assert_eq!(shared.stdout.lines().count(), 1 + 4 * 20);
    assert!(shared.stdout.starts_with(&mean.stdout), "the mean is the same for everybody");
    assert!(shared.stdout.contains("\nparty-3,19,"), "{}", shared.stdout);
    let reported = json(federation.ask(
        "predict",
        "party-1",
        &[&records[..], &["--shared", "--format", "json"]].concat(),
    ));
    assert_eq!(
        reported.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["mean", "party-1", "party-2", "party-3"]
    );
    assert_eq!(
        (reported["mean"].as_array().unwrap().len(), &reported["party-3"][19].as_array().unwrap().len()),
        (20, &2)
    );
    // All three learned the same rule, so the federation follows it.
    for (line, label) in mean.stdout.lines().skip(1).zip(shard(7, 20).labels()) {
        assert!(line.ends_with(if *label == 1 { ",0,1" } else { ",1,0" }), "{line}");
    }

    // Trained anew: the nearest neighbours are all 40 records, so every answer is their class shares.
    federation.ask("fit", "operator", &["--classes", "2", "--learner", "{knn: {k: 40}}"]).ok();
    let mean = federation.ask("predict", "outsider", &records).ok();
    let answers = mean.stdout.lines().skip(1).map(|line| line.splitn(3, ',').nth(2).unwrap());
    let answers: Vec<&str> = answers.collect();
    assert!(answers.len() == 20 && answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(answers[0] != "0,1" && answers[0] != "1,0", "{answers:?}");
    federation
        .ask("fit", "operator", &["--classes", "2", "--learner", "{knn: {k: 0}}"])
        .fails(2, &["--learner:1:", "learner.knn.k is 0: must be a whole number of at least 1"]);
    federation
        .ask("fit", "operator", &["--classes", "2", "--learner", "nknn"])
        .fails(2, &["learner is nknn: must be one of", "did you mean `knn`?"]);
    federation.stop("INT");
}

/// The table of who may see what, from outside: the exit code, and what is said.
#[test]
fn what_is_answered_depends_on_who_asks_and_on_the_disclosure() {
    for disclosure in ["open", "aggregator"] {
        let federation = Federation::start(disclosure);
        federation.wait_until_joined();
        for role in ["outsider", "party-2", "aggregator"] {
            let refused =
                format!("permission denied: {role} may not call Fit under disclosure `{disclosure}`");
            federation.ask("fit", role, &["--classes", "2"]).fails(4, &[&refused]);
        }
        federation.ask("fit", "operator", &["--classes", "2"]).ok();
        let queries = federation.queries();
        let mean = ["--records", word(&queries)];
        let shared = [&mean[..], &["--shared"]].concat();
        for role in ["operator", "outsider", "party-2", "aggregator"] {
            federation.ask("status", role, &[]).ok();
            federation.ask("predict", role, &mean).ok();
            let ended = federation.ask("predict", role, &shared);
            let may = match role {
                "outsider" => false,
                "party-2" => disclosure == "open",
                _ => true,
            };
            if may {
                ended.ok();
            } else {
                let refused = format!(
                    "permission denied: {role} may not call PredictShared under disclosure `{disclosure}`"
                );
                assert_eq!(ended.fails(4, &[&refused]).stdout, "", "nothing is shown with a refusal");
            }
        }
        federation.stop("TERM");
    }
}

#[test]
fn a_role_needs_its_certificate_and_its_place() {
    let federation = Federation::start("open");
    federation.wait_until_joined();
    let ask = |certificate: &str, role: &str| {
        let to = ["ask", "status", "--coordinator", &federation.address, "--role", role, "--certificate"];
        federation.place.run(&[&to[..], &[certificate]].concat())
    };
    // Another federation's certificate of the same role: neither side authenticates the other.
    federation.place.run(&["certs", "new", "--parties", "3", "--out", "others"]).ok();
    ask("others/operator.pem", "operator").fails(4, &["unauthenticated", "of another federation"]);
    ask("certs/outsider.pem", "operator").fails(
        2,
        &["certs/outsider.pem: the certificate is that of outsider; nobody but operator acts as operator"],
    );
    ask("certs/operator.pem", "root").fails(2, &["`root` is no role"]);
    ask("certs/none.pem", "operator").fails(2, &["cannot read the certificate certs/none.pem"]);
    federation.place.file("empty.pem", "");
    ask("empty.pem", "operator").fails(2, &["empty.pem", "no private key", "`turncoat certs new`"]);
    // Certificates are made once: a second time would lock everybody out.
    let again = federation.place.run(&["certs", "new", "--parties", "3", "--out", "certs"]);
    again.fails(2, &["coordinator.pem is there already"]);

    // A second party 2 from elsewhere, party 2 as party 3, and a fourth of three.
    let intruder = federation.party_as(2, "certs/party-2.pem").wait();
    intruder.fails(4, &["cannot join the federation", "party-2 has already joined from 127.0.0.1:"]);
    let other = federation.party_as(3, "certs/party-2.pem").wait();
    other.fails(2, &["certs/party-2.pem: the certificate is that of party-2, but it is party-3"]);
    federation.place.run(&["certs", "new", "--parties", "4", "--out", "four"]).ok();
    let unknown = federation.party_as(4, "four/party-4.pem").wait();
    unknown.fails(4, &["cannot join the federation", "unauthenticated", "of another federation"]);

    // One line of the coordinator's log for each unauthenticated peer.
    for party in federation.parties {
        party.signal("TERM");
        party.wait().ok();
    }
    federation.coordinator.signal("TERM");
    let log = federation.coordinator.wait().ok().stderr;
    assert_eq!(log.matches("not let in").count(), 2, "{log}");
    federation.place.wait_until_empty();
}

#[test]
fn certificates_are_shown_and_keep_their_keys_to_their_owner() {
    let place = Place::new();
    place.run(&["certs", "new", "--parties", "2", "--out", "certs", "--days", "3"]).ok();
    let shown = place.run(&["certs", "show", "certs/party-2.pem", "certs/coordinator.pem"]).ok().stdout;
    let lines: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((lines[1][0], lines[1][1]), ("certs/party-2.pem", "party-2"), "{shown}");
    assert_eq!((lines[2][0], lines[2][1]), ("certs/coordinator.pem", "coordinator"), "{shown}");
    assert_eq!(lines[1][2], lines[2][2], "one federation");
    assert_eq!(lines[1].last().unwrap().len(), 64, "a SHA-256");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path("certs/party-2.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let whole = std::fs::read_to_string(place.path("certs/party-2.pem")).unwrap();
    let (first, last) = (whole.find("-----END").unwrap(), whole.rfind("-----END").unwrap());
    let second = first + whole[first..].find("-----BEGIN").unwrap();
    let name = whole[..first].split("-----").nth(1).unwrap().strip_prefix("BEGIN ").unwrap();
    let cuts = [(first - 9, name), (second + 20, "next part"), (second + 60, ""), (last - 9, "")];
    for (length, part) in cuts {
        place.file("cut.pem", &whole[..length]);
        let reported = place.run(&["certs", "show", "cut.pem"]);
        reported.fails(
            2,
            &[&format!(
                "cut.pem: no certificate of a federation's member: it is cut short, within its {part}"
            )],
        );
    }
}

/// Plain text is there for those who spell it out, and a token of another federation opens nothing.
#[test]
fn a_federation_without_encryption_is_asked_for_in_so_many_words() {
    let place = Place::new();
    place.run(&["credentials", "--parties", "1", "--out", "tokens"]).ok();
    place.run(&["credentials", "--parties", "1", "--out", "others"]).ok();
    place.run(&["certs", "new", "--parties", "1", "--out", "certs"]).ok();
    let plain = ["coordinator", "--parties", "1", "--credentials", "tokens/coordinator.credentials"];
    place.run(&plain).fails(2, &["--insecure"]);
    place.run(&["coordinator", "--parties", "1"]).fails(2, &["--certificate <FILE>"]);
    let mut coordinator = place.start(&[&plain[..], &["--insecure"]].concat());
    let address = coordinator.address();
    let ask = |more: &[&str]| place.run(&[&["ask", "status", "--coordinator", &address][..], more].concat());
    let joined = ask(&["--insecure", "--credentials", "tokens/operator.credentials"]).ok();
    assert_eq!(joined.stdout, "0 of 1 parties joined (none yet), not fitted\n");
    ask(&["--insecure", "--credentials", "others/operator.credentials"])
        .fails(4, &["unauthenticated: nobody here knows this token"]);
    ask(&["--insecure", "--credentials", "tokens/none.credentials"])
        .fails(2, &["cannot read the credentials tokens/none.credentials"]);
    ask(&["--certificate", "certs/operator.pem"]).fails(4, &["does not speak TLS", "--insecure"]);
    coordinator.signal("TERM");
    coordinator.wait().ok();
}

impl Federation {
    /// Starts one more party, which is not awaited.
    fn party_as(&self, number: usize, certificate: &str) -> Running {
        let path = self.place.path(&format!("more-{number}.npz"));
        shard(0, 5).write(&path).unwrap();
        let number = number.to_string();
        let who = ["party", "--id", &number, "--shard", word(&path), "--certificate", certificate];
        self.place.start(&[&who[..], &["--coordinator", &self.address]].concat())
    }
}
