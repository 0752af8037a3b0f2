//! The questions, one a line, each with the answer that Enter takes. What cannot be used is said and asked again.

use std::fmt::Display;
use std::io::{self, BufRead, Write};

use super::answers::{Answers, Draft, Fault, Given, Source};
use super::choices::{Disclosure, Kind, Skew, Who, Word};

/// How the questions ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Interview {
    /// All were answered.
    Complete(Draft),
    /// The answers ended before.
    BrokenOff,
}

/// Asks everything. `data_lines` tells which data sets there are; `look` turns what is answered about data, and the class
/// column where one was asked for, into a source.
///
/// # Errors
/// What reading and writing meet.
pub(crate) fn ask(
    input: &mut impl BufRead,
    output: &mut impl Write,
    name: &str,
    data_lines: &[String],
    look: impl Fn(&str, Option<&str>) -> Result<Source, Fault>,
) -> io::Result<Interview> {
    let mut talk = Talk { input, output };
    match talk.all(name, data_lines, &look) {
        Ok(draft) => Ok(Interview::Complete(draft)),
        Err(Stop::Ended) => Ok(Interview::BrokenOff),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why no answer came.
enum Stop {
    Ended,
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

struct Talk<'a, R, W> {
    input: &'a mut R,
    output: &'a mut W,
}

impl<R: BufRead, W: Write> Talk<'_, R, W> {
    fn all(
        &mut self,
        name: &str,
        data_lines: &[String],
        look: &impl Fn(&str, Option<&str>) -> Result<Source, Fault>,
    ) -> Result<Draft, Stop> {
        writeln!(self.output, "Enter takes what is in brackets; Ctrl-C ends it, and nothing is written.")?;
        let name = self.one("What shall reports call it?", name, |text| Ok(text.to_owned()))?;
        let kind: Kind = self.word("What is attacked?")?;
        writeln!(self.output, "Where do the records come from? One of these, or the path of a CSV file:")?;
        for line in data_lines {
            writeln!(self.output, "  {line}")?;
        }
        let data = self.data(look)?;
        let given =
            Given { name: Some(name), kind: Some(kind), data: Some(data.clone()), ..Given::default() };
        let given = if kind == Kind::Federation {
            self.federation(given, &data)?
        } else {
            self.single(given, &data)?
        };
        let repeats = self.number("How often is all of it repeated?", Answers::repeats(kind), 1)?;
        let seed = self.number("From which number does every random draw derive?", Answers::SEED, 0)?;
        // What could not fit was refused where it was asked.
        Given { repeats: Some(repeats), seed: Some(seed), ..given }
            .complete()
            .map_err(|fault| Stop::Failed(io::Error::other(fault)))
    }

    fn data(&mut self, look: &impl Fn(&str, Option<&str>) -> Result<Source, Fault>) -> Result<Source, Stop> {
        loop {
            let word = self.one("Data", Answers::DATA, |text| Ok(text.to_owned()))?;
            if !is_table(&word) {
                match look(&word, None) {
                    Ok(source) => return Ok(source),
                    Err(fault) => writeln!(self.output, "{fault}")?,
                }
                continue;
            }
            // Without a class column the last one is looked for, which tells whether the file is a table at all.
            if let Err(fault) = look(&word, None)
                && !std::path::Path::new(&word).is_file()
            {
                writeln!(self.output, "{fault}")?;
                continue;
            }
            let question = "Which column is the class? Its name, or its place: 1 is the first, -1 the last";
            match self.one(question, "-1", |text| look(&word, Some(text))) {
                Ok(source) => return Ok(source),
                Err(stop) => return Err(stop),
            }
        }
    }

    fn federation(&mut self, given: Given, data: &Source) -> Result<Given, Stop> {
        let fits = |given: &Given| given.clone().complete().map(|_| ());
        let parties = self.one("How many parties?", &Answers::PARTIES.to_string(), |text| {
            let parties = whole(text, 1)?;
            fits(&Given { parties: Some(parties), ..given.clone() })?;
            Ok(parties)
        })?;
        let given = Given { parties: Some(parties), ..given };
        let usual = Answers::records(Kind::Federation, data, parties);
        let records = self.one("How many records has each?", &usual.to_string(), |text| {
            let records = whole(text, 1)?;
            fits(&Given { records: Some(records), ..given.clone() })?;
            Ok(records)
        })?;
        let skew: Skew = self.word("How unevenly are the classes divided?")?;
        let disclosure: Disclosure = self.word("Who sees the parties' single answers?")?;
        let usual = Answers::adversaries(parties);
        let usual: Vec<&str> = usual.iter().map(|who| who.word()).collect();
        writeln!(self.output, "Who attacks? With commas between them, or nobody:")?;
        self.meanings::<Who>()?;
        let adversaries = self.one("Attackers", &usual.join(","), |text| {
            let adversaries = who(text)?;
            fits(&Given { adversaries: Some(adversaries.clone()), records: Some(records), ..given.clone() })?;
            Ok(adversaries)
        })?;
        Ok(Given {
            records: Some(records),
            skew: Some(skew),
            disclosure: Some(disclosure),
            adversaries: Some(adversaries),
            ..given
        })
    }

    fn single(&mut self, given: Given, data: &Source) -> Result<Given, Stop> {
        let usual = Answers::records(Kind::SingleTarget, data, 1);
        let records = self.one("How many records has its pool?", &usual.to_string(), |text| {
            let records = whole(text, 1)?;
            Given { records: Some(records), ..given.clone() }.complete()?;
            Ok(records)
        })?;
        Ok(Given { records: Some(records), ..given })
    }

    /// A choice among words.
    fn word<C: Word>(&mut self, question: &str) -> Result<C, Stop> {
        writeln!(self.output, "{question}")?;
        self.meanings::<C>()?;
        self.one("One of these", C::ALL[0].word(), |text| {
            C::of(text).ok_or_else(|| Fault(format!("{text} is none of these")))
        })
    }

    fn meanings<C: Word>(&mut self) -> Result<(), Stop> {
        for one in C::ALL {
            writeln!(self.output, "  {:<14} {}", one.word(), one.means())?;
        }
        Ok(())
    }

    fn number<N: TryFrom<u64> + Display>(&mut self, question: &str, usual: N, least: u64) -> Result<N, Stop> {
        self.one(question, &usual.to_string(), |text| whole(text, least))
    }

    /// One question, until its answer can be used.
    fn one<T>(
        &mut self,
        question: &str,
        usual: &str,
        take: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<T, Stop> {
        loop {
            write!(self.output, "{question} [{usual}] ")?;
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                writeln!(self.output)?;
                return Err(Stop::Ended);
            }
            let text = line.trim();
            match take(if text.is_empty() { usual } else { text }) {
                Ok(answer) => return Ok(answer),
                Err(fault) => writeln!(self.output, "{fault}")?,
            }
        }
    }
}

/// Whether what was answered about data is meant as a file.
pub(super) fn is_table(word: &str) -> bool {
    word.contains('/') || word.contains('.')
}

fn whole<N: TryFrom<u64>>(text: &str, least: u64) -> Result<N, Fault> {
    let number = text.parse::<u64>().ok().filter(|number| *number >= least);
    number
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| Fault(format!("{text} is no whole number from {least} on that can be used here")))
}

