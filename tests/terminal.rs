//! The real executable on a real terminal (tmux): what moves, what stays, what is coloured, and what is asked.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{Place, SMALL, until, word};

/// So that each has a server of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A terminal of 100 columns and 30 lines in which a shell command runs.
struct Terminal {
    socket: PathBuf,
}

impl Terminal {
    /// Starts the command, with `turncoat` on its path. None where there is no tmux.
    fn running(place: &Place, command: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            println!("skipped: no tmux");
            return None;
        }
        let config = place.file("tmux.conf", "set -g history-limit 9999\n");
        let executable = PathBuf::from(env!("CARGO_BIN_EXE_turncoat"));
        let path = format!("{}:{}", executable.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let terminal = Self { socket: place.path(&format!("tmux-{number}")) };
        let script = place.file(
            &format!("command-{number}.sh"),
            format!("export PATH='{path}'\n{command}\necho \"ended with $?\"\nexec sleep 600\n"),
        );
        let started = Command::new("tmux")
            .args(["-S", word(&terminal.socket), "-f", word(&config)])
            .args(["new-session", "-d", "-x", "100", "-y", "30", "sh", word(&script)])
            .current_dir(place.path("."))
            .env_remove("TURNCOAT_DATA")
            .env_remove("TURNCOAT_LOG")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR")
            .env_remove("TMUX")
            .env("TMPDIR", place.path("tmp"))
            .output()
            .unwrap();
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-S", word(&self.socket)]).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Everything from the first line that has scrolled away to the last one on the screen.
    fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-S", "-"])
    }

    /// The same with the sequences that colour it.
    fn coloured(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e", "-S", "-"])
    }

    /// The shell stays: of one that ends at once a busy tmux may show nothing.
    fn has_ended(&self) -> bool {
        self.text().contains("ended with ")
    }

