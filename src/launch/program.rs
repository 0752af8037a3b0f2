//! The program that a process runs: this executable, or, for a party that a scenario has a command for, that command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A program, its first arguments, and where it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) executable: PathBuf,
    pub(super) arguments: Vec<OsString>,
    /// `None` for where this process runs.
    pub(super) folder: Option<PathBuf>,
}

impl Program {
    /// This executable, in one of its roles.
    pub(super) fn role(executable: &Path, role: &str) -> Self {
        Self { executable: executable.into(), arguments: vec![role.into()], folder: None }
    }

    /// A command of a scenario. It runs in the scenario's folder, so that its words may name files beside the scenario; the
    /// program is looked for as a shell would from there.
    pub(super) fn of(command: &[String], scenario_dir: Option<&Path>) -> Self {
        let folder = scenario_dir.filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.into()));
        let (program, rest) = command.split_first().expect("a checked command names a program");
        let executable = match &folder {
            Some(folder) if program.contains('/') => folder.join(program),
            _ => program.into(),
        };
        Self { executable, arguments: rest.iter().map(OsString::from).collect(), folder }
    }

    /// The same, under a guard that ends it with all that it starts when this process is gone.
    pub(super) fn guarded(&self, executable: &Path) -> Self {
        let words = ["guard".into(), "--".into(), self.executable.clone().into_os_string()];
        let arguments = words.into_iter().chain(self.arguments.iter().cloned()).collect();
        Self { executable: executable.into(), arguments, folder: self.folder.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_runs_beside_its_scenario() {
        let words = ["bin/party".to_owned(), "a.py".to_owned()];
        let program = Program::of(&words, Some(Path::new("/somewhere")));
        assert_eq!(program.executable, PathBuf::from("/somewhere/bin/party"));
        assert_eq!(program.arguments, ["a.py"]);
        assert_eq!(program.folder, Some("/somewhere".into()));
        // A scenario of the folder that one is in, and the embedded one.
        for here in [Some(Path::new("")), None] {
            let program = Program::of(&words, here);
            assert_eq!((program.executable, program.folder), ("bin/party".into(), None));
        }
        let found = Program::of(&["python3".to_owned()], Some(Path::new("/somewhere")));
        assert_eq!(found.executable, PathBuf::from("python3"));
    }
}
