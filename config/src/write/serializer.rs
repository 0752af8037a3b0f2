//! What serde makes of a value, as what is to be written.

use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
};

use super::Out;

/// Words of these have always been written as a map of nothing, and a run is known by its text.
const SPELLED_OUT: [&str; 2] = ["DataSource", "Skew"];
/// What trees in an ensemble hold and a scenario does not say of them.
const NOT_OF_ENSEMBLES: &str = "engine";

/// A value that has no place in a scenario.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unwritable(String);

impl ser::Error for Unwritable {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Out {
    /// Of a value.
    pub(crate) fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, Unwritable> {
        value.serialize(Serializer)
    }
}

struct Serializer;

/// Entries of a list or a map so far; of a map, the key that waits for its value; the word that all of it stands below.
#[derive(Default)]
struct Entries {
    items: Vec<Out>,
    map: Vec<(String, Out)>,
    key: String,
    below: Option<&'static str>,
}

/// What stands below a word: the word alone, where that is nothing.
fn below(word: &str, body: Out) -> Out {
    match body {
        Out::Map(entries) if entries.is_empty() => Out::text(word),
        body => Out::Map(vec![(Out::text(word).into_word(), body)]),
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<Out, Unwritable> {
            Ok(Out::plain(value))
        })*
    };
}

impl ser::Serializer for Serializer {
    type Ok = Out;
    type Error = Unwritable;
    type SerializeSeq = Entries;
    type SerializeTuple = Entries;
    type SerializeTupleStruct = Impossible<Out, Unwritable>;
    type SerializeTupleVariant = Impossible<Out, Unwritable>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_char: char,
    }

    fn serialize_f32(self, value: f32) -> Result<Out, Unwritable> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Out, Unwritable> {
        Ok(Out::number(value))
    }

    fn serialize_str(self, value: &str) -> Result<Out, Unwritable> {
        Ok(Out::text(value))
    }

    /// What types put together themselves needs no quotes.
    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<Out, Unwritable> {
        Ok(Out::plain(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Out, Unwritable> {
        Err(Unwritable("bytes".into()))
    }

    fn serialize_none(self) -> Result<Out, Unwritable> {
        Ok(Out::plain("null"))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Out, Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Out, Unwritable> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Out, Unwritable> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _: u32,
        word: &'static str,
    ) -> Result<Out, Unwritable> {
        Ok(match SPELLED_OUT.contains(&name) {
            true => Out::map([(word, Out::map([]))]),
            false => Out::text(word),
        })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Out, Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        word: &'static str,
        value: &T,
    ) -> Result<Out, Unwritable> {
        let mut body = value.serialize(self)?;
        if let ("random_forest" | "ada_boost", Out::Map(entries)) = (word, &mut body) {
            entries.retain(|(key, _)| key != NOT_OF_ENSEMBLES);
        }
        Ok(below(word, body))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Entries, Unwritable> {
        Ok(Entries::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Entries, Unwritable> {
        Ok(Entries::default())
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable(name.into()))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable(name.into()))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Unwritable> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, Unwritable> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        word: &'static str,
        _: usize,
    ) -> Result<Entries, Unwritable> {
        Ok(Entries { below: Some(word), ..Entries::default() })
    }
}

impl SerializeSeq for Entries {
    type Ok = Out;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.items.push(Out::of(value)?);
        Ok(())
    }

    fn end(self) -> Result<Out, Unwritable> {
        Ok(Out::List(self.items))
    }
}

impl ser::SerializeTuple for Entries {
    type Ok = Out;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Out, Unwritable> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Entries {
    type Ok = Out;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key = Out::of(key)?.into_word();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.map.push((std::mem::take(&mut self.key), Out::of(value)?));
        Ok(())
    }

    fn end(self) -> Result<Out, Unwritable> {
        Ok(match self.below {
            Some(word) => below(word, Out::Map(self.map)),
            None => Out::Map(self.map),
        })
    }
}

impl SerializeStruct for Entries {
    type Ok = Out;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.serialize_entry(key, value)
    }

    fn end(self) -> Result<Out, Unwritable> {
        SerializeMap::end(self)
    }
}

impl SerializeStructVariant for Entries {
    type Ok = Out;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.serialize_entry(key, value)
    }

    fn end(self) -> Result<Out, Unwritable> {
        SerializeMap::end(self)
    }
}
