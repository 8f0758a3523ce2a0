//! Deserializes the rows of a table, and vertical tables.

use serde_core::de::value::StrDeserializer;
use serde_core::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_core::forward_to_deserialize_any;

use super::fields::{Fields, RowError};
use super::guess::Guesses;
use super::{Table, not_vertical};

impl Table {
    /// Deserializes the rows below the first one. The first row names the fields.
    ///
    /// Numbers, `bool` and `char` are parsed as by `FromStr`. An empty cell is `None` for an `Option`. An enum
    /// is the name of its variant. Tuples take the cells in order. Columns without a field are ignored, unless
    /// the type has `#[serde(deny_unknown_fields)]`. Fields of `#[serde(flatten)]` are columns like all others.
    ///
    /// # Errors
    /// If a cell is not a value of its field; the error names its row and column. Also if a field has no
    /// column, or two columns have the same name.
    pub fn rows_as<T: DeserializeOwned>(&self) -> Result<Vec<T>, RowError> {
        let names = self.header();
        let guesses = Guesses::new(names.len());
        let mut twice = None;
        let rows = (2..).zip(self.body());
        rows.map(|(row, cells)| {
            let fields = Fields::Row { names, cells, row };
            let twice = *twice.get_or_insert_with(|| fields.twice());
            read(fields, twice, &guesses)
        })
        .collect()
    }

    /// Deserializes a vertical table as one value. Each row, including the first, is the name of a field and
    /// its value. A type without fields, such as `Vec<(K, V)>`, gets the rows in order.
    ///
    /// ```
    /// use bdd_steps::{RowError, Table, given};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Account {
    ///     owner: String,
    ///     balance: i64,
    ///     limit: Option<i64>,
    /// }
    ///
    /// // | owner   | Ada |
    /// // | balance | -20 |
    /// #[given("^the account:$")]
    /// fn account(table: &Table) -> Result<(), RowError> {
    ///     let account: Account = table.vertical_as()?;
    ///     assert_eq!((account.balance, account.limit), (-20, None));
    ///     Ok(())
    /// }
    /// # fn main() {
    /// # account(&Table::from([["owner", "Ada"], ["balance", "-20"]])).expect("it is an account");
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the table does not have two columns, a cell is not a value of its field, a field has no row, or two
    /// rows have the same name.
    pub fn vertical_as<T: DeserializeOwned>(&self) -> Result<T, RowError> {
        if let Some(row) = self.rows.iter().find(|row| row.len() != 2) {
            return Err(RowError::new(not_vertical(row.len())));
        }
        let fields = Fields::Vertical { rows: &self.rows };
        read(fields, fields.twice(), &Guesses::new(fields.len()))
    }
}

fn read<T: DeserializeOwned>(
    fields: Fields<'_>,
    twice: Option<usize>,
    guesses: &Guesses,
) -> Result<T, RowError> {
    let row = Row {
        fields,
        twice,
        guesses,
    };
    guesses
        .read(fields, || T::deserialize(row))
        .map_err(|error| fields.locate(error))
}

/// Deserializes a row, or a vertical table.
#[derive(Clone, Copy)]
struct Row<'a> {
    fields: Fields<'a>,
    /// The index of a repeated name.
    twice: Option<usize>,
    guesses: &'a Guesses,
}

impl<'de> Deserializer<'de> for Row<'_> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if let Some(index) = self.twice {
            return Err(RowError::new("this name appears twice".to_owned()).of_name(index));
        }
        visitor.visit_map(CellReader { row: self, next: 0 })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_seq(CellReader { row: self, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        let cells = self.fields.len();
        if cells != length {
            let problem = format!("{cells} cells, expected {length}");
            return Err(RowError::new(problem));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.deserialize_tuple(length, visitor)
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

/// Goes through the names and cells of a row.
struct CellReader<'a> {
    row: Row<'a>,
    next: usize,
}

impl<'a> CellReader<'a> {
    /// Reads the next cell. Errors of its value are located at it.
    fn value<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, RowError> {
        let index = self.next;
        self.next += 1;
        let cell = Cell {
            text: self.row.fields.cell(index),
            guess: Some((self.row, index)),
        };
        seed.deserialize(cell).map_err(|error| error.of_cell(index))
    }

    fn name(&self) -> Cell<'a> {
        Cell {
            text: self.row.fields.name(self.next),
            guess: None,
        }
    }
}

impl<'de> MapAccess<'de> for CellReader<'_> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, RowError> {
        if self.next == self.row.fields.len() {
            return Ok(None);
        }
        let name = seed.deserialize(self.name());
        name.map(Some).map_err(|error| error.of_name(self.next))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, RowError> {
        self.value(seed)
    }
}

impl<'de> SeqAccess<'de> for CellReader<'_> {
    type Error = RowError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, RowError> {
        if self.next == self.row.fields.len() {
            return Ok(None);
        }
        match self.row.fields {
            Fields::Row { .. } => self.value(seed).map(Some),
            Fields::Vertical { .. } => {
                let index = self.next;
                self.next += 1;
                let pair = Pair(CellReader {
                    row: self.row,
                    next: index,
                });
                let value = seed.deserialize(pair);
                value.map(Some).map_err(|error| error.of_cell(index))
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.row.fields.len() - self.next)
    }
}

/// Deserializes a row of a vertical table: a name and its value.
struct Pair<'a>(CellReader<'a>);

impl<'de> Deserializer<'de> for Pair<'_> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_seq(PairCells {
            cells: self.0,
            next: 0,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct PairCells<'a> {
    cells: CellReader<'a>,
    next: usize,
}

impl<'de> SeqAccess<'de> for PairCells<'_> {
    type Error = RowError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, RowError> {
        self.next += 1;
        match self.next {
            1 => {
                let name = seed.deserialize(self.cells.name());
                name.map(Some)
                    .map_err(|error| error.of_name(self.cells.next))
            }
            2 => self.cells.value(seed).map(Some),
            _ => Ok(None),
        }
    }
}

/// Deserializes a cell or a name from its text.
struct Cell<'a> {
    text: &'a str,
    /// The row and the index that the guess is for, when nothing says the type.
    guess: Option<(Row<'a>, usize)>,
}

/// Methods that parse the text as a type.
macro_rules! parsed {
    ($($method:ident $visit:ident $type:ty)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            let problem = |error| {
                de::Error::custom(format_args!("no {}: {error}", stringify!($type)))
            };
            visitor.$visit(self.text.parse::<$type>().map_err(problem)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = RowError;

    parsed! {
        deserialize_bool visit_bool bool
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
        deserialize_f32 visit_f32 f32
        deserialize_f64 visit_f64 f64
        deserialize_char visit_char char
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        match self.guess {
            Some((row, index)) => row.guesses.visit(row.fields, index, visitor),
            None => visitor.visit_str(self.text),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.text.is_empty() {
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
        let variant: StrDeserializer<'_, RowError> = self.text.into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        match self.text {
            "" => visitor.visit_unit(),
            text => visitor.visit_str(text),
        }
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit_struct seq tuple tuple_struct map struct
    }
}
