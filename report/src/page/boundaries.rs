//! `boundaries.csv.gz` and `boundary_points.csv.gz` read back, as patches of one predicted class and records upon them.
//!
//! A place of the grid stands for all that is nearer to it than to its neighbours; places beside each other with the same
//! predicted class become one patch, along a row first, then over equal rows.

use std::fs::File;
use std::path::Path;

use csv::StringRecord;
use flate2::read::GzDecoder;

use crate::error::Error;
use crate::files::boundaries::{BOUNDARIES, BOUNDARY_POINTS};
use crate::picture::Patch;

/// Most records drawn of one party.
const POINTS: usize = 300;

/// Both files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Boundaries {
    /// The two features.
    pub(crate) features: [String; 2],
    /// Names of the classes, by their number.
    pub(crate) classes: Vec<String>,
    /// In the order of the file: extent by extent, P1 to Pn and the average.
    pub(crate) maps: Vec<Map>,
    /// Training records: party, place, class's number.
    pub(crate) points: Vec<(String, [f64; 2], usize)>,
}

/// Who predicts what where.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Map {
    /// `whole` or `region`.
    pub(crate) extent: String,
    /// A party's number, or `average`.
    pub(crate) party: String,
    /// Where the grid begins and ends, to the right and up.
    pub(crate) range: [[f64; 2]; 2],
    /// What covers it.
    pub(crate) patches: Vec<Patch>,
    /// Places of the grid at which each class is predicted.
    pub(crate) counts: Vec<usize>,
}

impl Boundaries {
    /// Reads the files of a folder, if they are there.
    ///
    /// # Errors
    /// [`Error::Altered`] when they are there and are not what a run writes.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let (grid, points) = (folder.join(BOUNDARIES), folder.join(BOUNDARY_POINTS));
        if !grid.exists() {
            return Ok(None);
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |what: String| Error::Altered { path, kind: "not as", what }
        };
        let mut read = rows(&grid).and_then(|rows| maps(&rows)).map_err(failed(&grid))?;
        if points.exists() {
            let found = rows(&points).and_then(|rows| points_of(&rows, &read.classes));
            read.points = found.map_err(failed(&points))?;
        }
        Ok(Some(read))
    }

    /// The records of a party, thinned out evenly where there are many.
    pub(crate) fn of_party(&self, party: &str) -> Vec<([f64; 2], usize)> {
        let own = self.points.iter().filter(|(of, ..)| of == party).map(|(_, place, class)| (*place, *class));
        let all: Vec<_> = own.collect();
        let every = all.len().div_ceil(POINTS).max(1);
        all.into_iter().step_by(every).collect()
    }
}

fn rows(path: &Path) -> Result<Vec<StringRecord>, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let text = GzDecoder::new(std::io::BufReader::new(file));
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.into_records().map(|row| row.map_err(|e| e.to_string())).collect()
}

/// A place of a grid: where, and what is predicted.
type Cell = ([f64; 2], usize);

fn maps(rows: &[StringRecord]) -> Result<Boundaries, String> {
    let (header, rows) = rows.split_first().ok_or("it is empty")?;
    let fixed: Vec<&str> = header.iter().take(5).collect();
    let ["extent", "party", x, y, "predicted"] = fixed[..] else {
        return Err("its columns are others".into());
    };
    let of_class = |column: &str| column.strip_prefix("p(")?.strip_suffix(')').map(str::to_owned);
    let classes: Option<Vec<String>> = header.iter().skip(5).map(of_class).collect();
    let classes = classes.ok_or("its columns are others")?;
    let mut grids: Vec<([String; 2], Vec<Cell>)> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let read = || {
            let place = [row[2].parse().ok()?, row[3].parse().ok()?];
            Some((place, classes.iter().position(|class| *class == row[4])?))
        };
        let cell = read().ok_or_else(|| format!("line {} cannot be read", number + 2))?;
        let key = [row[0].to_owned(), row[1].to_owned()];
        match grids.iter_mut().find(|(of, _)| *of == key) {
            Some((_, cells)) => cells.push(cell),
            None => grids.push((key, vec![cell])),
        }
    }
    let maps = grids.into_iter().map(|([extent, party], cells)| map(extent, party, &cells, classes.len()));
    Ok(Boundaries { maps: maps.collect(), features: [x.into(), y.into()], classes, points: Vec::new() })
}

