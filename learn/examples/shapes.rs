//! Writes the four shapes of `tests/shapes` for `tests/sklearn/shapes.py`: `NAME_x.npy` (f32) and `NAME_y.npy` (u32), of which
//! the first half is there to learn from.
//!
//!     cargo run --release -p turncoat-learn --example shapes -- FOLDER

use std::error::Error;
use std::path::PathBuf;

use ndarray::Array1;

#[path = "../tests/shapes/mod.rs"]
mod shapes;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("the folder to write to is missing")?);
    for name in shapes::NAMES {
        let shape = shapes::Shape::make(name);
        assert_eq!(shape.records.nrows(), 2 * shape.train);
        ndarray_npy::write_npy(folder.join(format!("{name}_x.npy")), &shape.records)?;
        ndarray_npy::write_npy(folder.join(format!("{name}_y.npy")), &Array1::from(shape.labels))?;
    }
    Ok(())
}
