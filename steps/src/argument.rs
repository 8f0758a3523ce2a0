//! The arguments of a step function: captures, table, docstring, fixtures and context.

use crate::context::Context;
use crate::doc_string::DocString;
use crate::fixture::{Fixture, FixtureMut, FixtureRef};
use crate::outcome::Stop;
use crate::parameter_type::{self, Conversion};
use crate::table::Table;
use bdd_protocol::{DocStringArgument, LineText, RunArgument};

/// A step or hook that is about to be called, with everything that its function may need.
pub struct Call<'a> {
    pub(crate) context: &'a Context,
    pub(crate) arguments: Vec<RunArgument<LineText>>,
    pub(crate) table: Option<Vec<Vec<LineText>>>,
    pub(crate) doc_string: Option<DocStringArgument<LineText>>,
}

/// The table or docstring that a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Below {
    /// A table.
    pub table: bool,
    /// A docstring.
    pub doc_string: bool,
}

impl Below {
    /// Neither.
    pub(crate) const NOTHING: Self = Self {
        table: false,
        doc_string: false,
    };
    /// A table.
    pub(crate) const TABLE: Self = Self {
        table: true,
        doc_string: false,
    };
    /// A docstring.
    pub(crate) const DOC_STRING: Self = Self {
        table: false,
        doc_string: true,
    };
}

impl<'a> Call<'a> {
    /// Fails if the step has a table or docstring that its function does not take, because it would be
    /// ignored silently.
    pub fn takes(&self, below: Below) -> Result<(), Stop> {
        if self.table.is_some() && !below.table {
            return Err(Stop::failed(
                "the step has a table below it, but its function takes none".to_owned(),
            ));
        }
        if self.doc_string.is_some() && !below.doc_string {
            return Err(Stop::failed(
                "the step has a docstring below it, but its function takes none".to_owned(),
            ));
        }
        Ok(())
    }

    /// The value of the group at `index`; `parameter` is the declaration, such as `n: u32`, and `own`
    /// how its type converts plain texts.
    pub fn capture<T: 'static>(
        &self,
        index: usize,
        parameter: &str,
        own: Conversion<T>,
    ) -> Result<T, Stop> {
        match self.optional_capture(index, parameter, own) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(absent(index, parameter)),
            Err(stop) => Err(stop),
        }
    }

    /// The value of the group at `index`; `None` if the group took no part in the match.
    pub fn optional_capture<T: 'static>(
        &self,
        index: usize,
        parameter: &str,
        own: Conversion<T>,
    ) -> Result<Option<T>, Stop> {
        match self.arguments.get(index) {
            Some(argument) => parameter_type::convert(argument, parameter, own),
            None => Ok(None),
        }
    }

    /// The text of the group at `index`.
    pub fn text(&mut self, index: usize, parameter: &str) -> Result<String, Stop> {
        match self.optional_text(index, parameter)? {
            Some(text) => Ok(text),
            None => Err(absent(index, parameter)),
        }
    }

    /// The text of the group at `index`; `None` if the group took no part in the match.
    pub fn optional_text(&mut self, index: usize, parameter: &str) -> Result<Option<String>, Stop> {
        let Some(argument) = self.arguments.get_mut(index) else {
            return Ok(None);
        };
        if parameter_type::makes::<String>(argument.parameter_type.as_deref()) {
            return parameter_type::convert(argument, parameter, parameter_type::itself);
        }
        Ok(argument.value.take().map(|text| text.to_string()))
    }

    /// The table below the step.
    pub fn table(&mut self) -> Result<Table, Stop> {
        match self.optional_table() {
            Some(table) => Ok(table),
            None => Err(Stop::failed("the step needs a table below it".to_owned())),
        }
    }

    /// The table below the step, if there is one.
    pub fn optional_table(&mut self) -> Option<Table> {
        let rows = self.table.take()?;
        let rows = rows.iter().map(|row| LineText::copies(row));
        Some(Table::new(rows.collect()))
    }

    /// The rows of the table below the step as values.
    #[cfg(feature = "serde")]
    pub fn rows<T: serde_core::de::DeserializeOwned>(&mut self) -> Result<Vec<T>, Stop> {
        self.table()?
            .rows_as()
            .map_err(|error| Stop::failed(error.to_string()))
    }

    /// The docstring below the step.
    pub fn doc_string(&mut self) -> Result<DocString, Stop> {
        match self.optional_doc_string() {
            Some(doc_string) => Ok(doc_string),
            None => Err(Stop::failed(
                "the step needs a docstring below it".to_owned(),
            )),
        }
    }

    /// The docstring below the step, if there is one.
    pub fn optional_doc_string(&mut self) -> Option<DocString> {
        let argument = self.doc_string.take()?;
        Some(DocString {
            content: argument.content.to_string(),
            media_type: argument.media_type.map(|media_type| media_type.to_string()),
        })
    }

    /// The feature, scenario and step that run.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// Makes the fixture of the type `T`, unless it exists. All fixtures of a function are made before the
    /// first is lent, because one may need another.
    pub fn make<T: Fixture>(&self) -> Result<(), Stop> {
        match self.context.made::<T>() {
            Ok(_) => Ok(()),
            Err(error) => Err(Stop::from_error(&error)),
        }
    }

    /// Lends a fixture to the function for writing; `parameter` is the declaration.
    pub fn write<T: Fixture>(&self, parameter: &str) -> Result<FixtureMut<'a, T>, Stop> {
        match self.context.made::<T>() {
            Ok(slot) => match slot.write() {
                Some(value) => Ok(value),
                None => Err(self.lent_twice(parameter)),
            },
            Err(error) => Err(Stop::from_error(&error)),
        }
    }

    /// Lends a fixture to the function for reading; `parameter` is the declaration.
    pub fn read<T: Fixture>(&self, parameter: &str) -> Result<FixtureRef<'a, T>, Stop> {
        match self.context.made::<T>() {
            Ok(slot) => match slot.read() {
                Some(value) => Ok(value),
                None => Err(self.lent_twice(parameter)),
            },
            Err(error) => Err(Stop::from_error(&error)),
        }
    }

    #[cold]
    fn lent_twice(&self, parameter: &str) -> Stop {
        if self.context.depth > 0 {
            return Stop::failed(format!(
                "the fixture `{parameter}` is already lent: to a step that runs this one, or to another \
                 parameter; take it in only one of them"
            ));
        }
        let what = self.context.hook.map_or("step", |_| "hook");
        Stop::failed(format!(
            "the fixture `{parameter}` is also another parameter of the {what}"
        ))
    }
}

#[cold]
fn absent(index: usize, parameter: &str) -> Stop {
    Stop::failed(format!(
        "group {} of the pattern took no part in the match, but the parameter `{parameter}` is not an `Option`",
        index + 1
    ))
}