    fn wait(&self) -> String {
        until("the command does not end", || self.has_ended());
        self.text()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// The bar of eight repeats.
fn is_bar(line: &str) -> bool {
    line.contains("/8 repeats")
}

/// Eight repeats in processes, one after the other: some seconds.
fn slow() -> String {
    SMALL.replace("repeats: 2", "repeats: 8")
}

#[test]
fn a_bar_stands_in_one_line_and_is_gone_in_the_end() {
    let place = Place::new();
    place.file("slow.yaml", slow());
    let Some(terminal) = Terminal::running(&place, "turncoat run slow.yaml --jobs 1 --out out") else {
        return;
    };
    let (mut bars, mut counts) = (0, Vec::new());
    while !terminal.has_ended() {
        let text = terminal.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown: Vec<&&str> = lines.iter().filter(|line| is_bar(line)).collect();
        assert!(shown.len() <= 1, "more than one bar:\n{text}");
        if let [bar] = shown[..] {
            assert_eq!(lines.len(), 1, "a bar stands alone:\n{text}");
            assert!(bar.chars().count() <= 100, "{bar}");
            bars += 1;
            counts.push(
                bar.split('/').next().unwrap().chars().filter(char::is_ascii_digit).collect::<String>(),
            );
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    let text = terminal.wait();
    assert!(bars > 2, "the bar was seen {bars} times:\n{text}");
    counts.dedup();
    assert!(counts.len() > 1 && counts.is_sorted(), "it moves on, and never back: {counts:?}");
    assert!(!text.lines().any(is_bar), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("small: 8 repeats of 3 parties"),
        "nothing is left above the table:\n{text}"
    );
    assert!(text.contains("are in out\nended with 0"), "{text}");
    assert_eq!(text.matches("Whose record is it?").count(), 1, "{text}");
}

#[test]
fn log_lines_do_not_tear_the_bar() {
    let place = Place::new();
    place.file("slow.yaml", slow());
    let command = "TURNCOAT_LOG=turncoat::progress=info turncoat run slow.yaml --jobs 1";
    let Some(terminal) = Terminal::running(&place, command) else { return };
    while !terminal.has_ended() {
        let text = terminal.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let bars = lines.iter().filter(|line| is_bar(line)).count();
        let last = lines.last().is_some_and(|line| is_bar(line));
        assert!(bars == usize::from(last), "one bar, and below everything else:\n{text}");
        std::thread::sleep(Duration::from_millis(30));
    }
    let text = terminal.wait();
    for number in 1..=8 {
        let whole = format!(" INFO turncoat::progress: {number} of 8 repeats done");
        assert!(text.lines().any(|line| line.ends_with(&whole)), "{whole:?} is not whole in:\n{text}");
    }
    assert!(!text.lines().any(is_bar), "{text}");
}

#[test]
fn interrupted_it_leaves_no_bar_either() {
    let place = Place::new();
    place.file("slow.yaml", slow());
    let Some(terminal) = Terminal::running(&place, "trap : INT; turncoat run slow.yaml --jobs 1 --out out")
    else {
        return;
    };
    until("there is no bar", || terminal.text().lines().any(is_bar));
    terminal.tmux(&["send-keys", "C-c"]);
    let text = terminal.wait();
    assert!(!text.lines().any(is_bar), "{text}");
    assert!(text.contains("error: interrupted") && text.contains("ended with 130"), "{text}");
}

#[test]
fn piped_there_is_neither_a_bar_nor_a_colour() {
    let place = Place::new();
    place.file("slow.yaml", slow());
    let command =
        "turncoat run slow.yaml --jobs 1 2> said | cat > shown; turncoat rum 2>> said | cat >> shown";
    let Some(terminal) = Terminal::running(&place, command) else { return };
    until("the command does not end", || {
        assert!(!terminal.text().lines().any(is_bar));
        terminal.has_ended()
    });
    let (said, shown) =
        (fs::read_to_string(place.path("said")).unwrap(), fs::read_to_string(place.path("shown")).unwrap());
    assert!(said.starts_with("add --out DIR to keep") && said.contains("error: unrecognized"), "{said}");
    assert!(shown.contains("Whose record is it?"), "{shown}");
    assert!(!said.contains('\u{1b}') && !shown.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
}

#[test]
fn colour_stands_on_terminals_and_can_be_turned_off() {
    let place = Place::new();
    for (variable, coloured) in [("", true), ("NO_COLOR=1", false), ("CLICOLOR=0", false)] {
        for command in ["turncoat rum", "turncoat run none.yaml", "turncoat run --help"] {
            let Some(terminal) = Terminal::running(&place, &format!("{variable} {command}")) else { return };
            let plain = terminal.wait();
            assert!(plain.contains("error:") || plain.contains("Usage:"), "{plain}");
            assert_eq!(terminal.coloured().contains('\u{1b}'), coloured, "{variable} {command}:\n{plain}");
        }
    }
}

#[test]
fn a_scenario_is_written_by_question() {
    let place = Place::new();
    let Some(terminal) = Terminal::running(&place, "turncoat new five.yaml") else { return };
    for (number, answer) in ["", "", "iris", "5", "", "", "nowhere", "", "", "", ""].iter().enumerate() {
        // Each question ends with its answer in brackets, and nothing else has any.
        until("a question does not come", || terminal.text().matches(']').count() > number);
        terminal.tmux(&["send-keys", answer, "Enter"]);
    }
    let text = terminal.wait();
    assert!(text.contains("What shall reports call it? [five]"), "{text}");
    assert!(text.contains("nowhere is none of these"), "{text}");
    assert!(
        text.contains("turncoat run five.yaml --out runs/five") && text.contains("ended with 0"),
        "{text}"
    );
    let flags = ["new", "-", "--name", "five", "--data", "iris", "--parties", "5"];
    assert_eq!(fs::read_to_string(place.path("five.yaml")).unwrap(), place.run(&flags).ok().stdout);
}
