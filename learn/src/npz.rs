//! Arrays of an `.npz` file, plain (`numpy.savez`) or compressed (`numpy.savez_compressed`). No header is believed: an array is made
//! room for only where the file is long enough to hold it.

use std::io::{self, Read, Seek, SeekFrom};

use ndarray::{Array, ArrayView, Dimension};
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement, ViewElement, ViewNpyError, ViewNpyExt};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// The longest header of an array; that of a table takes 128 bytes.
const HEADER: u64 = 1024;
/// The longest array that is unpacked. One that is not compressed may be as long as its file.
const UNPACKED: u64 = 4 << 30;
/// To how many bytes one byte is unpacked at most: DEFLATE cannot do more.
const DENSEST: u64 = 1032;

/// Why an array cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NpzError {
    #[error("{0}")]
    Zip(#[from] ZipError),
    #[error("it is compressed in another way than `numpy.savez_compressed` does ({0})")]
    Method(CompressionMethod),
    #[error("its header is {0} bytes long; at most {HEADER} are read")]
    Header(u64),
    #[error("its header says {says} bytes, and the file holds {holds}")]
    Length { says: u64, holds: u64 },
    #[error(
        "it is compressed and {0} bytes long; at most {UNPACKED} are unpacked, so write it with `numpy.savez` instead"
    )]
    Unpacked(u64),
    #[error("its numbers are stored in the byte order of another machine; convert them with `astype`")]
    ByteOrder,
    #[error("{0}")]
    Array(ViewNpyError),
    #[error("{0}")]
    Data(#[from] ReadNpyError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// An open archive.
pub(crate) struct Npz<R> {
    zip: ZipArchive<R>,
    /// Its length, more than which nothing in it can be.
    bytes: u64,
}

impl<R: Read + Seek> Npz<R> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// [`NpzError`] when it is none.
    pub(crate) fn open(mut file: R) -> Result<Self, NpzError> {
        let bytes = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok(Self { zip: ZipArchive::new(file)?, bytes })
    }

    /// The arrays' names, without `.npy`.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.zip.file_names().map(|name| name.strip_suffix(".npy").unwrap_or(name))
    }

    /// One array.
    ///
    /// # Errors
    /// [`NpzError`].
    pub(crate) fn array<A, D>(&mut self, name: &str) -> Result<Array<A, D>, NpzError>
    where
        A: ReadableElement + ViewElement,
        D: Dimension,
    {
        let with_ending = format!("{name}.npy");
        let stored = if self.zip.index_for_name(name).is_some() { name } else { &with_ending };
        let mut entry = self.zip.by_name(stored)?;
        let (holds, packed) = (entry.size(), entry.compressed_size().min(self.bytes));
        let most = match entry.compression() {
            CompressionMethod::Stored => packed,
            CompressionMethod::Deflated if holds > UNPACKED => return Err(NpzError::Unpacked(holds)),
            CompressionMethod::Deflated => packed.saturating_mul(DENSEST),
            other => return Err(NpzError::Method(other)),
        };
        if holds > most {
            return Err(NpzError::Length { says: holds, holds: most });
        }
        let head = header(&mut entry)?;
        // Looked at alone, a header is told how much is missing behind it.
        let data = match ArrayView::<A, D>::view_npy(&head) {
            // An empty array has nothing that could lie right or wrong.
            Ok(_) | Err(ViewNpyError::MisalignedData) => 0,
            Err(ViewNpyError::MissingBytes(data)) => data as u64,
            Err(ViewNpyError::NonNativeEndian) => return Err(NpzError::ByteOrder),
            Err(other) => return Err(NpzError::Array(other)),
        };
        let says = data.saturating_add(head.len() as u64);
        if says != holds {
            return Err(NpzError::Length { says, holds });
        }
        Ok(Array::read_npy(head.chain(entry))?)
    }
}

