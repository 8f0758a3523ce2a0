//! Writes whatever can be serialized, byte by byte as `serde_json` does, in less than half the instructions: it knows that
//! names of fields need no escapes, and copies texts in blocks.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use super::{digits, escape, letter, push_key};

/// Appends a value.
///
/// # Errors
/// When the value cannot be serialized. Then a part of it may have been appended.
pub(crate) fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), Error> {
    value.serialize(JsonSerializer { out })
}

/// Writes one value.
struct JsonSerializer<'o> {
    out: &'o mut Vec<u8>,
}

/// Writes the members of an array or object.
struct JsonMembers<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
    /// What ends it.
    close: &'static [u8],
}

impl<'o> JsonSerializer<'o> {
    fn members(self, open: u8, close: &'static [u8]) -> JsonMembers<'o> {
        self.out.push(open);
        JsonMembers {
            out: self.out,
            empty: true,
            close,
        }
    }

    /// A variant with content: an object with the content as its only member.
    fn variant(self, variant: &str) -> Self {
        self.out.push(b'{');
        push_key(self.out, variant);
        self
    }

    fn string(self, text: &str) -> Result<(), Error> {
        escape(self.out, text, |byte| match byte {
            0x08 => Some(b'b'),
            0x0c => Some(b'f'),
            other => letter(other),
        });
        Ok(())
    }

    fn word(self, word: &str) -> Result<(), Error> {
        self.out.extend_from_slice(word.as_bytes());
        Ok(())
    }

    fn unsigned(self, number: u64) -> Result<(), Error> {
        digits(self.out, number);
        Ok(())
    }

    fn signed(self, number: i64) -> Result<(), Error> {
        if number < 0 {
            self.out.push(b'-');
        }
        digits(self.out, number.unsigned_abs());
        Ok(())
    }
}

macro_rules! integers {
    ($write:ident: $($method:ident $of:ty),*) => {$(
        fn $method(self, value: $of) -> Result<(), Error> {
            self.$write(value.into())
        }
    )*};
}

impl<'o> Serializer for JsonSerializer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = JsonMembers<'o>;
    type SerializeTuple = JsonMembers<'o>;
    type SerializeTupleStruct = JsonMembers<'o>;
    type SerializeTupleVariant = JsonMembers<'o>;
    type SerializeMap = JsonMembers<'o>;
    type SerializeStruct = JsonMembers<'o>;
    type SerializeStructVariant = JsonMembers<'o>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.word(if value { "true" } else { "false" })
    }

    integers!(unsigned: serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);
    integers!(signed: serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);

    // Rare: no event has one.
    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.string(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.string(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.word("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.string(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let JsonSerializer { out } = self.variant(variant);
        write(out, value)?;
        out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<JsonMembers<'o>, Error> {
        Ok(self.members(b'[', b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<JsonMembers<'o>, Error> {
        Ok(self.members(b'[', b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<JsonMembers<'o>, Error> {
        Ok(self.members(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<JsonMembers<'o>, Error> {
        Ok(self.variant(variant).members(b'[', b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<JsonMembers<'o>, Error> {
        Ok(self.members(b'{', b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<JsonMembers<'o>, Error> {
        Ok(self.members(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<JsonMembers<'o>, Error> {
        Ok(self.variant(variant).members(b'{', b"}}"))
    }
}

impl JsonMembers<'_> {
    #[inline(always)]
    fn comma(&mut self) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
    }

    fn close(self) -> Result<(), Error> {
        self.out.extend_from_slice(self.close);
        Ok(())
    }
}

/// Elements and fields are written alike, whatever they belong to.
macro_rules! elements {
    ($($of:ident: $method:ident),*) => {$(
        impl $of for JsonMembers<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.comma();
                write(self.out, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

elements!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! fields {
    ($($of:ident),*) => {$(
        impl $of for JsonMembers<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.comma();
                push_key(self.out, key);
                write(self.out, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for JsonMembers<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.comma();
        let start = self.out.len();
        write(self.out, key)?;
        if self.out.get(start) != Some(&b'"') {
            return Err(Error::custom("key must be a string"));
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.out.push(b':');
        write(self.out, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct Everything {
        texts: Vec<String>,
        numbers: (i8, i16, i32, i64, u8, u16, u32, u64),
        limits: [i64; 2],
        float: f64,
        flags: [bool; 2],
        character: char,
        none: Option<u32>,
        some: Option<Newtype>,
        unit: (),
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u32>,
        map: BTreeMap<String, Variants>,
    }

    #[derive(Serialize)]
    struct Newtype(u32);

    #[derive(Serialize)]
    struct TupleStruct(u32, String);

    #[derive(Serialize)]
    enum Variants {
        Unit,
        Newtype(TupleStruct),
        Tuple(u32, u32),
        Struct { one: u32, two: Box<Variants> },
    }

    fn everything() -> Everything {
        let texts = (0..=0x90)
            .chain([0x2028, 0x1d11e])
            .filter_map(char::from_u32);
        let variants = [
            Variants::Unit,
            Variants::Newtype(TupleStruct(1, "a".repeat(100))),
            Variants::Tuple(1, 2),
            Variants::Struct {
                one: 1,
                two: Box::new(Variants::Unit),
            },
        ];
        let named = variants.into_iter().enumerate();
        Everything {
            texts: texts.map(|c| format!("{c} and {c}")).collect(),
            numbers: (-1, 0, 10, -100, 255, 0, 1, u64::MAX),
            limits: [i64::MIN, i64::MAX],
            float: 0.1,
            flags: [true, false],
            character: '"',
            none: None,
            some: Some(Newtype(3)),
            unit: (),
            absent: None,
            map: named
                .map(|(key, value)| (format!("\"{key}"), value))
                .collect(),
        }
    }

    #[test]
    fn it_writes_what_serde_json_writes() {
        let mut out = Vec::new();
        write(&mut out, &everything()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            serde_json::to_string(&everything()).unwrap()
        );
    }

    #[test]
    fn keys_of_maps_must_be_strings() {
        let map = BTreeMap::from([(vec![1], 2)]);
        assert!(write(&mut Vec::new(), &map).is_err());
        assert!(serde_json::to_string(&map).is_err());
    }
}
