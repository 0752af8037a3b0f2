//! Every scenario file of the repository is sound, says in its opening comment what it is held against, and resolves to
//! itself.

use std::path::{Path, PathBuf};

use turncoat::scenario::{Plan, Scenario, check_files};
use turncoat_learn::data::{DataError, DataFolders, DataSource};
use turncoat_learn::partition::Clusters;
use turncoat_learn::{Partition, Seed};

/// All `.yaml` files below `scenarios/`, in the order of their paths.
fn scenario_files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of scenarios can be read") {
            let path = entry.expect("its entries can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_scenario_file_is_sound() {
    let files = scenario_files();
    assert!(files.len() >= 8, "{files:?}");
    let mut names = Vec::new();
    for (path, result) in check_files(&files) {
        let plan = result.unwrap_or_else(|errors| panic!("{errors}"));
        for loaded in plan.experiments() {
            assert!(loaded.warnings.is_empty(), "{}: {:?}", path.display(), loaded.warnings);
        }
        names.push(plan.experiments().next().unwrap().study.name().to_owned());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), files.len(), "two scenarios share a name");
}

#[test]
fn every_scenario_file_resolves_to_itself() {
    for path in scenario_files() {
        let plan = Plan::load(&path, &[]).unwrap();
        for first in plan.experiments() {
            let second = Scenario::parse("resolved", &first.resolved_yaml, &[]).unwrap();
            assert_eq!(*first, second, "{}", path.display());
        }
        if let Plan::Sweep(sweep) = &plan {
            let second = Plan::parse("resolved", &sweep.resolved_yaml, &[]).unwrap();
            assert_eq!(plan, second, "{}", path.display());
        }
    }
}

#[test]
fn every_scenario_file_opens_with_what_it_is_held_against() {
    for path in scenario_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let comment = text.lines().take_while(|line| line.starts_with('#')).count();
        assert!(comment >= 3, "{} opens with {comment} lines of comment", path.display());
    }
}

/// The scenarios that the README and the guide's page about scenarios show are sound.
#[test]
fn the_scenarios_of_the_texts_are_sound() {
    for (page, least) in [("README.md", 1), ("docs/src/scenarios.md", 5)] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        let blocks = text.split("```yaml\n").skip(1).filter_map(|text| text.split("```").next());
        let scenarios: Vec<&str> = blocks.filter(|text| text.starts_with("name:")).collect();
        assert!(scenarios.len() >= least, "{page}: {scenarios:?}");
        for text in scenarios {
            Plan::parse(page, text, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        }
    }
}

/// The sizes that the quickstart is meant to be tried at.
#[test]
fn the_quickstart_can_be_resized_from_the_command_line() {
    let quickstart = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.yaml");
    let resize = |overrides: &[&str]| {
        let overrides: Vec<String> = overrides.iter().map(|&text| text.into()).collect();
        let loaded = Scenario::load(&quickstart, &overrides).unwrap_or_else(|errors| panic!("{errors}"));
        loaded.study.federation().expect("the quickstart is a federation").clone()
    };
    assert_eq!(resize(&[]).parties(), 3);
    assert_eq!(resize(&["federation.parties=5"]).parties(), 5);
    let many = ["federation.parties=200", "federation.records_per_party=7", "launch.mode=in_process"];
    assert_eq!(resize(&many).parties(), 200);
    assert_eq!(resize(&["federation.parties=32", "federation.records_per_party=40"]).parties(), 32);
}

/// The folder of the public data sets, where there is one: `TURNCOAT_DATA`, or `shared/data` beside the repository.
fn data_folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("TURNCOAT_DATA").map(PathBuf::from).or(Some(beside)).filter(|folder| folder.is_dir())
}

/// Each scenario's data hold the records it asks for, and leave about as many that are held out as there are members
/// to be told from them. (A skewed partition gives fewer records than it is asked for where a class runs out.)
#[test]
fn every_scenario_can_be_partitioned_from_its_data() {
    let folders = DataFolders { data_dir: data_folder(), scenario_dir: None };
    for path in scenario_files() {
        let plan = Plan::load(&path, &[]).unwrap();
        let Some(scenario) = plan.experiments().next().unwrap().study.federation() else { continue };
        let seed = Seed::root(scenario.seed);
        // 20,000 images of 3,072 values are too much to read for a test that only counts classes.
        if scenario.data == DataSource::Cifar10 {
            continue;
        }
        let data = match scenario.data.load(&folders, seed) {
            Ok(data) => data,
            Err(DataError::Missing { dataset, .. }) => {
                println!("skipped: {} needs {dataset}, which is not here", scenario.name);
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        let (params, auxiliary) = (&scenario.federation.partition, scenario.auxiliary.records);
        let clusters = Clusters::find(params, &data, seed.child("clusters", 0));
        for repeat in 0..5 {
            let partition =
                Partition::draw(params, &data, &clusters, auxiliary, seed.child("repeat", repeat)).unwrap();
            let training = data.len() - auxiliary - partition.held_out().len();
            println!("{}: {training} training, {} not", scenario.name, partition.held_out().len());
            assert!(training * 3 > params.records(), "{}: {training} of {}", scenario.name, params.records());
            assert!(partition.held_out().len() * 2 > training);
        }
    }
}
