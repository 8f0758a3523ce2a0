//! Rows of a table as values of a type that serde can deserialize.

use std::fmt;

use serde_core::de::value::StrDeserializer;
use serde_core::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_core::forward_to_deserialize_any;

use crate::table::{Record, Table};

/// Why a row of a table is no value of the type asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The number of the row in the table, from 1 for the row of the names.
    row: usize,
    /// The name of the column and the content of the cell.
    cell: Option<(String, String)>,
    problem: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} of the table", self.row)?;
        if let Some((column, cell)) = &self.cell {
            write!(f, ", column `{column}`, cell \"{cell}\"")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for RowError {}

impl de::Error for RowError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self {
            row: 0,
            cell: None,
            problem: problem.to_string(),
        }
    }
}

impl Table {
    /// The rows below the first one as values; the first row names the fields.
    ///
    /// Numbers, `bool` and `char` are parsed as by `FromStr`, an empty cell is `None` for an
    /// `Option`, an enum is the name of its variant. Tuples take the cells in order.
    ///
    /// # Errors
    /// For the first cell that is no value of its field, with its row and column.
    pub fn rows_as<T: DeserializeOwned>(&self) -> Result<Vec<T>, RowError> {
        self.records()
            .map(|record| {
                T::deserialize(Row { record }).map_err(|error| RowError {
                    row: record.row(),
                    ..error
                })
            })
            .collect()
    }
}

/// Deserializes a row.
struct Row<'a> {
    record: Record<'a>,
}

impl<'de> Deserializer<'de> for Row<'_> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_map(Cells {
            record: self.record,
            next: 0,
        })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_seq(Cells {
            record: self.record,
            next: 0,
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        map struct enum identifier ignored_any
    }
}

/// Goes through the cells of a row.
struct Cells<'a> {
    record: Record<'a>,
    next: usize,
}

impl Cells<'_> {
    /// Deserializes the next cell; an error says which it was.
    fn value<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, RowError> {
        let (column, cell) = self.record.iter().nth(self.next).unwrap_or_default();
        self.next += 1;
        seed.deserialize(Cell(cell)).map_err(|error| RowError {
            cell: Some((column.to_owned(), cell.to_owned())),
            ..error
        })
    }
}

impl<'de> MapAccess<'de> for Cells<'_> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, RowError> {
        match self.record.iter().nth(self.next) {
            Some((column, _)) => seed.deserialize(Cell(column)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, RowError> {
        self.value(seed)
    }
}

impl<'de> SeqAccess<'de> for Cells<'_> {
    type Error = RowError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, RowError> {
        if self.next == self.record.cells().len() {
            Ok(None)
        } else {
            self.value(seed).map(Some)
        }
    }
}

/// Deserializes a cell from its text.
struct Cell<'a>(&'a str);

/// Methods that parse the text as a type.
macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            visitor.$visit(self.0.parse().map_err(de::Error::custom)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = RowError;

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
        deserialize_char visit_char
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.0.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        let variant: StrDeserializer<'_, RowError> = self.0.into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
