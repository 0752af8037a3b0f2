//! `results.csv` of a sweep: the swept keys, the run's folder, then the columns of a run's own `results.csv`, unchanged.

use crate::error::Error;
use crate::files::folder::RESULTS;

/// The column that tells which run a row is of: the name of its folder.
pub(super) const RUN: &str = "run";

/// A run's `results.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    /// Reads the text of one.
    ///
    /// # Errors
    /// [`Error::Table`] when it is no table.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let failed = |error: csv::Error| Error::table("results.csv of a run", error);
        let owned = |record: &csv::StringRecord| record.iter().map(String::from).collect();
        let mut reader = csv::Reader::from_reader(text);
        let header = owned(reader.headers().map_err(failed)?);
        let rows = reader.records().map(|record| record.map(|record| owned(&record)));
        Ok(Self { header, rows: rows.collect::<Result<_, _>>().map_err(failed)? })
    }

    /// How many results it has.
    pub fn count(&self) -> usize {
        self.rows.len()
    }
}

/// One run in the results of all.
pub struct Block<'a> {
    /// What the swept keys are.
    pub values: &'a [String],
    /// The name of its folder.
    pub run: &'a str,
    /// Its results.
    pub rows: &'a Rows,
}

/// The text of the file. Where runs have different columns, those of all stand there, in the order they are first met; what
/// a run does not have is empty.
///
/// # Errors
/// [`Error::Bug`]: writing to memory does not fail.
pub fn to_csv(keys: &[String], blocks: &[Block<'_>]) -> Result<Vec<u8>, Error> {
    let failed = |error: csv::Error| Error::unwritten(RESULTS, &error);
    let mut columns: Vec<&str> = Vec::new();
    let mut last: Option<&[String]> = None;
    for block in blocks {
        if last == Some(&block.rows.header) {
            continue;
        }
        last = Some(&block.rows.header);
        for column in &block.rows.header {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let keys = keys.iter().map(String::as_str);
    writer.write_record(keys.chain([RUN]).chain(columns.iter().copied())).map_err(failed)?;
    for Block { values, run, rows } in blocks {
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| rows.header.iter().position(|own| own == column)).collect();
        for row in &rows.rows {
            let cells = places.iter().map(|place| place.map_or("", |place| row[place].as_str()));
            let values = values.iter().map(String::as_str);
            writer.write_record(values.chain([*run]).chain(cells)).map_err(failed)?;
        }
    }
    writer.into_inner().map_err(|error| Error::unwritten(RESULTS, error.error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swept_values_and_the_run_come_before_what_the_run_says() {
        let rows = Rows::parse(b"attack,accuracy\ngap,0.1\n\"a,b\",0.30000000000000004\n").unwrap();
        let keys = ["seed".into(), "federation.skew".into()];
        let values = ["1".into(), "{dirichlet: {alpha: 2}}".into()];
        let text = to_csv(&keys, &[Block { values: &values, run: "0f", rows: &rows }]).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "seed,federation.skew,run,attack,accuracy\n\
             1,{dirichlet: {alpha: 2}},0f,gap,0.1\n\
             1,{dirichlet: {alpha: 2}},0f,\"a,b\",0.30000000000000004\n"
        );
    }

    #[test]
    fn columns_that_only_some_runs_have_are_empty_in_the_others() {
        let (one, other) = (Rows::parse(b"a,b\n1,2\n").unwrap(), Rows::parse(b"c,b\n3,4\n").unwrap());
        let block = |run, rows| Block { values: &[], run, rows };
        let text = to_csv(&[], &[block("x", &one), block("y", &other)]).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "run,a,b,c\nx,1,2,\ny,,4,3\n");
        assert!(Rows::parse(b"a,b\n1\n").is_err());
    }
}
