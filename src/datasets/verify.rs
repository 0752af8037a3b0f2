//! Whether a file of a data set is what it should be: by its SHA-256 where that of the published content is known, else by
//! the structure of its format. What is read is the content without gzip.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::catalogue::{Check, DataFile};
use crate::identity::hex;

/// A CIFAR batch, in bytes: 10,000 records of a class and 3,072 values.
const BATCH: u64 = 10_000 * RECORD as u64;
const RECORD: usize = 3_073;

/// What was found of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// Its length without gzip, in bytes.
    pub(crate) bytes: u64,
    /// The SHA-256 of its content.
    pub(crate) sha256: String,
    /// What was compared: `sha256` or `structure`.
    pub(crate) check: &'static str,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
}

/// Reads a file to its end and holds it against what is known of it.
pub(crate) fn verify(file: &DataFile, path: &Path) -> Verified {
    let check = if matches!(file.check, Check::Sha256 { .. }) { "sha256" } else { "structure" };
    let content = match read(path) {
        Ok(content) => content,
        Err(e) => {
            let problem = Some(format!("cannot be read: {e}"));
            return Verified { bytes: 0, sha256: String::new(), check, problem };
        }
    };
    let sha256 = hex(&Sha256::digest(&content));
    let problem = problem(&file.check, &content, &sha256);
    Verified { bytes: content.len() as u64, sha256, check, problem }
}

/// The content, told to be gzip by its first two bytes.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut content = Vec::new();
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(file).read_to_end(&mut content)?;
    } else {
        file.read_to_end(&mut content)?;
    }
    Ok(content)
}

fn problem(check: &Check, content: &[u8], found: &str) -> Option<String> {
    match check {
        Check::Sha256 { bytes, .. } if content.len() as u64 != *bytes => {
            Some(format!("is {} bytes long, and the published file {bytes}", content.len()))
        }
        Check::Sha256 { sha256, .. } => {
            (found != *sha256).then(|| format!("has the SHA-256 {found}, and the published file {sha256}"))
        }
        Check::Idx(lengths) => idx(content, lengths),
        Check::Cifar => cifar(content),
        Check::Purchase => purchase(content),
        Check::Lines(expected) => {
            let lines = content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count();
            (lines != *expected)
                .then(|| format!("has {lines} lines that are not empty, and should have {expected}"))
        }
    }
}

fn idx(content: &[u8], lengths: &[u32]) -> Option<String> {
    let mut header = vec![0, 0, 8, lengths.len() as u8];
    lengths.iter().for_each(|length| header.extend(length.to_be_bytes()));
    if !content.starts_with(&header) {
        let shape: Vec<String> = lengths.iter().map(u32::to_string).collect();
        return Some(format!("does not begin as an IDX file of {} bytes", shape.join(" x ")));
    }
    let expected = header.len() as u64 + lengths.iter().map(|&length| u64::from(length)).product::<u64>();
    (content.len() as u64 != expected)
        .then(|| format!("is {} bytes long, and its header says {expected}", content.len()))
}

fn cifar(content: &[u8]) -> Option<String> {
    if content.len() as u64 != BATCH {
        return Some(format!("is {} bytes long, and a batch of 10,000 records {BATCH}", content.len()));
    }
    let wrong = content.chunks(RECORD).position(|record| record[0] > 9)?;
    Some(format!("record {wrong} has class {}; classes go from 0 to 9", content[wrong * RECORD]))
}

fn purchase(content: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(content) else { return Some("is not text".into()) };
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    if lines.peek().is_none() {
        return Some("holds no record".into());
    }
    lines.find_map(|(number, line)| {
        let mut fields = line.split(',').map(str::trim);
        let class = fields.next().is_some_and(|class| class.parse::<u32>().is_ok_and(|class| class > 0));
        let bits = fields.try_fold(0, |count, bit| matches!(bit, "0" | "1").then_some(count + 1));
        (!class || bits != Some(600))
            .then(|| format!("line {} is not a class from 1 and 600 fields of 0 or 1", number + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::{FILES_OF_ADULT, Kind};
    use super::super::catalogue::{Need, all};
    use super::*;

    fn reported(check: Check, content: &[u8]) -> Option<String> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("file");
        std::fs::write(&path, content).unwrap();
        verify(&DataFile { path: "file", need: Need::Must, check }, &path).problem
    }

    #[test]
    fn a_sum_is_that_of_the_content_without_gzip() {
        // SHA-256 of "abc", from FIPS 180-2.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let check = Check::Sha256 { bytes: 3, sha256 };
        assert_eq!(reported(check, b"abc"), None);
        let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut zip, b"abc").unwrap();
        let zipped = zip.finish().unwrap();
        assert_eq!(reported(check, &zipped), None);
        assert!(reported(check, b"abd").unwrap().contains("SHA-256"));
        assert!(reported(check, b"ab").unwrap().contains("2 bytes long"));
        assert!(reported(check, &zipped[..zipped.len() - 5]).unwrap().contains("cannot be read"));
    }

    #[test]
    fn structures_are_held_to_their_last_byte() {
        let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7];
        assert_eq!(reported(Check::Idx(&[1, 1, 2]), &images), None);
        assert!(reported(Check::Idx(&[1, 1, 2]), &images[..17]).unwrap().contains("its header says 18"));
        assert!(reported(Check::Idx(&[2, 1, 1]), &images).unwrap().contains("2 x 1 x 1"));
        let mut batch = vec![0; BATCH as usize];
        assert_eq!(reported(Check::Cifar, &batch), None);
        batch[RECORD * 3] = 10;
        assert!(reported(Check::Cifar, &batch).unwrap().contains("record 3 has class 10"));
        assert!(reported(Check::Cifar, &batch[1..]).unwrap().contains("bytes long"));
        let line = format!("3{}\n", ",1".repeat(600));
        assert_eq!(reported(Check::Purchase, line.repeat(2).as_bytes()), None);
        assert!(reported(Check::Purchase, (line.clone() + "0,1\n").as_bytes()).unwrap().contains("line 2"));
        assert!(reported(Check::Purchase, b"\n").unwrap().contains("no record"));
        assert_eq!(reported(Check::Lines(2), b"a\nb\n\n"), None);
    }

    #[test]
    fn every_sum_is_a_sum() {
        let files = all().filter_map(|set| match set.kind {
            Kind::Files(files) => Some(files),
            _ => None,
        });
        for file in files.flatten() {
            if let Check::Sha256 { sha256, bytes } = file.check {
                assert!(
                    sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit()) && bytes > 0,
                    "{file:?}"
                );
            }
        }
        assert!(
            FILES_OF_ADULT.iter().all(|file| matches!(file.check, Check::Sha256 { .. })),
            "each is checked when fetched"
        );
    }
}
