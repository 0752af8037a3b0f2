//! A model in a file: written whole, checked when read.
//!
//! Little-endian: the magic `TCMODEL`, a version (u8), the model, the SHA-256 of all before it. A model is a byte that tells
//! its kind and what that kind writes of itself; see `encode` of each.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{LearnerError, LocalModel, MOST_NESTED, ModelDigest, Reader, Writer};
use crate::private::private_file;

const MAGIC: &[u8; 7] = b"TCMODEL";
const VERSION: u8 = 1;
const DIGEST: usize = 32;

/// Writes the model under a temporary name beside the path, then renames it.
pub(super) fn save(model: &LocalModel, path: &Path) -> Result<(), LearnerError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = Path::new(&temporary);
    let write = || -> io::Result<()> {
        let mut file = private_file(temporary)?;
        file.write_all(&encode(model))?;
        file.sync_all()?;
        fs::rename(temporary, path)
    };
    write().map_err(|error| {
        // What is left of a failed write is of no use; that it may not be removable changes nothing.
        let _ = fs::remove_file(temporary);
        refuse(path, format!("cannot be written: {error}"))
    })
}

/// Reads a model and checks all of it.
pub(super) fn load(path: &Path) -> Result<LocalModel, LearnerError> {
    let bytes = fs::read(path).map_err(|error| refuse(path, format!("cannot be read: {error}")))?;
    decode(&bytes).map_err(|reason| refuse(path, reason))
}

/// The SHA-256 of what [`save`] writes.
pub(super) fn digest(model: &LocalModel) -> ModelDigest {
    ModelDigest::new(Sha256::digest(encode(model)).into())
}

fn refuse(path: &Path, reason: String) -> LearnerError {
    LearnerError::File { path: path.display().to_string(), reason }
}

/// The whole file.
pub(super) fn encode(model: &LocalModel) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.raw(MAGIC);
    writer.byte(VERSION);
    model.encode(&mut writer);
    let digest = Sha256::digest(writer.as_bytes());
    writer.raw(&digest);
    writer.into_bytes()
}

fn decode(bytes: &[u8]) -> Result<LocalModel, String> {
    let mut reader = Reader::new(bytes);
    if reader.take::<7>().ok().as_ref() != Some(MAGIC) {
        return Err("it is not a model of turncoat".into());
    }
    let version = reader.byte()?;
    if version != VERSION {
        return Err(format!("it has format version {version}, this program reads version {VERSION}"));
    }
    let body = reader.left().checked_sub(DIGEST).ok_or("it is cut short")?;
    let (content, digest) = bytes.split_at(bytes.len() - DIGEST);
    if Sha256::digest(content).as_slice() != digest {
        return Err("it is cut short or altered: its checksum does not fit".into());
    }
    let mut reader = Reader::new(&content[content.len() - body..]);
    let model = LocalModel::decode(&mut reader, MOST_NESTED)?;
    if reader.left() == 0 { Ok(model) } else { Err("it holds more than a model".into()) }
}

impl LocalModel {
    /// What [`Model::encode`](super::Model::encode) wrote, with at most so many ensembles in each other.
    pub(crate) fn decode(reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        crate::registry::decode(reader.byte()?, reader, nested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::Learner;
    use crate::seed::Seed;
    use crate::tree::TreeParams;
    use crate::{Samples, tree::random};

    fn model() -> LocalModel {
        let (records, labels) = random(60, 4, 3, 1);
        let samples = Samples { records: records.view(), labels: &labels, classes: 3 };
        Learner::DecisionTree(TreeParams::default()).fit(samples, Seed::root(0)).unwrap()
    }

    #[test]
    fn a_model_survives_its_file_bit_by_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("party.model");
        model().save(&path).unwrap();
        let loaded = LocalModel::load(&path).unwrap();
        assert_eq!(loaded, model());
        assert_eq!(encode(&loaded), fs::read(&path).unwrap());
        let digest: [u8; 32] = Sha256::digest(fs::read(&path).unwrap()).into();
        assert_eq!(loaded.digest().as_bytes(), &digest);
        assert!(loaded.digest().to_string().starts_with(&loaded.digest().short()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the temporary file is gone");
    }

    #[test]
    fn a_file_that_is_no_model_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("party.model");
        let reason = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            match load(&path) {
                Err(LearnerError::File { reason, .. }) => reason,
                other => panic!("{other:?}"),
            }
        };
        let good = encode(&model());
        assert!(reason(&good[..good.len() - 1]).contains("checksum"));
        for length in 0..good.len() {
            assert!(decode(&good[..length]).is_err());
        }
        assert!(reason(b"PK34").contains("not a model"));
        let mut newer = good.clone();
        newer[7] = 9;
        assert!(reason(&newer).contains("version 9"));
        for place in 8..good.len() {
            let mut altered = good.clone();
            altered[place] ^= 0x10;
            assert!(decode(&altered).unwrap_err().contains("checksum"));
        }
        assert!(LocalModel::load(&folder.path().join("absent")).is_err());
        assert!(model().save(&folder.path().join("absent").join("party.model")).is_err());
    }

    #[test]
    fn content_is_checked_behind_the_checksum() {
        let sealed = |mut bytes: Vec<u8>| {
            let digest = Sha256::digest(&bytes);
            bytes.extend_from_slice(&digest);
            bytes
        };
        let good = encode(&model());
        let content = &good[..good.len() - DIGEST];
        assert_eq!(decode(&sealed(content.to_vec())), Ok(model()));
        let mut other = content.to_vec();
        other[8] = 200;
        assert!(decode(&sealed(other)).unwrap_err().contains("kind 200"));
        let mut longer = content.to_vec();
        longer.push(0);
        assert!(decode(&sealed(longer)).unwrap_err().contains("more than a model"));
    }
}
