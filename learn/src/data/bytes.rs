//! Reading a file whole, with gzip undone up to a limit. Whether it is gzip is told by its first two bytes, never by its name.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::DataError;

/// How many times its size on disk a gzip file may come to: records compress far less well, and what is made to exhaust memory
/// a thousandfold.
const MOST_GROWTH: u64 = 100;
/// Bytes that any gzip file may come to, however well it compresses.
const ALWAYS: u64 = 256 << 20;

/// The whole file, decompressed when it is gzip.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>, DataError> {
    read_within(path, ALWAYS)
}

fn read_within(path: &Path, always: u64) -> Result<Vec<u8>, DataError> {
    let bytes = std::fs::read(path).map_err(|error| DataError::read(path, error))?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let size = bytes.len() as u64;
    let limit = always.max(size.saturating_mul(MOST_GROWTH));
    // A gzip file ends in its length modulo 2^32. That is only a hint, so it is believed up to the limit.
    let hint = bytes.last_chunk().map_or(0, |&last| u64::from(u32::from_le_bytes(last)));
    let mut whole = Vec::with_capacity(hint.min(limit).min(size.saturating_mul(MOST_GROWTH)) as usize);
    MultiGzDecoder::new(bytes.as_slice())
        .take(limit + 1)
        .read_to_end(&mut whole)
        .map_err(|source| DataError::Gzip { path: path.to_owned(), source })?;
    if whole.len() as u64 > limit {
        return Err(DataError::Inflated { path: path.to_owned(), size, limit, growth: MOST_GROWTH, always });
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::{Folder, gzip};

    #[test]
    fn gzip_is_told_by_content_and_members_are_joined() {
        let folder = Folder::new();
        let mut two = gzip(b"one ");
        two.extend(gzip(b"two"));
        let path = folder.write("misnamed.txt", &two);
        assert_eq!(read_whole(&path).unwrap(), b"one two");
        let path = folder.write("plain.gz", b"not gzip at all");
        assert_eq!(read_whole(&path).unwrap(), b"not gzip at all");
    }

    #[test]
    fn cut_gzip_is_an_error_with_the_path() {
        let folder = Folder::new();
        let whole = gzip(&[7; 5000]);
        let path = folder.write("cut.gz", &whole[..whole.len() - 6]);
        let error = read_whole(&path).unwrap_err();
        assert!(matches!(error, DataError::Gzip { .. }), "{error}");
        assert!(error.to_string().contains("cut.gz is a damaged or cut gzip file"), "{error}");
    }

    #[test]
    fn what_grows_beyond_the_limit_is_refused_with_it() {
        let folder = Folder::new();
        let zipped = gzip(&vec![b'0'; 200_000]);
        let size = zipped.len();
        let path = folder.write("bomb.csv.gz", zipped);
        assert!(size < 1_500, "{size}");
        assert_eq!(read_within(&path, 200_000).unwrap().len(), 200_000);
        let text = read_within(&path, 199_999).unwrap_err().to_string();
        let limit = format!("more than {} bytes", 199_999.max(100 * size));
        assert!(text.contains(&limit) && text.contains("100 times its size"), "{text}");
    }
}
