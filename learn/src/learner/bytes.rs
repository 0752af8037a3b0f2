//! Numbers as little-endian bytes and back: what model files are made of.

use crate::dataset::MOST_CLASSES;

/// Bytes of a model file, being written.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn word(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn size(&mut self, value: usize) {
        self.raw(&(value as u64).to_le_bytes());
    }

    pub(crate) fn words(&mut self, values: &[u32]) {
        values.iter().for_each(|&value| self.word(value));
    }

    pub(crate) fn singles<'a>(&mut self, values: impl IntoIterator<Item = &'a f32>) {
        values.into_iter().for_each(|value| self.raw(&value.to_le_bytes()));
    }

    pub(crate) fn doubles<'a>(&mut self, values: impl IntoIterator<Item = &'a f64>) {
        values.into_iter().for_each(|value| self.raw(&value.to_le_bytes()));
    }

    /// The number of classes, and those of them that training showed.
    pub(crate) fn shown(&mut self, classes: usize, present: &[u32]) {
        self.size(classes);
        self.size(present.len());
        self.words(present);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Bytes left to read. Nothing is allocated that the bytes left could not fill.
#[derive(Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or("it is cut short")?;
        self.0 = tail;
        Ok(*head)
    }

    /// So many bytes as they are.
    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8], String> {
        let (head, tail) = self.0.split_at_checked(n).ok_or("it is cut short")?;
        self.0 = tail;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, String> {
        self.take().map(|[byte]| byte)
    }

    pub(crate) fn word(&mut self) -> Result<u32, String> {
        self.take().map(u32::from_le_bytes)
    }

    pub(crate) fn size(&mut self) -> Result<usize, String> {
        let size = self.take().map(u64::from_le_bytes)?;
        usize::try_from(size).map_err(|_| format!("{size} is more than this machine can count"))
    }

    /// So many values of four bytes.
    pub(crate) fn words(&mut self, n: usize) -> Result<Vec<u32>, String> {
        self.many(n, u32::from_le_bytes)
    }

    /// So many finite f32.
    pub(crate) fn singles(&mut self, n: usize) -> Result<Vec<f32>, String> {
        let values = self.many(n, f32::from_le_bytes)?;
        let wrong = values.iter().find(|value| !value.is_finite());
        wrong.map_or(Ok(()), |value| Err(format!("{value} stands where a number must")))?;
        Ok(values)
    }

    /// So many finite f64.
    pub(crate) fn doubles(&mut self, n: usize) -> Result<Vec<f64>, String> {
        let values = self.many(n, f64::from_le_bytes)?;
        let wrong = values.iter().find(|value| !value.is_finite());
        wrong.map_or(Ok(()), |value| Err(format!("{value} stands where a number must")))?;
        Ok(values)
    }

    /// What [`Writer::shown`] wrote: at least one class, the classes shown ascending and among them.
    pub(crate) fn shown(&mut self) -> Result<(usize, Vec<u32>), String> {
        let classes = self.size()?;
        if classes == 0 || classes > MOST_CLASSES {
            return Err(format!("it has {classes} classes"));
        }
        let shown = self.size()?;
        let present = self.words(shown)?;
        let ascending = present.is_sorted_by(|a, b| a < b);
        if !ascending || present.last().is_some_and(|&last| last as usize >= classes) {
            return Err("the classes that it was shown are not some of its classes in ascending order".into());
        }
        Ok((classes, present))
    }

    fn many<const N: usize, T>(&mut self, n: usize, read: impl Fn([u8; N]) -> T) -> Result<Vec<T>, String> {
        if n > self.0.len() / N {
            return Err("it is cut short".into());
        }
        let (head, tail) = self.0.split_at(n * N);
        self.0 = tail;
        let (chunks, _) = head.as_chunks::<N>();
        Ok(chunks.iter().map(|chunk| read(*chunk)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        let mut writer = Writer::default();
        writer.byte(7);
        writer.word(8);
        writer.size(9);
        writer.words(&[1, u32::MAX]);
        writer.singles(&[1.5, -0.25]);
        writer.doubles(&[0.1]);
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!((reader.byte(), reader.word(), reader.size()), (Ok(7), Ok(8), Ok(9)));
        assert_eq!(reader.words(2), Ok(vec![1, u32::MAX]));
        assert_eq!(reader.singles(2), Ok(vec![1.5, -0.25]));
        assert_eq!(reader.doubles(1), Ok(vec![0.1]));
        assert_eq!(reader.left(), 0);
        assert!(reader.byte().is_err());
    }

    #[test]
    fn shown_classes_are_some_of_the_classes() {
        let read = |classes, present: &[u32]| {
            let mut writer = Writer::default();
            writer.shown(classes, present);
            Reader::new(writer.as_bytes()).shown()
        };
        assert_eq!(read(4, &[1, 3]), Ok((4, vec![1, 3])));
        assert_eq!(read(4, &[]), Ok((4, vec![])));
        assert!(read(3, &[1, 3]).is_err() && read(4, &[3, 1]).is_err() && read(4, &[1, 1]).is_err());
        assert!(read(0, &[]).is_err() && read(1 << 40, &[]).is_err());
    }

    #[test]
    fn what_is_not_there_or_no_number_is_refused() {
        assert!(Reader::new(&[0; 7]).size().is_err());
        assert!(Reader::new(&[0; 7]).words(2).is_err());
        assert!(Reader::new(&[0; 7]).words(usize::MAX).is_err());
        assert!(Reader::new(&f32::NAN.to_le_bytes()).singles(1).unwrap_err().contains("NaN"));
        assert!(Reader::new(&f64::INFINITY.to_le_bytes()).doubles(1).unwrap_err().contains("inf"));
    }
}
