//! The page to look at: what it says, that it is made from the folder alone, and what becomes of folders that lack something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use support::{Place, SMALL, TARGETS, files, unzipped};

const IN_PROCESS: &str = "launch: {mode: in_process}\n";

/// The page and the pictures of a folder and of the folders of its runs.
fn pages(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in files(&next) {
            let pictures = path.parent().unwrap().ends_with("pictures");
            if path.is_dir() {
                folders.push(path);
            } else if pictures || path.ends_with("report.html") {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The text of a page: without its style, its drawings and its marks; one line for each piece of text.
fn text(html: &str) -> String {
    let mut rest = html.to_owned();
    for (from, to) in [("<style>", "</style>"), ("<svg", "</svg>")] {
        while let Some(start) = rest.find(from) {
            let end = start + rest[start..].find(to).unwrap() + to.len();
            rest.replace_range(start..end, "");
        }
    }
    for (from, to) in [("</td><td", "</td> | <td"), ("</th><th", "</th> | <th"), ("<td class", " <td class")]
    {
        rest = rest.replace(from, to);
    }
    let mut out = String::new();
    let mut inside = false;
    for letter in rest.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => out.push(letter),
            _ => {}
        }
    }
    let out = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(out, |out, (from, to)| out.replace(from, to));
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn page(place: &Place, out: &str) -> String {
    fs::read_to_string(place.path(out).join("report.html")).unwrap()
}

fn zip(path: &Path, text: &str) {
    let file = fs::File::create(path).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
}

/// Asserts that `turncoat report` leaves the bytes that the run left, from a folder without any of them.
#[track_caller]
fn assert_made_again(place: &Place, out: &str) {
    let made = pages(&place.path(out));
    assert!(made.contains_key(Path::new("report.html")), "{:?}", made.keys());
    for name in made.keys() {
        fs::remove_file(place.path(out).join(name)).unwrap();
    }
    // What an older page left is gone.
    place.file(&format!("{out}/pictures/stale.svg"), "");
    let ended = place.run(&["report", out]).ok();
    assert!(ended.stdout.starts_with(&format!("{out}/report.html")), "{}", ended.stdout);
    let again = pages(&place.path(out));
    assert_eq!(again.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, bytes) in &again {
        assert!(*bytes == made[name], "{} differs", name.display());
    }
}

#[test]
fn a_federations_page_says_what_was_measured() {
    let place = Place::new();
    let more = "boundaries: {features: [alcohol, sulphates], grid: 9}\n";
    let wine = SMALL.replace(
        "  synthetic: {gaussian_clusters: {records: 1200, features: 6, classes: 3}}\n",
        "  winequality: {}\n",
    );
    assert_ne!(wine, SMALL);
    place.file("wine.yaml", format!("{wine}{more}{IN_PROCESS}"));
    place.run(&["run", "wine.yaml", "--out", "out", "--quiet", "--set", "repeats=3"]).ok();
    insta::assert_snapshot!(text(&page(&place, "out")));
    assert_made_again(&place, "out");
    let names: Vec<String> = files(&place.path("out/pictures"))
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let expected = [
        "answer",
        "boundaries",
        "by_class",
        "by_party",
        "federation",
        "histograms",
        "ladder",
        "roc",
        "roc_log",
        "roc_log_uniform",
        "roc_uniform",
        "scatter",
    ];
    let expected: Vec<String> =
        expected.iter().flat_map(|name| [format!("{name}.png"), format!("{name}.svg")]).collect();
    assert_eq!(names, expected);
}

/// Curves are computed from the claims, the report's rates by the challenger: at 1 % and 0.1 % they have to meet.
#[test]
fn curves_pass_through_the_rates_of_the_report() {
    let place = Place::new();
    let attacks = "adversaries:\n  - outsider: {attacks: [confidence]}\n  - party: {id: 3, attacks: [confidence, gap]}\n";
    let scenario = SMALL.split("adversaries:").next().unwrap().to_owned() + attacks + IN_PROCESS;
    place.file("curves.yaml", scenario);
    let learner = "federation.learner=naive_bayes";
    let start = ["run", "curves.yaml", "--out", "out", "--quiet", "--set", learner, "--set", "repeats=5"];
    place.run(&start).ok();
    let text = text(&page(&place, "out"));
    let table = text.split("who | attack | claims | AUC | smallest FPR | at 0.1 % | at 1 %").nth(1).unwrap();
    let mut rows = table.lines().skip(1).map(|line| line.split(" | ").collect::<Vec<_>>());
    let mut above = 0;
    for result in support::report(&place.path("out"))["results"].as_array().unwrap() {
        if result["non_members"] != "matched" {
            continue;
        }
        let row = rows.next().unwrap();
        assert_eq!((&result["adversary"], &result["attack"]), (&row[0].into(), &row[1].into()));
        for (column, name) in [(5, "tpr_at_fpr_0_1pct"), (6, "tpr_at_fpr_1pct")] {
            let rate = result[name]["mean"].as_f64().unwrap();
            assert_eq!(row[column], format!("{:.1}", 100.0 * rate), "{row:?}");
            above += usize::from(rate > 0.0);
        }
    }
    assert!(above > 0, "nothing was held against anything:\n{table}");
}

#[test]
fn a_page_of_single_targets_is_made_again() {
    let place = Place::new();
    place.file("targets.yaml", TARGETS);
    place.run(&["run", "targets.yaml", "--out", "out", "--quiet"]).ok();
    let text = text(&page(&place, "out"));
    for says in [
        "The targets",
        "Attacks by target",
        "Most exposed records",
        "decision_tree: shadow_model · decision_tree",
    ] {
        assert!(text.contains(says), "{says:?} is not in:\n{text}");
    }
    assert_made_again(&place, "out");
}

/// Keys that were renamed are read under the names that older versions gave them, too.
#[test]
fn reports_with_older_keys_say_the_same() {
    let place = Place::new();
    place.file("targets.yaml", TARGETS);
    let byzantine = [SMALL, IN_PROCESS, "byzantine: [{party: 1, how: label_flip}]\n"].concat();
    place.file("byzantine.yaml", &byzantine);
    for (scenario, renamed) in [
        ("targets", ("\"single_target\"", "\"laboratory\"")),
        ("byzantine", ("\"with_byzantine\"", "\"lying\"")),
    ] {
        place.run(&["run", &format!("{scenario}.yaml"), "--out", scenario, "--quiet"]).ok();
        let made = pages(&place.path(scenario));
        let compared = || place.run(&["compare", scenario, "--with", "published"]).ok().stdout;
        let before = compared();
        let report = place.path(scenario).join("report.json");
        let text = fs::read_to_string(&report).unwrap();
        assert!(text.contains(renamed.0) && !text.contains(renamed.1));
        fs::write(&report, text.replace(renamed.0, renamed.1)).unwrap();
        place.run(&["report", scenario]).ok();
        assert_eq!(pages(&place.path(scenario)), made, "{scenario}");
        assert_eq!(compared(), before);
    }
}

#[test]
fn a_sweeps_page_links_to_its_runs_and_is_made_again() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    let sweep = "sweep.federation.disclosure=[open, aggregator]";
    place.run(&["run", "small.yaml", "--out", "out", "--quiet", "--set", sweep]).ok();
    let html = page(&place, "out");
    let runs = files(&place.path("out/runs"));
    assert_eq!(runs.len(), 2);
    for run in &runs {
        let name = run.file_name().unwrap().to_str().unwrap();
        assert!(html.contains(&format!("href=\"runs/{name}/report.html\"")), "{name}");
        assert!(run.join("report.html").is_file());
    }
    let text = text(&html);
    for says in [
        "2 runs over federation.disclosure",
        "The vantage ladder, run by run",
        "residual party",
        "over all federations",
    ] {
        assert!(text.contains(says) || html.contains(says), "{says:?} is not in:\n{text}");
    }
    assert_made_again(&place, "out");
}

/// Of 150 records 147 or 120 are in shards, so that six claims are all that a repeat of the one run has.
#[test]
fn a_sweep_says_how_many_claims_its_figures_rest_on() {
    let place = Place::new();
    let scenario = "name: few\nseed: 8\nrepeats: 3\ndata: iris\n\
                    federation: {parties: 3, records_per_party: 49, skew: iid}\n\
                    adversaries: [outsider: {attacks: [gap]}, party: {id: 3, attacks: [least_loss, gap]}]\n";
    place.file("few.yaml", format!("{scenario}{IN_PROCESS}"));
    let sweep = ["--set", "sweep.federation.records_per_party=[40, 49]"];
    let ended = place.run(&[&["run", "few.yaml", "--out", "out", "--quiet"], &sweep[..]].concat()).ok();
    let html = page(&place, "out");
    let legend = "† fewer than 30 claims a repeat, too few for a 95 % interval.";
    // Table, curves' key and ladder's axis, each with what the mark means.
    for says in [
        "prior only | claims",
        " | 5.7†",
        "party; 6† to 57 claims a repeat\n",
        "precision, percent; 5.7† to 57 claims a repeat\n",
    ] {
        assert!(text(&html).contains(says) || html.contains(says), "{says:?} is not in:\n{}", text(&html));
    }
    assert!(html.matches(legend).count() >= 3, "{}", text(&html));
    for says in ["claims", " 6† ", legend] {
        assert!(ended.stdout.contains(says), "{says:?} is not in:\n{}", ended.stdout);
    }
}

#[test]
fn names_cannot_become_marks() {
    let place = Place::new();
    let evil = "<script>alert(1)</script>";
    let rows: String = (0..600).map(|n| format!("{},{},{}\n", n % 17, n % 5, ["yes", evil][n % 2])).collect();
    place.file("people.csv", format!("<img src=x>,\"b\"\"'\",class\n{rows}"));
    let scenario = format!(
        "name: file\nseed: 1\nrepeats: 2\ndata: {{csv: {{path: people.csv, target: class}}}}\n\
        federation: {{parties: 2, records_per_party: 100, skew: iid}}\n\
        boundaries: {{features: ['<img src=x>', 'b\"''']}}\n\
        adversaries: [outsider: {{attacks: [gap, least_loss]}}, aggregator: {{attacks: [least_loss]}}]\n{IN_PROCESS}"
    );
    place.file("evil.yaml", scenario);
    place.run(&["run", "evil.yaml", "--out", "out", "--quiet"]).ok();
    for (name, bytes) in pages(&place.path("out")) {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(!text.contains("<script") && !text.contains("<img"), "{}", name.display());
    }
    assert!(text(&page(&place, "out")).contains(evil));
}

#[test]
fn a_folder_that_lacks_something_gets_the_page_that_its_files_allow() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    place.run(&["run", "small.yaml", "--out", "out", "--quiet"]).ok();
    let claims = place.path("out/claims.csv.gz");
    let whole = unzipped(&claims);

    let unlabelled: String =
        whole.lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0)).collect();
    zip(&claims, &unlabelled);
    place.run(&["report", "out"]).ok();
    let text = text(&page(&place, "out"));
    assert!(
        text.contains("claims.csv.gz has no column `label`") && text.contains("How scores separate"),
        "{text}"
    );
    assert!(!text.contains("Class by class"));

    fs::remove_file(&claims).unwrap();
    fs::remove_file(place.path("out/scenario.resolved.yaml")).unwrap();
    place.run(&["report", "out"]).ok();
    let text = self::text(&page(&place, "out"));
    for says in [
        "claims.csv.gz is not in this folder",
        "scenario.resolved.yaml is not in this folder",
        "Every attack",
    ] {
        assert!(text.contains(says), "{says:?} is not in:\n{text}");
    }
    assert!(!text.contains("How scores separate") && !place.path("out/pictures/roc.svg").exists());

    zip(&claims, &whole.replacen("\n1,", "\nmaybe,", 1));
    place
        .run(&["report", "out"])
        .fails(3, &["claims.csv.gz is no file of claims", "cannot be read", "delete it"]);
    fs::write(&claims, "no archive").unwrap();
    place.run(&["report", "out"]).fails(3, &["claims.csv.gz is no file of claims"]);
    fs::remove_file(&claims).unwrap();
    fs::write(place.path("out/report.json"), "{}").unwrap();
    place.run(&["report", "out"]).fails(3, &["report.json is no report that this version can show"]);
    place.run(&["report", "nowhere"]).fails(2, &["nowhere holds no finished run", "give the --out folder"]);
}

#[test]
fn overwriting_clears_the_page_of_an_earlier_run() {
    let place = Place::new();
    let boundaries = "boundaries: {features: [f1, f2], grid: 9}\n";
    place.file("small.yaml", format!("{SMALL}{boundaries}{IN_PROCESS}"));
    let start = ["run", "small.yaml", "--out", "out", "--quiet"];
    place.run(&start).ok();
    assert!(place.path("out/pictures/boundaries.svg").is_file());
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    place.run(&[&start[..], &["--overwrite"]].concat()).ok();
    assert!(place.path("out/pictures/answer.svg").is_file());
    assert!(!place.path("out/pictures/boundaries.svg").exists());
}
