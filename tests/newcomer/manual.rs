//! Completion scripts and manual pages: sound for the programs that read them, where those are there.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{Place, files};

#[test]
fn completions_are_scripts_of_their_shells() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = place.run(&["completions", shell]).ok().stdout;
        for word in ["scenarios", "data-dir", "verify"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
        // Those that can be asked whether a script is one.
        if !matches!(shell, "bash" | "zsh" | "fish") {
            continue;
        }
        let requested = Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let Ok(mut requested) = requested else {
            println!("skipped: no {shell}");
            continue;
        };
        requested.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = requested.wait_with_output().unwrap();
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
    place.run(&["completions", "tcsh"]).fails(2, &["bash, elvish, fish, powershell, zsh"]);
}

#[test]
fn bash_completes_commands_below_commands() {
    let place = Place::new();
    let script = place.file("turncoat.bash", place.run(&["completions", "bash"]).ok().stdout);
    let ask = format!(
        "source '{}'; COMP_WORDS=(turncoat data ve); COMP_CWORD=2; _turncoat turncoat ve data; echo \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let Ok(output) = Command::new("bash").args(["--norc", "-c", &ask]).output() else {
        println!("skipped: no bash");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "verify", "{output:?}");
}

#[test]
fn there_is_a_page_for_every_command() {
    let place = Place::new();
    let ended = place.run(&["man", "--out", "man"]).ok();
    let pages = files(&place.path("man"));
    assert!(ended.stderr.contains(&format!("{} pages are in man", pages.len())), "{}", ended.stderr);
    let names: Vec<String> =
        pages.iter().map(|page| page.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    for name in ["turncoat", "turncoat-run", "turncoat-data", "turncoat-data-fetch", "turncoat-ask-predict"] {
        assert!(names.iter().any(|own| own == name), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("adversary") || name.contains("help")), "{names:?}");
    assert_eq!(place.run(&["man"]).ok().stdout, fs::read_to_string(place.path("man/turncoat.1")).unwrap());
    for (name, page) in names.iter().zip(&pages) {
        let text = fs::read_to_string(page).unwrap();
        assert!(text.contains(".SH EXAMPLES\n.nf\n") && text.contains(".SH OPTIONS"), "{name}");
        let Ok(output) = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(page).output()
        else {
            println!("skipped: no groff");
            continue;
        };
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let read = Command::new("man")
        .env("MANWIDTH", "100")
        .arg("-l")
        .arg(place.path("man/turncoat-data-fetch.1"))
        .output();
    let Ok(read) = read else {
        println!("skipped: no man");
        return;
    };
    let text = String::from_utf8_lossy(&read.stdout);
    assert!(text.contains("turncoat data fetch adult --data-dir ~/data"), "{text}");
}
