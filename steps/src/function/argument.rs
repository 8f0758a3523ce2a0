//! Parameters of a function that come from the step itself: groups of its pattern, its table and its docstring.

use crate::argument::{Below, Call};
use crate::doc_string::DocString;
use crate::outcome::Stop;
use crate::parameter_type::{self, Conversion, FromCapture};
use crate::table::Table;

/// What a parameter takes from the step.
pub trait Argument: Sync {
    /// What is taken.
    type Value;
    /// What the function gets.
    type Given<'l>;
    /// The table or docstring that it takes.
    const BELOW: Below = Below::NOTHING;

    /// Takes the value.
    fn get(&self, call: &mut Call<'_>) -> Result<Self::Value, Stop>;

    /// Calls a function with what it gets.
    fn give<R>(value: Self::Value, function: impl FnOnce(Self::Given<'_>) -> R) -> R;
}

/// A group of the pattern: its number, and the declaration of the parameter, such as `n: u32`.
#[derive(Clone, Copy)]
struct Group {
    index: usize,
    declaration: &'static str,
}

/// How a captured text becomes a `T`. It is found when it is needed, because traits cannot find it at compile
/// time.
type Find<T> = fn() -> Conversion<T>;

fn by_itself<T: FromCapture>() -> Conversion<T> {
    parameter_type::itself
}

/// `T`: a group of the pattern as a value.
pub struct Capture<T> {
    group: Group,
    find: Find<T>,
}

/// A group as a value of a type that converts itself.
pub const fn capture<T: FromCapture>(index: usize, declaration: &'static str) -> Capture<T> {
    capture_by(index, declaration, by_itself)
}

/// A group as a value of a type whose conversion `find` finds.
pub const fn capture_by<T>(index: usize, declaration: &'static str, find: Find<T>) -> Capture<T> {
    Capture {
        group: Group { index, declaration },
        find,
    }
}

impl<T: 'static> Argument for Capture<T> {
    type Value = T;
    type Given<'l> = T;

    fn get(&self, call: &mut Call<'_>) -> Result<T, Stop> {
        call.capture(self.group.index, self.group.declaration, (self.find)())
    }

    fn give<R>(value: T, function: impl FnOnce(T) -> R) -> R {
        function(value)
    }
}

/// `Option<T>`: a group of the pattern that may be absent, as a value.
pub struct OptionalCapture<T> {
    group: Group,
    find: Find<T>,
}

/// A group as a value of a type that converts itself.
pub const fn optional_capture<T: FromCapture>(
    index: usize,
    declaration: &'static str,
) -> OptionalCapture<T> {
    optional_capture_by(index, declaration, by_itself)
}

/// A group as a value of a type whose conversion `find` finds.
pub const fn optional_capture_by<T>(
    index: usize,
    declaration: &'static str,
    find: Find<T>,
) -> OptionalCapture<T> {
    OptionalCapture {
        group: Group { index, declaration },
        find,
    }
}

impl<T: 'static> Argument for OptionalCapture<T> {
    type Value = Option<T>;
    type Given<'l> = Option<T>;

    fn get(&self, call: &mut Call<'_>) -> Result<Option<T>, Stop> {
        call.optional_capture(self.group.index, self.group.declaration, (self.find)())
    }

    fn give<R>(value: Option<T>, function: impl FnOnce(Option<T>) -> R) -> R {
        function(value)
    }
}

/// `&str`: the text of a group.
pub struct Text(Group);

/// The parameter.
pub const fn text(index: usize, declaration: &'static str) -> Text {
    Text(Group { index, declaration })
}

impl Argument for Text {
    type Value = String;
    type Given<'l> = &'l str;

    fn get(&self, call: &mut Call<'_>) -> Result<String, Stop> {
        call.text(self.0.index, self.0.declaration)
    }

    fn give<R>(value: String, function: impl FnOnce(&str) -> R) -> R {
        function(&value)
    }
}

/// `Option<&str>`: the text of a group that may be absent.
pub struct OptionalText(Group);

/// The parameter.
pub const fn optional_text(index: usize, declaration: &'static str) -> OptionalText {
    OptionalText(Group { index, declaration })
}

impl Argument for OptionalText {
    type Value = Option<String>;
    type Given<'l> = Option<&'l str>;

    fn get(&self, call: &mut Call<'_>) -> Result<Option<String>, Stop> {
        call.optional_text(self.0.index, self.0.declaration)
    }

    fn give<R>(value: Option<String>, function: impl FnOnce(Option<&str>) -> R) -> R {
        function(value.as_deref())
    }
}

/// Arguments that need no more than their name.
macro_rules! below {
    ($($(#[$doc:meta])* $name:ident takes $Value:ty: |$call:ident| $get:expr, gives $Given:ty: |$value:ident| $give:expr, $below:ident;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Argument for $name {
                type Value = $Value;
                type Given<'l> = $Given;
                const BELOW: Below = Below::$below;

                fn get(&self, $call: &mut Call<'_>) -> Result<$Value, Stop> {
                    $get
                }

                fn give<R>($value: $Value, function: impl FnOnce(Self::Given<'_>) -> R) -> R {
                    function($give)
                }
            }
        )*
    };
}

below! {
    /// `Table`.
    OwnTable takes Table: |call| call.table(), gives Table: |table| table, TABLE;
    /// `&Table`.
    TheTable takes Table: |call| call.table(), gives &'l Table: |table| &table, TABLE;
    /// `Option<Table>`.
    OptionalTable takes Option<Table>: |call| Ok(call.optional_table()), gives Option<Table>: |table| table, TABLE;
    /// `DocString`.
    OwnDocString takes DocString: |call| call.doc_string(), gives DocString: |text| text, DOC_STRING;
    /// `&DocString`.
    TheDocString takes DocString: |call| call.doc_string(), gives &'l DocString: |text| &text, DOC_STRING;
    /// `Option<DocString>`.
    OptionalDocString takes Option<DocString>: |call| Ok(call.optional_doc_string()), gives Option<DocString>: |text| text, DOC_STRING;
}

/// `Vec<T>`: the rows of the table as values.
#[cfg(feature = "serde")]
pub struct Rows<T>(std::marker::PhantomData<fn() -> T>);

/// The parameter.
#[cfg(feature = "serde")]
pub const fn rows<T: serde_core::de::DeserializeOwned>() -> Rows<T> {
    Rows(std::marker::PhantomData)
}

#[cfg(feature = "serde")]
impl<T: serde_core::de::DeserializeOwned> Argument for Rows<T> {
    type Value = Vec<T>;
    type Given<'l> = Vec<T>;
    const BELOW: Below = Below::TABLE;

    fn get(&self, call: &mut Call<'_>) -> Result<Vec<T>, Stop> {
        call.rows()
    }

    fn give<R>(value: Vec<T>, function: impl FnOnce(Vec<T>) -> R) -> R {
        function(value)
    }
}
