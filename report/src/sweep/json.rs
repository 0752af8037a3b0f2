//! A sweep as one JSON document: every run with its swept values, its folder's name and its report, as report.json has it.
//!
//! ```text
//! {"schema": "turncoat.sweep/1", "runs": [{"values": {"federation.parties": "3"}, "run": "0123456789abcdef", "report": {}}]}
//! ```

use std::path::Path;

use serde_json::Value;

use super::folder::runs_of;
use crate::error::Error;
use crate::files::folder::REPORT;

/// One run.
pub struct OneRun {
    /// Swept keys with their values.
    pub values: Vec<(String, String)>,
    /// The name of its folder.
    pub folder: String,
    /// The text of its report, copied as it is: no figure is written a second time.
    pub report: String,
}

/// The text of the document.
pub fn to_json(runs: impl Iterator<Item = OneRun>) -> String {
    let runs: Vec<String> = runs.map(|run| one(&run)).collect();
    let runs = if runs.is_empty() { String::new() } else { format!("\n{}\n  ", runs.join(",\n")) };
    format!("{{\n  \"schema\": \"turncoat.sweep/1\",\n  \"runs\": [{runs}]\n}}\n")
}

fn one(run: &OneRun) -> String {
    let word = |text: &str| Value::from(text).to_string();
    let values: Vec<String> =
        run.values.iter().map(|(key, value)| format!("{}: {}", word(key), word(value))).collect();
    // No text in JSON goes over the end of a line, so lines can be moved.
    let report = run.report.trim_end().replace('\n', "\n      ");
    format!(
        "    {{\n      \"values\": {{{}}},\n      \"run\": {},\n      \"report\": {report}\n    }}",
        values.join(", "),
        word(&run.folder)
    )
}

/// The document of a sweep that is finished.
///
/// # Errors
/// [`Error::Unreadable`] when a file of it cannot be read.
pub fn json_of_folder(path: &Path) -> Result<String, Error> {
    let mut runs = Vec::new();
    for (folder, values) in runs_of(path)? {
        let file = folder.join(REPORT);
        let report = std::fs::read_to_string(&file).map_err(|e| Error::unreadable(&file, e))?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        runs.push(OneRun { values, folder: name, report });
    }
    Ok(to_json(runs.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_holds_every_report_as_it_was_written() {
        let run = |value: &str| OneRun {
            values: vec![("seed".into(), value.into()), ("a.b".into(), "\"q\"".into())],
            folder: "0f".into(),
            report: "{\n  \"mean\": 0.30000000000000004,\n  \"note\": \"a\\nb\"\n}\n".into(),
        };
        let text = to_json([run("1"), run("2")].into_iter());
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["schema"], "turncoat.sweep/1");
        assert_eq!(read["runs"][1]["values"]["seed"], "2");
        assert_eq!(read["runs"][0]["values"]["a.b"], "\"q\"");
        assert_eq!(read["runs"][0]["run"], "0f");
        assert_eq!(read["runs"][0]["report"]["note"], "a\nb");
        assert!(text.contains("\"mean\": 0.30000000000000004"), "{text}");
        let none: Value = serde_json::from_str(&to_json(std::iter::empty())).unwrap();
        assert_eq!(none["runs"], serde_json::json!([]));
    }
}
