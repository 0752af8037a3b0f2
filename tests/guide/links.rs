//! Links of the repository's texts: to files that are there, and to headings that are there. What lies on other hosts is not
//! fetched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every text with links: those at the top, the guide, and what explains a folder.
fn texts(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "book", "runs", "node_modules"].contains(&name.as_str())
            {
                texts(&path, into);
            }
        } else if name.ends_with(".md") {
            into.push(path);
        }
    }
}

/// A text without its blocks and spans of code.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let outside: Vec<&str> = line.split('`').step_by(2).collect();
            prose.push_str(&outside.join("`"));
            prose.push('\n');
        }
    }
    prose
}

/// Targets of `[text](target)`, `![text](target)` and `[label]: target`.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let inline = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let labels =
        prose.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).map(|(_, target)| target);
    inline.chain(labels).map(|target| target.trim().to_owned()).collect()
}

/// Anchors of a text: of its headings, as GitHub and mdBook make them, or as they are given in braces.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) else { continue };
        let heading = heading.trim_start_matches('#').trim();
        let anchor = match heading.split_once(" {#") {
            Some((_, given)) => given.trim_end_matches('}').to_owned(),
            None => {
                let kept = heading
                    .to_lowercase()
                    .chars()
                    .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
                    .collect::<String>();
                kept.replace(' ', "-")
            }
        };
        anchors.insert(anchor);
    }
    anchors
}

/// What is wrong with a link of a text.
fn broken(of: &Path, text: &str, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { of.to_owned() } else { of.parent().unwrap().join(file) };
    if !target.exists() {
        return Some(format!("{}: ({link}) is not there", of.display()));
    }
    if anchor.is_empty() || target.extension().is_none_or(|extension| extension != "md") {
        return None;
    }
    let there = if file.is_empty() { text.to_owned() } else { std::fs::read_to_string(&target).unwrap() };
    (!anchors(&there).contains(anchor)).then(|| format!("{}: ({link}) names no heading", of.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut all = Vec::new();
    texts(Path::new(env!("CARGO_MANIFEST_DIR")), &mut all);
    let (mut count, mut wrong) = (0, Vec::new());
    for path in &all {
        let text = std::fs::read_to_string(path).unwrap();
        for link in links(&text) {
            count += 1;
            wrong.extend(broken(path, &text, &link));
        }
    }
    assert!(all.len() >= 10 && count >= 80, "{count} links of {} texts", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = "# A heading: `code`\n[a](#a-heading-code) [b](SECURITY.md) [c](https://example.org/none) `[d](none.md)`\n";
    let wrong = |text: &str| links(text).iter().filter_map(|link| broken(&page, text, link)).count();
    assert_eq!(wrong(text), 0);
    assert_eq!(wrong("# One\n[a](#two) [b](none.md) ![c](docs/none.png)\n[d]: gone.md\n"), 4);
}

/// Every page of the guide's folder is in its table of contents.
#[test]
fn every_page_is_in_the_table_of_contents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let contents = std::fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let mut pages = Vec::new();
    texts(&folder, &mut pages);
    for page in pages {
        let name = page.file_name().unwrap().to_str().unwrap();
        assert!(name == "SUMMARY.md" || contents.contains(&format!("]({name})")), "{name}");
    }
}
