//! Serializes values as rows of a table. [`cell_text`](super::cell_text) writes a single value.

use std::collections::HashMap;

use serde_core::ser::{self, Impossible, Serialize, Serializer};

use super::Table;
use super::cell_text::{CellSerializer, refused};
use super::value_error::ValueError;

impl Table {
    /// A table from values. The first row has the names of their fields. It is the reverse of
    /// [`rows_as`](Self::rows_as), for comparing actual values with the table of a feature file.
    ///
    /// Numbers, `bool` and `char` are written as they display, `None` as an empty cell, an enum as the name
    /// of its variant. If only some values have a field, its cell is empty for the others. Tuples have no
    /// names: their table has no first row, see
    /// [`Comparison::without_header`](super::Comparison::without_header).
    ///
    /// ```
    /// use bdd_steps::{Table, then};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Friend {
    ///     name: &'static str,
    ///     age: Option<u8>,
    /// }
    ///
    /// #[then("^the friends are:$")]
    /// fn friends_are(expected: &Table) -> Result<(), Box<dyn std::error::Error>> {
    ///     let friends = [Friend { name: "Ada", age: Some(36) }, Friend { name: "Alan", age: None }];
    ///     expected.diff(&Table::from_values(&friends)?)?;
    ///     Ok(())
    /// }
    /// # fn main() {
    /// # friends_are(&Table::from([["name", "age"], ["Ada", "36"], ["Alan", ""]])).expect("equal");
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a value is not a struct, map or tuple, or a field is not a plain value, such as a list.
    pub fn from_values<'v, T: Serialize + 'v>(
        values: impl IntoIterator<Item = &'v T>,
    ) -> Result<Self, ValueError> {
        let mut names = Names::default();
        let mut rows = Vec::new();
        for (value, number) in values.into_iter().zip(1..) {
            let row = RowSerializer { names: &mut names };
            let row = value.serialize(row).map_err(|error| ValueError {
                value: number,
                ..error
            })?;
            rows.push(row);
        }
        if !names.list.is_empty() {
            for row in &mut rows {
                row.resize(names.list.len(), String::new());
            }
            rows.insert(0, names.list);
        }
        Ok(Self { rows })
    }
}

/// The names of all fields so far, in the order in which they came.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    /// The column of a name; `likely` is where it was in the rows before.
    fn place(&mut self, name: &str, likely: usize) -> usize {
        if self.list.get(likely).is_some_and(|own| own == name) {
            return likely;
        }
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.list.push(name.to_owned());
        self.places.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }
}

/// Serializes a value as a row.
struct RowSerializer<'n> {
    names: &'n mut Names,
}

/// The cells of a row that is being written.
struct CellWriter<'n> {
    names: &'n mut Names,
    cells: Vec<String>,
    key: String,
    next: usize,
}

impl<'n> RowSerializer<'n> {
    fn cells(self) -> CellWriter<'n> {
        CellWriter {
            names: self.names,
            cells: Vec::new(),
            key: String::new(),
            next: 0,
        }
    }
}

impl CellWriter<'_> {
    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ValueError> {
        let cell = value
            .serialize(CellSerializer)
            .map_err(|error| ValueError {
                field: name.to_owned(),
                ..error
            })?;
        let place = self.names.place(name, self.next);
        self.next += 1;
        if self.cells.len() <= place {
            self.cells.resize(place + 1, String::new());
        }
        self.cells[place] = cell;
        Ok(())
    }

    fn unnamed<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let cell = value
            .serialize(CellSerializer)
            .map_err(|error| ValueError {
                field: self.cells.len().to_string(),
                ..error
            })?;
        self.cells.push(cell);
        Ok(())
    }
}

impl ser::SerializeStruct for CellWriter<'_> {
    type Ok = Vec<String>;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.named(name, value)
    }

    fn end(self) -> Result<Vec<String>, ValueError> {
        Ok(self.cells)
    }
}

impl ser::SerializeMap for CellWriter<'_> {
    type Ok = Vec<String>;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.key = key.serialize(CellSerializer)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let key = std::mem::take(&mut self.key);
        self.named(&key, value)
    }

    fn end(self) -> Result<Vec<String>, ValueError> {
        Ok(self.cells)
    }
}

/// Sequences of any kind take their elements in order.
macro_rules! in_order {
    ($($of:ident $method:ident)*) => {
        $(impl ser::$of for CellWriter<'_> {
            type Ok = Vec<String>;
            type Error = ValueError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
                self.unnamed(value)
            }

            fn end(self) -> Result<Vec<String>, ValueError> {
                Ok(self.cells)
            }
        })*
    };
}

in_order! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
}

const NO_ROW: &str = "it is not a struct, map or tuple, so it cannot be a row of a table";
impl<'n> Serializer for RowSerializer<'n> {
    type Ok = Vec<String>;
    type Error = ValueError;
    type SerializeSeq = CellWriter<'n>;
    type SerializeTuple = CellWriter<'n>;
    type SerializeTupleStruct = CellWriter<'n>;
    type SerializeTupleVariant = Impossible<Vec<String>, ValueError>;
    type SerializeMap = CellWriter<'n>;
    type SerializeStruct = CellWriter<'n>;
    type SerializeStructVariant = Impossible<Vec<String>, ValueError>;

    refused! {
        NO_ROW; Vec<String>;
        serialize_bool bool
        serialize_i8 i8
        serialize_i16 i16
        serialize_i32 i32
        serialize_i64 i64
        serialize_u8 u8
        serialize_u16 u16
        serialize_u32 u32
        serialize_u64 u64
        serialize_f32 f32
        serialize_f64 f64
        serialize_char char
        serialize_str &str
        serialize_bytes &[u8]
        serialize_unit_struct &'static str
    }

    fn serialize_none(self) -> Result<Vec<String>, ValueError> {
        Err(ValueError::new(NO_ROW))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Vec<String>, ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Vec<String>, ValueError> {
        Err(ValueError::new(NO_ROW))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<Vec<String>, ValueError> {
        Err(ValueError::new(NO_ROW))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Vec<String>, ValueError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Vec<String>, ValueError> {
        Err(ValueError::new(NO_ROW))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<CellWriter<'n>, ValueError> {
        Ok(self.cells())
    }

    fn serialize_tuple(self, _: usize) -> Result<CellWriter<'n>, ValueError> {
        Ok(self.cells())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<CellWriter<'n>, ValueError> {
        Ok(self.cells())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ValueError> {
        Err(ValueError::new(NO_ROW))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<CellWriter<'n>, ValueError> {
        Ok(self.cells())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<CellWriter<'n>, ValueError> {
        Ok(self.cells())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ValueError> {
        Err(ValueError::new(NO_ROW))
    }
}
