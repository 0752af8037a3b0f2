//! Pages whose commands are run. In a page,
//! - a block of code that a comment `<!-- file: NAME -->` stands before is a file of that name;
//! - a block ```` ```console ```` holds commands after `$ `, each followed by what it prints: standard output, then standard error
//!   without the lines that tell of progress.
//!
//! All of a page happens in one empty folder, in its order. `INSTA_UPDATE=always` writes down what was printed. Blocks of other
//! languages are not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Place;

/// One command of a page with what it is said to print, or a file that it needs.
enum Part {
    File { name: String, text: String },
    Command { line: String, printed: String },
    Other(String),
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// A page cut into what is run and what stands around it; joined again, it is the page.
fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut language, mut file): (Option<String>, Option<String>) = (None, None);
    for line in page.split_inclusive('\n') {
        let bare = line.trim_end();
        match (&language, bare.strip_prefix("```")) {
            (None, Some(opened)) => language = Some(opened.into()),
            (Some(_), Some("")) => {
                language = None;
                file = None;
            }
            (Some(of), _) if of == "console" => {
                match (bare.strip_prefix("$ "), parts.last_mut()) {
                    (Some(command), _) => {
                        parts.push(Part::Command { line: command.into(), printed: String::new() });
                    }
                    (None, Some(Part::Command { printed, .. })) => printed.push_str(line),
                    _ => panic!("a console block begins with a command: {line}"),
                }
                continue;
            }
            (Some(_), _) => {
                if let Some(name) = &file {
                    match parts.last_mut() {
                        Some(Part::File { text, .. }) => text.push_str(line),
                        _ => parts.push(Part::File { name: name.clone(), text: line.into() }),
                    }
                    continue;
                }
            }
            (None, None) => {
                if let Some(name) =
                    bare.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->"))
                {
                    file = Some(name.into());
                }
            }
        }
        parts.push(Part::Other(line.into()));
    }
    parts
}

/// Runs a command line as a shell would, with our executable on the path.
fn printed(place: &Place, line: &str) -> String {
    let turncoat = place.turncoat(&[]);
    let folder = Path::new(turncoat.get_program()).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(place.path("")).stdin(std::process::Stdio::null());
    for (key, value) in turncoat.get_envs() {
        match value {
            Some(value) => shell.env(key, value),
            None => shell.env_remove(key),
        };
    }
    let output = shell.env("PATH", path).output().unwrap();
    let mut printed = String::from_utf8(output.stdout).unwrap();
    for line in String::from_utf8(output.stderr).unwrap().lines().filter(|line| !line.ends_with(" done")) {
        printed.push_str(line);
        printed.push('\n');
    }
    printed
}

#[test]
fn the_guide_shows_what_happens() {
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    let (mut wrong, mut commands) = (Vec::new(), 0);
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let place = Place::new();
        let mut now = String::new();
        for part in parts(&text) {
            match part {
                Part::Other(line) => now.push_str(&line),
                Part::File { name, text } => {
                    place.file(&name, &text);
                    now.push_str(&text);
                }
                Part::Command { line, printed: said } => {
                    commands += 1;
                    let printed = printed(&place, &line);
                    if printed != said {
                        wrong.push(format!("{}: $ {line}\n{printed}", page.display()));
                    }
                    now.push_str(&format!("$ {line}\n{printed}"));
                }
            }
        }
        if update && now != text {
            std::fs::write(&page, now).unwrap();
        }
    }
    assert!(commands >= 10, "{commands}");
    assert!(
        update || wrong.is_empty(),
        "INSTA_UPDATE=always writes down what is printed now:\n{}",
        wrong.join("\n")
    );
}