fn who(text: &str) -> Result<Vec<Who>, Fault> {
    if text == "nobody" {
        return Ok(Vec::new());
    }
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| Who::of(word).ok_or_else(|| Fault(format!("{word} is none of these")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(answers: &str) -> (Interview, String) {
        let mut said = Vec::new();
        let look = |word: &str, target: Option<&str>| match (word, target) {
            ("t.csv", Some("no")) => Err(Fault("no column no".into())),
            ("t.csv", target) => {
                Ok(Source::Csv { path: "t.csv".into(), target: target.map(String::from), records: 4_000 })
            }
            (word, _) => Source::named(word),
        };
        let lines = ["winequality  embedded".to_owned()];
        let interview = ask(&mut answers.as_bytes(), &mut said, "mine", &lines, look).unwrap();
        (interview, String::from_utf8(said).unwrap())
    }

    #[test]
    fn enter_all_along_gives_the_defaults() {
        let (interview, said) = talk(&"\n".repeat(12));
        let Interview::Complete(draft) = interview else { panic!("{said}") };
        assert_eq!(draft, Given::default().complete().unwrap());
        assert!(said.contains("What shall reports call it? [mine] "), "{said}");
        assert!(said.contains("  winequality  embedded\n"), "{said}");
        assert!(said.contains("Data [winequality] "), "{said}");
    }

    #[test]
    fn what_cannot_be_used_is_asked_again() {
        let answers = "five\nfederaton\nfederation\nwinequalty\niris\n0\nmany\n5\n40\n4\nuneven\niid\n\nparty, hub\nparty\nx\n2\n7\n";
        let (interview, said) = talk(answers);
        let Interview::Complete(draft) = interview else { panic!("{said}") };
        assert_eq!((draft.name.as_str(), draft.parties, draft.records, draft.seed), ("five", 5, 4, 7));
        assert_eq!((draft.skew, draft.adversaries, draft.repeats), (Skew::Iid, vec![Who::Party], 2));
        for part in [
            "federaton is none of these",
            "did you mean `winequality`?",
            "0 is no whole number from 1 on",
            "the data has 150 records",
            "hub is none of these",
        ] {
            assert!(said.contains(part), "{part:?} is not in:\n{said}");
        }
    }

    #[test]
    fn a_table_is_asked_for_its_class_column_and_a_single_target_for_less() {
        let (interview, said) = talk("\nsingle_target\nt.csv\nno\ny\n\n\n\n");
        let Interview::Complete(draft) = interview else { panic!("{said}") };
        assert_eq!(
            draft.data,
            Source::Csv { path: "t.csv".into(), target: Some("y".into()), records: 4_000 }
        );
        assert_eq!((draft.kind, draft.records, draft.repeats), (Kind::SingleTarget, 1_000, 2));
        assert!(said.contains("no column no") && !said.contains("parties?"), "{said}");
    }

    #[test]
    fn answers_that_end_leave_nothing() {
        assert_eq!(talk("mine\n").0, Interview::BrokenOff);
    }
}
