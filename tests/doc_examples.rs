//! Every public entry point of `learn` and `attack` has an example that runs, as a doc test.
//!
//! An entry point is a public function that makes something of nothing it belongs to (it takes no `self`: constructors, loaders, fits,
//! free functions) or that can refuse (it returns a `Result`: predictions, checks, attacks, scores). What only looks at what
//! is there, such as `len`, is none. Its example stands at the function or at its type, and calls it by name. rustdoc's
//! own lint for this, `missing_doc_code_examples`, is nightly's and asks for one at every field.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

/// A public function, the type that it belongs to, and the documentation of both.
struct Function {
    file: PathBuf,
    owner: Option<String>,
    name: String,
    takes_self: bool,
    refuses: bool,
    doc: String,
}

/// Examples of one text of documentation, as code.
fn examples(doc: &str) -> String {
    doc.split("```").skip(1).step_by(2).collect::<Vec<_>>().join("\n")
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    into.sort();
}

/// The name that a line begins after a prefix.
fn name_after(line: &str, prefix: &str) -> Option<String> {
    let rest = line.strip_prefix(prefix)?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The type that an `impl` block of its own is for: none of a trait's.
fn owner_of(line: &str) -> Option<String> {
    let rest = line.strip_prefix("impl")?;
    let rest = match rest.strip_prefix('<') {
        Some(generics) => generics.split_once('>')?.1,
        None => rest,
    };
    if line.contains(" for ") { None } else { name_after(rest, " ") }
}

/// Public functions and the documentation of public types of one file. Code within functions is indented further.
fn read(file: &Path, functions: &mut Vec<Function>, types: &mut Vec<(String, String)>) {
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let (mut doc, mut owner, mut in_trait_impl) = (String::new(), None, false);
    let lines: Vec<&str> = text.lines().collect();
    let mut in_attribute = false;
    for (place, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        // An attribute of several lines ends where its brackets do.
        if in_attribute || (bare.starts_with("#[") && !bare.ends_with(']')) {
            in_attribute = !bare.ends_with(")]");
            continue;
        }
        if let Some(reported) = bare.strip_prefix("///") {
            doc.push_str(reported);
            doc.push('\n');
            continue;
        }
        if line.starts_with("impl") {
            owner = owner_of(line);
            in_trait_impl = owner.is_none();
        } else if line.starts_with('}') {
            owner = None;
            in_trait_impl = false;
        }
        for kind in ["pub struct ", "pub enum ", "pub trait "] {
            // Of a macro that declares it, further in.
            if let Some(name) = name_after(bare, kind) {
                types.push((name, doc.clone()));
            }
        }
        let indented = line.len() - bare.len();
        let signature = || {
            lines[place..]
                .iter()
                .take_while(|line| !line.contains('}'))
                .copied()
                .collect::<Vec<_>>()
                .join(" ")
        };
        if let Some(name) = name_after(bare, "pub fn ").filter(|_| indented <= 4 && !in_trait_impl) {
            let signature = signature();
            let signature = signature.split(" {").next().unwrap();
            functions.push(Function {
                file: file.into(),
                owner: owner.clone(),
                name,
                takes_self: signature.contains("self,") || signature.contains("self)"),
                refuses: signature.contains("Result<"),
                doc: std::mem::take(&mut doc),
            });
        }
        // Attributes stand between a text and what it is about.
        if !bare.starts_with('#') && !bare.is_empty() {
            doc.clear();
        }
    }
}

#[test]
fn every_entry_point_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut entry_points = 0;
    let mut without = Vec::new();
    for package in ["learn", "attack"] {
        let (mut files, mut functions, mut types) = (Vec::new(), Vec::new(), Vec::new());
        sources(&root.join(package).join("src"), &mut files);
        files.iter().for_each(|file| read(file, &mut functions, &mut types));
        for function in functions.iter().filter(|function| !function.takes_self || function.refuses) {
            entry_points += 1;
            let of_type: String = types
                .iter()
                .filter(|(name, _)| {
                    function.owner.as_ref() == Some(name) || checked(name, function.owner.as_deref())
                })
                .map(|(_, doc)| examples(doc))
                .collect();
            let called = format!("{}(", function.name);
            if !examples(&function.doc).contains(&called) && !of_type.contains(&called) {
                let of = function.owner.as_deref().unwrap_or("");
                without.push(format!(
                    "{}: {of}::{}",
                    function.file.strip_prefix(root).unwrap().display(),
                    function.name
                ));
            }
        }
    }
    assert!(entry_points > 80, "{entry_points}");
    assert!(without.is_empty(), "without an example that calls it:\n{}", without.join("\n"));
}

/// A checked type's example may stand at what it is checked from: `ShadowPlan` at `RawShadowPlan`.
fn checked(name: &str, owner: Option<&str>) -> bool {
    owner.is_some_and(|owner| name.strip_prefix("Raw") == Some(owner))
}
