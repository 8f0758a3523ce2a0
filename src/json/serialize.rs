//! Serializes values as `serde_json` does, to the byte. It looks for what needs an escape in blocks of bytes: most of a
//! report is text, and the search byte by byte was half of the time of writing it.

use serde::ser::{self, Error as _, Serialize};
use serde_json::Error;

use super::{Json, escape};

/// Appends a value.
///
/// # Errors
/// When a key is no string, or the value itself refuses.
pub(crate) fn append<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(Serializer { out })
}

struct Serializer<'o> {
    out: &'o mut Vec<u8>,
}

/// An array or object that is being written.
struct Compound<'o> {
    json: Json<'o>,
    /// Whether it is the content of a variant, which is in an object of its own.
    is_content: bool,
}

impl<'o> Serializer<'o> {
    fn put(self, text: &[u8]) -> Result<(), Error> {
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn array(self) -> Result<Compound<'o>, Error> {
        Ok(self.compound(b'[', b']'))
    }

    fn object(self) -> Result<Compound<'o>, Error> {
        Ok(self.compound(b'{', b'}'))
    }

    fn compound(self, open: u8, close: u8) -> Compound<'o> {
        Compound {
            json: Json::open(self.out, open, close),
            is_content: false,
        }
    }

    /// Begins the object around a variant with content. What follows is the content.
    fn variant(self, name: &'static str) -> Self {
        Json::open(self.out, b'{', b'}').key(name);
        self
    }
}

/// Numbers whose JSON is that of a larger type.
macro_rules! numbers {
    ($($name:ident($type:ty) as $large:ty;)*) => {$(
        fn $name(self, value: $type) -> Result<(), Error> {
            self.put(itoa::Buffer::new().format(<$large>::from(value)).as_bytes())
        }
    )*};
}

impl<'o> ser::Serializer for Serializer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'o>;
    type SerializeTuple = Compound<'o>;
    type SerializeTupleStruct = Compound<'o>;
    type SerializeTupleVariant = Compound<'o>;
    type SerializeMap = Compound<'o>;
    type SerializeStruct = Compound<'o>;
    type SerializeStructVariant = Compound<'o>;

    numbers! {
        serialize_i8(i8) as i64;
        serialize_i16(i16) as i64;
        serialize_i32(i32) as i64;
        serialize_i64(i64) as i64;
        serialize_u8(u8) as u32;
        serialize_u16(u16) as u32;
        serialize_u32(u32) as u32;
        serialize_u64(u64) as u64;
        serialize_i128(i128) as i128;
        serialize_u128(u128) as u128;
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.put(if value { b"true" } else { b"false" })
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        escape(self.out, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
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
        let content = self.variant(variant);
        append(value, content.out)?;
        content.put(b"}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'o>, Error> {
        self.array()
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'o>, Error> {
        self.array()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'o>, Error> {
        self.array()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>, Error> {
        Ok(self.variant(variant).array()?.in_variant())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'o>, Error> {
        self.object()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'o>, Error> {
        self.object()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>, Error> {
        Ok(self.variant(variant).object()?.in_variant())
    }
}

impl Compound<'_> {
    fn in_variant(self) -> Self {
        Self {
            is_content: true,
            ..self
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.json.comma();
        append(value, self.json.out)
    }

    /// The names of fields are literals of this program: none needs an escape.
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.json.key(key);
        append(value, self.json.out)
    }

    fn close(self) -> Result<(), Error> {
        self.json.out.push(self.json.close);
        if self.is_content {
            self.json.out.push(b'}');
        }
        Ok(())
    }
}

/// Compounds of elements.
macro_rules! of_elements {
    ($($trait:ident::$method:ident;)*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

/// Compounds of fields with names.
macro_rules! of_fields {
    ($($trait:ident;)*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

of_elements! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

of_fields! {
    SerializeStruct;
    SerializeStructVariant;
}

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.json.out.len() + usize::from(!self.json.empty);
        self.element(key)?;
        match self.json.out.get(start) {
            Some(b'"') => Ok(()),
            _ => Err(Error::custom("key must be a string")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.json.out.push(b':');
        append(value, self.json.out)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Pair(i8, Option<&'static str>);

    #[derive(Serialize)]
    enum Variant {
        Unit,
        Newtype(u16),
        Tuple(i64, u64),
        Struct { a: (), b: Vec<i32> },
    }

    #[derive(Serialize)]
    struct All {
        unit: Unit,
        pair: Pair,
        numbers: (i8, i16, i32, i64, u8, u16, u32, u64, i128, u128),
        floats: (f32, f64, f64, f64),
        truth: [bool; 2],
        letters: Vec<char>,
        none: Option<u8>,
        #[serde(rename = "renamed")]
        variants: Vec<Variant>,
        map: BTreeMap<String, BTreeMap<String, u8>>,
        text: String,
    }

    #[test]
    fn each_kind_of_value_is_written_as_serde_json_writes_it() {
        let text: String = ('\0'..='\u{ff}')
            .chain(['\u{2028}', '\u{fffe}', '𝄞'])
            .collect();
        let all = All {
            unit: Unit,
            pair: Pair(-1, Some("\u{8}\u{c}")),
            numbers: (
                i8::MIN,
                i16::MIN,
                i32::MIN,
                i64::MIN,
                u8::MAX,
                u16::MAX,
                u32::MAX,
                u64::MAX,
                i128::MIN,
                u128::MAX,
            ),
            floats: (0.1, 1e300, -0.0, f64::NAN),
            truth: [true, false],
            letters: vec!['"', '\\', 'é'],
            none: None,
            variants: vec![
                Variant::Unit,
                Variant::Newtype(7),
                Variant::Tuple(-1, 1),
                Variant::Struct {
                    a: (),
                    b: vec![1, 2],
                },
            ],
            map: [
                ("\n".to_owned(), [("b".to_owned(), 1)].into()),
                (String::new(), BTreeMap::new()),
            ]
            .into(),
            text,
        };
        let mut written = Vec::new();
        append(&all, &mut written).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            serde_json::to_string(&all).unwrap()
        );
    }

    #[test]
    fn a_key_that_is_no_string_is_an_error() {
        let map: BTreeMap<Vec<u8>, u8> = [(vec![1], 1)].into();
        assert!(append(&map, &mut Vec::new()).is_err());
    }
}
