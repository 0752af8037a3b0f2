//! Within a crate no folder depends on another that depends on it, directly or through further folders.
//!
//! What a file depends on is read off its paths: `use crate::...`, `use super::...`, and such paths in its code. Between folders that
//! stand side by side these make a graph, at every depth, in which there must be no circle. Files beside the folders are not part
//! of it, tests neither.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const CRATES: [&str; 9] = [
    "src",
    "learn/src",
    "net/src",
    "proto/src",
    "party/src",
    "coordinator/src",
    "attack/src",
    "config/src",
    "report/src",
];

type Module = Vec<String>;
/// By folder: from a folder in it to those that it depends on.
type Graphs = BTreeMap<Module, BTreeMap<String, BTreeSet<String>>>;

/// The sources of a crate: module and text.
fn sources(root: &Path) -> Vec<(Module, String)> {
    fn walk(folder: &Path, module: &[String], found: &mut Vec<(Module, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let inner = [module, std::slice::from_ref(&stem)].concat();
            if path.is_dir() {
                walk(&path, &inner, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let is_folder = ["mod", "lib", "main"].contains(&stem.as_str());
                let module = if is_folder { module.to_vec() } else { inner };
                found.push((module, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(root, &[], &mut found);
    found
}

/// The code without comments and tests, and the modules that are tests.
fn without_tests(text: &str) -> (String, Vec<String>) {
    let mut code = String::new();
    let mut tests = Vec::new();
    let mut lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            code.push_str(line);
            code.push('\n');
            continue;
        }
        let next = lines.next().unwrap_or_default().trim();
        match next.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
            Some(name) => tests.push(name.to_owned()),
            // The tests of a file are its end.
            None if next.starts_with("mod ") => break,
            None => {}
        }
    }
    (code, tests)
}

/// The paths that begin with `crate` or `super`, those in braces each for itself.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut before = ' ';
    for (at, letter) in code.char_indices() {
        let rest = &code[at..];
        let begins = rest.starts_with("crate::") || rest.starts_with("super::");
        if begins && !before.is_alphanumeric() && !":_".contains(before) {
            tree(rest, &[], &mut found);
        }
        before = letter;
    }
    found
}

/// Reads a path, or a tree of them, and returns what follows.
fn tree<'a>(mut text: &'a str, prefix: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let mut path = prefix.to_vec();
    loop {
        text = text.trim_start();
        if let Some(mut inside) = text.strip_prefix('{') {
            while !inside.trim_start().starts_with('}') && !inside.trim_start().is_empty() {
                inside = tree(inside, &path, found).trim_start();
                // `X as Y` and the comma after it.
                inside = inside.trim_start_matches(|letter| !",}".contains(letter)).trim_start_matches(',');
            }
            return inside.trim_start().trim_start_matches('}');
        }
        let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
        path.push(text[..end].to_owned());
        match text[end..].strip_prefix("::") {
            Some(rest) => text = rest,
            None => {
                found.push(path);
                return &text[end..];
            }
        }
    }
}

fn graphs(sources: &[(Module, String)]) -> Graphs {
    let modules: BTreeSet<&Module> = sources.iter().map(|(module, _)| module).collect();
    let is_folder = |module: &[String]| {
        modules.iter().any(|other| other.len() > module.len() && other.starts_with(module))
    };
    let code: Vec<_> = sources.iter().map(|(module, text)| (module, without_tests(text))).collect();
    let tests: Vec<Module> = code
        .iter()
        .flat_map(|(module, (_, tests))| {
            tests.iter().map(|name| [&module[..], std::slice::from_ref(name)].concat())
        })
        .collect();
    let mut graphs = Graphs::new();
    for (module, (code, _)) in
        code.iter().filter(|(module, _)| !tests.iter().any(|test| module.starts_with(test)))
    {
        for path in paths(code) {
            let mut target = if path[0] == "crate" { Module::new() } else { module.to_vec() };
            for part in &path {
                match part.as_str() {
                    "crate" => {}
                    "super" => drop(target.pop()),
                    name => target.push(name.to_owned()),
                }
            }
            // What follows the module is an item of it.
            while !modules.contains(&target) && !target.is_empty() {
                target.pop();
            }
            let shared = module.iter().zip(&target).take_while(|(a, b)| a == b).count();
            if shared < module.len().min(target.len())
                && is_folder(&module[..=shared])
                && is_folder(&target[..=shared])
            {
                let graph = graphs.entry(module[..shared].to_vec()).or_default();
                graph.entry(module[shared].clone()).or_default().insert(target[shared].clone());
            }
        }
    }
    graphs
}

/// Folders that depend on each other, each circle with the folder that it is in.
fn circles(graphs: &Graphs) -> Vec<(String, Vec<String>)> {
    let mut found = BTreeSet::new();
    for (folder, graph) in graphs {
        let reached = |from: &String| {
            let mut seen = BTreeSet::new();
            let mut ahead = vec![from];
            while let Some(next) = ahead.pop() {
                ahead.extend(graph.get(next).into_iter().flatten().filter(|&to| seen.insert(to.clone())));
            }
            seen
        };
        for from in graph.keys() {
            let circle: Vec<String> =
                reached(from).into_iter().filter(|to| reached(to).contains(from)).collect();
            if !circle.is_empty() {
                found.insert((folder.join("/"), circle));
            }
        }
    }
    found.into_iter().collect()
}

#[test]
fn no_folder_depends_on_one_that_depends_on_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for of in CRATES {
        let sources = sources(&root.join(of));
        assert!(sources.len() > 3, "{of}");
        for (folder, circle) in circles(&graphs(&sources)) {
            let folder = if folder.is_empty() { of.to_owned() } else { format!("{of}/{folder}") };
            found.push((folder, circle));
        }
    }
    assert_eq!(found, []);
}

#[test]
fn circles_are_found_at_every_depth_and_through_others() {
    let circles_of = |files: &[(&str, &str)]| {
        let module =
            |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let sources: Vec<(Module, String)> =
            files.iter().map(|(path, text)| (module(path), text.to_string())).collect();
        circles(&graphs(&sources))
    };
    let circle = |folder: &str, names: &[&str]| {
        (folder.to_owned(), names.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    // From a to b to c to a: in braces, by a path in the code, by `super`.
    let three = [
        ("", "mod a; mod b; mod c;"),
        ("a", "pub mod x;"),
        ("a/x", "use crate::{file::F, b::{self as other, y::{Y as Z}}};"),
        ("b", "pub mod y;"),
        ("b/y", "fn f() { crate::c::z::g(); }"),
        ("c", "pub mod z;"),
        ("c/z", "use super::super::a::x::X;"),
        ("file", "use crate::a::x::X;"),
    ];
    assert_eq!(circles_of(&three), [circle("", &["a", "b", "c"])]);
    // Each alone breaks it: what tests and comments say is no dependency, and a file is no folder.
    for (place, text) in [
        (2, "// use crate::b::y::Y;\nuse crate::file::F;"),
        (4, "#[cfg(test)]\nmod tests {\n    use crate::c::z::g;\n}"),
        (6, "use super::own;"),
    ] {
        let mut broken = three;
        broken[place].1 = text;
        assert_eq!(circles_of(&broken), [], "{text}");
    }
    let deep = [
        ("", "mod top;"),
        ("top", "mod one; mod two;"),
        ("top/one", "mod x;"),
        ("top/one/x", "use crate::top::two::y;"),
        ("top/two", "mod y;"),
        ("top/two/y", "use super::super::one::x::X;"),
    ];
    assert_eq!(circles_of(&deep), [circle("top", &["one", "two"])]);
}
