//! A NumPy archive, written array by array and each array piece by piece: an array's length stands before its values, so it has
//! to be known, but the values need not be there at once.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The type of an array's values.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    I64,
    F64,
}

/// An archive that is being written.
pub(super) struct NpzStream<W: Write + Seek> {
    zip: ZipWriter<W>,
}

impl<W: Write + Seek> NpzStream<W> {
    pub(super) fn new(into: W) -> Self {
        Self { zip: ZipWriter::new(into) }
    }

    /// Begins an array; its values follow, little-endian, row by row.
    pub(super) fn begin(&mut self, name: &str, kind: Kind, shape: &[usize]) -> io::Result<()> {
        let header = header(kind, shape);
        let bytes = header.len() as u64 + 8 * shape.iter().map(|&length| length as u64).product::<u64>();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // The fastest: vectors of trees are mostly zeros, and others hardly get smaller by more work.
            .compression_level(Some(1))
            .last_modified_time(DateTime::default())
            .large_file(bytes > u64::from(u32::MAX) / 2);
        self.zip.start_file(format!("{name}.npy"), options)?;
        self.zip.write_all(&header)
    }

    /// Adds values to the array that was begun last.
    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)
    }

    /// Ends the archive.
    pub(super) fn finish(self) -> io::Result<W> {
        Ok(self.zip.finish()?)
    }
}

/// The header of an array, format version 1.0: its end is a multiple of 64 bytes from its start.
fn header(kind: Kind, shape: &[usize]) -> Vec<u8> {
    let kind = match kind {
        Kind::I64 => "<i8",
        Kind::F64 => "<f8",
    };
    let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let shape = shape.trim_end();
    let description = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let length = (10 + description.len() + 1).next_multiple_of(64);
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    // Two lengths and a type take far less than 65,535 bytes.
    header.extend(((length - 10) as u16).to_le_bytes());
    header.extend(description.as_bytes());
    header.resize(length - 1, b' ');
    header.push(b'\n');
    header
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use ndarray::{Array1, Array2, array};
    use ndarray_npy::NpzReader;

    use super::*;

    #[test]
    fn another_reader_finds_what_was_streamed() {
        let mut npz = NpzStream::new(Cursor::new(Vec::new()));
        npz.begin("a", Kind::I64, &[3]).unwrap();
        for value in [1_i64, -2, 3] {
            npz.add(&value.to_le_bytes()).unwrap();
        }
        npz.begin("b", Kind::F64, &[2, 2]).unwrap();
        for value in [0.25_f64, f64::NAN, 1.0, -0.5] {
            npz.add(&value.to_le_bytes()).unwrap();
        }
        let bytes = npz.finish().unwrap().into_inner();
        let mut read = NpzReader::new(Cursor::new(bytes)).unwrap();
        let a: Array1<i64> = read.by_name("a").unwrap();
        assert_eq!(a, array![1, -2, 3]);
        let b: Array2<f64> = read.by_name("b").unwrap();
        assert_eq!((b[[0, 0]], b[[1, 0]], b[[1, 1]]), (0.25, 1.0, -0.5));
        assert!(b[[0, 1]].is_nan());
        assert_eq!(header(Kind::F64, &[2, 2]).len(), 128);
    }
}