/// The beginning of an array's file: magic, version, and the header with its length.
fn header(entry: &mut impl Read) -> Result<Vec<u8>, NpzError> {
    let mut head = Vec::new();
    entry.by_ref().take(10).read_to_end(&mut head)?;
    // What is no such beginning is told by whoever reads it.
    let &[.., version, _, low, high] = &head[..] else { return Ok(head) };
    let mut length = u64::from(u16::from_le_bytes([low, high]));
    if version > 1 {
        entry.by_ref().take(2).read_to_end(&mut head)?;
        let Some(&[a, b, c, d]) = head.last_chunk() else { return Ok(head) };
        length = u32::from_le_bytes([a, b, c, d]).into();
    }
    if length > HEADER {
        return Err(NpzError::Header(length));
    }
    entry.take(length).read_to_end(&mut head)?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use ndarray::{Array1, Array2, Ix2, array};
    use ndarray_npy::{NpzWriter, WriteNpyExt};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive with one entry `x.npy` of these bytes.
    fn archive(bytes: &[u8], method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("x.npy", SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    }

    /// An array's file with that shape in its header, whatever data follows.
    fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    fn read(archive: Vec<u8>) -> Result<Array2<f32>, NpzError> {
        Npz::open(Cursor::new(archive))?.array::<f32, Ix2>("x")
    }

    #[test]
    fn plain_and_compressed_arrays_are_the_same() {
        let records = Array2::from_shape_fn((500, 3), |(row, column)| (row * column) as f32);
        let mut bytes = Vec::new();
        records.write_npy(&mut bytes).unwrap();
        let [plain, packed] =
            [CompressionMethod::Stored, CompressionMethod::Deflated].map(|method| archive(&bytes, method));
        assert!(packed.len() < plain.len() / 2);
        assert_eq!(read(plain).unwrap(), records);
        assert_eq!(read(packed).unwrap(), records);
    }

    #[test]
    fn nothing_is_allocated_on_the_word_of_a_header() {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            for (shape, says) in [
                ("(1000000000000, 3)", "its header says 12000000000"),
                ("(9223372036854775807, 3)", "overflow"),
                ("(4, 3)", "bytes, and the file holds "),
                ("(1, 3)", "bytes, and the file holds "),
            ] {
                let reported = read(archive(&npy("<f4", shape, &[0; 24]), method)).unwrap_err().to_string();
                assert!(reported.contains(says), "{shape}: {reported}");
            }
        }
        assert_eq!(
            read(archive(&npy("<f4", "(2, 3)", &[0; 24]), CompressionMethod::Stored)).unwrap().dim(),
            (2, 3)
        );
    }

    #[test]
    fn nothing_is_allocated_on_the_word_of_a_directory() {
        let shape = "(1000000000000, 3)";
        let mut bytes = archive(&npy("<f4", shape, &[0; 24]), CompressionMethod::Stored);
        // The sizes of the entry stand behind the directory's signature, at 20 (packed) and 24.
        let place = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        bytes[place + 20..place + 28].fill(0xfe);
        assert!(matches!(read(bytes), Err(NpzError::Length { .. } | NpzError::Zip(_) | NpzError::Io(_))));
    }

    #[test]
    fn a_header_that_is_long_or_deep_is_refused() {
        let mut long = b"\x93NUMPY\x02\x00".to_vec();
        long.extend(u32::MAX.to_le_bytes());
        assert!(matches!(read(archive(&long, CompressionMethod::Stored)), Err(NpzError::Header(_))));
        let mut deep = b"\x93NUMPY\x01\x00".to_vec();
        deep.extend(1001_u16.to_le_bytes());
        deep.extend([b'('; 1000]);
        deep.push(b'\n');
        assert!(matches!(read(archive(&deep, CompressionMethod::Stored)), Err(NpzError::Array(_))));
    }

    #[test]
    fn other_kinds_and_dimensions_are_reported() {
        let reported = |kind: &str, shape: &str| {
            read(archive(&npy(kind, shape, &[0; 24]), CompressionMethod::Stored)).unwrap_err().to_string()
        };
        assert!(reported(">f4", "(2, 3)").contains("astype"));
        assert!(reported("<f8", "(1, 3)").contains("<f8"));
        assert!(reported("<f4", "(6,)").contains("ndim 1"));
        let mut npz = NpzWriter::new(Cursor::new(Vec::new()));
        npz.add_array("x", &Array2::<f32>::zeros((0, 3))).unwrap();
        npz.add_array("y", &array![1_u32]).unwrap();
        let mut npz = Npz::open(npz.finish().unwrap()).unwrap();
        assert_eq!(npz.names().collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(npz.array::<f32, Ix2>("x").unwrap().dim(), (0, 3));
        let labels: Array1<u32> = npz.array("y").unwrap();
        assert_eq!(labels, array![1]);
        assert!(matches!(npz.array::<f32, Ix2>("z"), Err(NpzError::Zip(ZipError::FileNotFound))));
    }
}