fn points_of(rows: &[StringRecord], classes: &[String]) -> Result<Vec<(String, [f64; 2], usize)>, String> {
    let read = |(number, row): (usize, &StringRecord)| {
        let place = || Some([row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?]);
        let class = || classes.iter().position(|class| Some(class.as_str()) == row.get(3));
        let point = place().zip(class()).map(|(place, class)| (row[0].to_owned(), place, class));
        point.ok_or_else(|| format!("line {} cannot be read", number + 1))
    };
    rows.iter().enumerate().skip(1).map(read).collect()
}

fn map(extent: String, party: String, cells: &[Cell], classes: usize) -> Map {
    let axis = |side: usize| {
        let mut values: Vec<f64> = cells.iter().map(|(place, _)| place[side]).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let (xs, ys) = (axis(0), axis(1));
    let mut counts = vec![0; classes];
    let mut grid: Vec<Vec<Option<usize>>> = vec![vec![None; xs.len()]; ys.len()];
    let at = |values: &[f64], value: f64| values.partition_point(|other| *other < value);
    for &([x, y], class) in cells {
        grid[at(&ys, y)][at(&xs, x)] = Some(class);
        counts[class] += 1;
    }
    let (edges_x, edges_y) = (edges(&xs), edges(&ys));
    let mut patches: Vec<Patch> = Vec::new();
    let mut row = 0;
    while row < grid.len() {
        let same = grid[row..].iter().take_while(|other| **other == grid[row]).count();
        let mut column = 0;
        for run in grid[row].chunk_by(|a, b| a == b) {
            if let Some(class) = run[0] {
                let x = [edges_x[column], edges_x[column + run.len()]];
                patches.push(Patch { x, y: [edges_y[row], edges_y[row + same]], class });
            }
            column += run.len();
        }
        row += same;
    }
    let ends =
        |values: &[f64]| [values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0)];
    Map { extent, party, range: [ends(&xs), ends(&ys)], patches, counts }
}

/// Halfway between neighbours, and the first and last value themselves.
fn edges(values: &[f64]) -> Vec<f64> {
    let middles = values.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    values.first().copied().into_iter().chain(middles).chain(values.last().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_class_become_one_patch() {
        let row = |fields: &[&str]| StringRecord::from(fields);
        let mut rows = vec![row(&["extent", "party", "age", "loss", "predicted", "p(no)", "p(yes)"])];
        // yes only at the right end of the upper row.
        for (x, y, class) in [
            ("0", "0", "no"),
            ("1", "0", "no"),
            ("2", "0", "no"),
            ("0", "4", "no"),
            ("1", "4", "no"),
            ("2", "4", "yes"),
        ] {
            rows.push(row(&["whole", "1", x, y, class, "0", "1"]));
        }
        let read = maps(&rows).unwrap();
        assert_eq!((read.features, read.classes.len()), (["age".into(), "loss".into()], 2));
        let map = &read.maps[0];
        assert_eq!(map.range, [[0.0, 2.0], [0.0, 4.0]]);
        assert_eq!(map.counts, [5, 1]);
        let patch = |x, y, class| Patch { x, y, class };
        assert_eq!(
            map.patches,
            [
                patch([0.0, 2.0], [0.0, 2.0], 0),
                patch([0.0, 1.5], [2.0, 4.0], 0),
                patch([1.5, 2.0], [2.0, 4.0], 1)
            ]
        );
        rows[3] = row(&["whole", "1", "x", "0", "no", "0", "1"]);
        assert_eq!(maps(&rows).unwrap_err(), "line 4 cannot be read");
        assert!(maps(&[]).is_err() && maps(&rows[1..]).is_err());
    }
}
