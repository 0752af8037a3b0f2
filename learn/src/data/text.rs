//! Bytes into text: what encoding they are in, and line ends that can be counted.
//!
//! An encoding is declared, or told by a byte order mark, or UTF-8. Guessing among the encodings of one byte a character would
//! be wrong in silence, so that what is none of these is refused. `encoding_rs` does the decoding.

use std::path::Path;

use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::account::Decision;
use super::bytes::read_whole;
use super::csv_source::Encoding;
use super::error::DataError;

/// The whole file as text without a byte order mark: UTF-8, unless its mark says otherwise.
pub(super) fn read_text(path: &Path) -> Result<String, DataError> {
    read_text_in(path, None).map(|(text, _)| text)
}

/// The whole file as text without a byte order mark, in the encoding that is declared, and which that was.
pub(super) fn read_text_in(path: &Path, declared: Option<Encoding>) -> Result<(String, Decision), DataError> {
    let bytes = read_whole(path)?;
    let wrong = |line| DataError::NotText { path: path.to_owned(), line };
    let (text, decision) = match (encoding_rs::Encoding::for_bom(&bytes), declared) {
        (Some((marked, _)), _) if marked != UTF_8 => (
            wide(bytes, marked).ok_or_else(|| wrong(1))?,
            Decision::new("utf-16", "its byte order mark says so"),
        ),
        (Some(_), _) => (utf8(bytes).map_err(wrong)?, Decision::new("utf-8", "its byte order mark says so")),
        (None, Some(Encoding::Utf16)) => {
            // Of text in Latin letters every other byte is zero: the second of each pair if the low byte comes first.
            let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
            let order = if zeros(0) > zeros(1) { UTF_16BE } else { UTF_16LE };
            (wide(bytes, order).ok_or_else(|| wrong(1))?, declared_as(Encoding::Utf16))
        }
        (None, Some(encoding @ Encoding::Latin1)) => {
            (encoding_rs::mem::decode_latin1(&bytes).into_owned(), declared_as(encoding))
        }
        (None, Some(encoding @ Encoding::Windows1252)) => {
            (WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(), declared_as(encoding))
        }
        (None, Some(encoding @ Encoding::MacRoman)) => {
            (MACINTOSH.decode_without_bom_handling(&bytes).0.into_owned(), declared_as(encoding))
        }
        (None, Some(encoding @ Encoding::Utf8)) => (utf8(bytes).map_err(wrong)?, declared_as(encoding)),
        (None, None) => {
            (utf8(bytes).map_err(wrong)?, Decision::new("utf-8", "all of it can be read as that"))
        }
    };
    if let Some(at) = text.find('\0') {
        return Err(wrong(lines_in(&text[..at]) + 1));
    }
    Ok((lines_end_in_lf(text), decision))
}

fn declared_as(encoding: Encoding) -> Decision {
    Decision::new(encoding.word(), Decision::DECLARED)
}

/// Without a copy, as it is the common case; else the line of the first byte that is wrong.
fn utf8(mut bytes: Vec<u8>) -> Result<String, usize> {
    while bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        good.iter().filter(|&&byte| byte == b'\n').count() + 1
    })
}

fn wide(bytes: Vec<u8>, order: &'static encoding_rs::Encoding) -> Option<String> {
    let (text, _) = order.decode_with_bom_removal(&bytes);
    // An odd byte or half a pair would be replaced in silence by a character that stands for it.
    (!text.contains('\u{fffd}')).then(|| text.into_owned())
}

/// Lines of a file that ends them in CR alone, made countable.
fn lines_end_in_lf(text: String) -> String {
    if !text.contains('\r') || text.contains('\n') {
        return text;
    }
    text.replace('\r', "\n")
}

/// How many lines end in this text.
pub(super) fn lines_in(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::Folder;

    fn read(bytes: &[u8], declared: Option<Encoding>) -> Result<(String, String), DataError> {
        let folder = Folder::new();
        let path = folder.write("t.csv", bytes);
        read_text_in(&path, declared).map(|(text, decision)| (text, decision.value))
    }

    #[test]
    fn what_is_not_utf8_is_refused_by_line_and_key() {
        let error = read(b"a,b\n1,2\ncaf\xe9,3\n", None).unwrap_err();
        assert!(matches!(error, DataError::NotText { line: 3, .. }), "{error}");
        assert!(error.to_string().contains("encoding: windows-1252"), "{error}");
        assert_eq!(read("\u{feff}a,b".as_bytes(), None).unwrap(), ("a,b".into(), "utf-8".into()));
    }

    #[test]
    fn declared_encodings_are_decoded() {
        // The same bytes are other letters: known from the tables of ISO 8859-1, code page 1252 and Mac OS Roman.
        for (encoding, bytes, text) in [
            (Encoding::Latin1, &b"caf\xe9"[..], "café"),
            (Encoding::Windows1252, b"caf\xe9 \x80", "café €"),
            (Encoding::MacRoman, b"caf\x8e", "café"),
            (Encoding::Utf16, b"c\0a\0f\0\xe9\0", "café"),
            (Encoding::Utf16, b"\0c\0a\0f\0\xe9", "café"),
            (Encoding::Utf8, "café".as_bytes(), "café"),
        ] {
            assert_eq!(read(bytes, Some(encoding)).unwrap(), (text.into(), encoding.word().into()));
        }
    }

    #[test]
    fn a_byte_order_mark_decides() {
        for bytes in [&b"\xff\xfea\0,\0\xe9\0"[..], b"\xfe\xff\0a\0,\0\xe9"] {
            for declared in [None, Some(Encoding::Latin1)] {
                assert_eq!(read(bytes, declared).unwrap(), ("a,é".into(), "utf-16".into()));
            }
        }
        assert!(read(b"\xff\xfea\0,", None).is_err(), "an odd byte");
        assert!(read(b"a\0,\0b\0\n\0", None).is_err(), "UTF-16 without a mark looks like UTF-8 with zeros");
    }

    #[test]
    fn lines_that_end_in_cr_alone_are_lines() {
        assert_eq!(read(b"a,b\r1,2\r", None).unwrap().0, "a,b\n1,2\n");
        assert_eq!(read(b"a,b\r\n1,2\r\n", None).unwrap().0, "a,b\r\n1,2\r\n");
    }
}
