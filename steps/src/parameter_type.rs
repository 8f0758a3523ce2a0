//! Parameter types: named kinds of texts, and their conversion to values.
//!
//! This file knows the parameter types of this program and converts captured texts. The runner decides which
//! parameter type a pattern names.

use std::any::{Any, TypeId, type_name};
use std::fmt::Display;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use crate::outcome::Stop;
use crate::source;
use bdd_protocol::{LineText, ParameterType, RunArgument};
use bdd_sequences::sort_by;

/// A type to which a captured text can be converted: every type that implements [`FromStr`] with an error
/// that can be displayed.
///
/// A type that a [`parameter_type`](macro@crate::parameter_type) function returns does not need this trait.
#[diagnostic::on_unimplemented(
    message = "a captured text cannot be converted to `{Self}`",
    label = "this parameter takes a group of the pattern",
    note = "a parameter by value needs a type that implements `FromStr` with an error that implements `Display`, or that a `#[parameter_type]` function makes",
    note = "a fixture is taken as `&{Self}` or `&mut {Self}`"
)]
pub trait FromCapture: Sized {
    /// Converts the text of a group.
    ///
    /// # Errors
    /// Why the text is not a valid value.
    fn from_capture(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr<Err: Display>> FromCapture for T {
    fn from_capture(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(value) => Ok(value),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A registered parameter type.
pub struct ParameterTypeDefinition {
    /// The name between the braces.
    pub name: &'static str,
    /// Its regular expressions.
    pub regexps: &'static [&'static str],
    /// How many top-level groups they have together.
    pub groups: usize,
    /// Whether snippets suggest it.
    pub use_for_snippets: bool,
    /// Whether it wins if a group of a regular expression could be of several types.
    pub prefer_for_regexp: bool,
    /// The Rust type as it is written.
    pub type_name: &'static str,
    /// The package that defines it.
    pub package: &'static str,
    /// The directory of that package's manifest.
    pub root: &'static str,
    /// The source file as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The column of the attribute.
    pub column: u32,
    /// The Rust type.
    pub rust_type: fn() -> TypeId,
    /// Makes a value of the Rust type.
    pub convert: fn(&Captured<'_>) -> Result<Box<dyn Any>, Stop>,
}

/// What the linker collects.
pub struct ParameterTypeEntry(pub &'static ParameterTypeDefinition);

inventory::collect!(ParameterTypeEntry);

fn registered() -> impl Iterator<Item = &'static ParameterTypeDefinition> {
    inventory::iter::<ParameterTypeEntry>().map(|entry| entry.0)
}

/// The parameter types for the hello, in an order that does not depend on the linker. Also hashes them.
pub(crate) fn introduce(hasher: &mut impl Hasher) -> Vec<ParameterType> {
    let mut all: Vec<_> = registered().collect();
    let place =
        |one: &ParameterTypeDefinition| (one.package, one.file, one.line, one.column, one.name);
    sort_by(&mut all, &|a, b| place(a).cmp(&place(b)));
    all.iter()
        .map(|one| {
            let switches = (one.use_for_snippets, one.prefer_for_regexp);
            let place = (one.package, one.file, one.line, one.column);
            (one.name, one.regexps, switches, one.type_name, place).hash(hasher);
            ParameterType {
                name: one.name.to_owned(),
                regexps: one.regexps.iter().map(|&one| one.to_owned()).collect(),
                use_for_snippets: one.use_for_snippets,
                prefer_for_regexp: one.prefer_for_regexp,
                type_name: one.type_name.to_owned(),
                file: source::absolute(one.root, one.file),
                line: one.line,
                column: one.column,
            }
        })
        .collect()
}

/// A captured text with the groups in it.
pub struct Captured<'a> {
    text: &'a str,
    groups: &'a [Option<LineText>],
}

/// How a captured text becomes a value if the pattern names no parameter type for the value's type.
pub type Conversion<T> = fn(&Captured<'_>) -> Result<T, Stop>;

/// Converts an argument of a step to the type `T`; `None` if its group took no part in the match. `parameter`
/// is the declaration, such as `n: u32`; `own` is how the type converts plain texts.
pub(crate) fn convert<T: 'static>(
    argument: &RunArgument<LineText>,
    parameter: &str,
    own: Conversion<T>,
) -> Result<Option<T>, Stop> {
    let Some(text) = &argument.value else {
        return Ok(None);
    };
    let named = match &argument.parameter_type {
        Some(name) => making::<T>(name),
        None => None,
    };
    let captured = Captured {
        text,
        groups: &argument.groups,
    };
    let value = match named {
        Some(definition) => by_name(definition, &captured),
        None => own(&captured),
    };
    match value {
        Ok(value) => Ok(Some(value)),
        Err(stop) => Err(not_converted(text, parameter, named, stop)),
    }
}

/// Whether the parameter type with this name makes values of type `T`.
pub(crate) fn makes<T: 'static>(name: Option<&str>) -> bool {
    name.and_then(making::<T>).is_some()
}

fn making<T: 'static>(name: &str) -> Option<&'static ParameterTypeDefinition> {
    registered().find(|one| one.name == name && (one.rust_type)() == TypeId::of::<T>())
}

fn by_name<T: 'static>(
    definition: &ParameterTypeDefinition,
    captured: &Captured<'_>,
) -> Result<T, Stop> {
    match (definition.convert)(captured)?.downcast() {
        Ok(value) => Ok(*value),
        // `making` has compared the types.
        Err(_) => Err(Stop::failed(format!(
            "it does not make a {}",
            type_name::<T>()
        ))),
    }
}

#[cold]
fn not_converted(
    text: &str,
    parameter: &str,
    by: Option<&ParameterTypeDefinition>,
    stop: Stop,
) -> Stop {
    let by = match by {
        Some(definition) => format!(" by the parameter type {{{}}}", definition.name),
        None => String::new(),
    };
    stop.explained(|reason| {
        format!("cannot convert \"{text}\" for the parameter `{parameter}`{by}: {reason}")
    })
}

impl Captured<'_> {
    /// The value of the group at `index`; `parameter` is the declaration, such as `n: u32`.
    pub fn group<T>(&self, index: usize, parameter: &str, own: Conversion<T>) -> Result<T, Stop> {
        match self.optional_group(index, parameter, own)? {
            Some(value) => Ok(value),
            None => Err(absent(index, parameter)),
        }
    }

    /// The value of the group at `index`; `None` if the group took no part in the match.
    pub fn optional_group<T>(
        &self,
        index: usize,
        parameter: &str,
        own: Conversion<T>,
    ) -> Result<Option<T>, Stop> {
        let Some(text) = self.optional_text(index) else {
            return Ok(None);
        };
        match own(&Captured { text, groups: &[] }) {
            Ok(value) => Ok(Some(value)),
            Err(stop) => Err(stop.explained(|reason| {
                format!("\"{text}\" is not a value for `{parameter}`: {reason}")
            })),
        }
    }

    /// The text of the group at `index`.
    pub fn text(&self, index: usize, parameter: &str) -> Result<&str, Stop> {
        self.optional_text(index)
            .ok_or_else(|| absent(index, parameter))
    }

    /// The text of the group at `index`; `None` if the group took no part in the match.
    pub fn optional_text(&self, index: usize) -> Option<&str> {
        match (self.groups, index) {
            ([], 0) => Some(self.text),
            (groups, index) => groups.get(index)?.as_deref(),
        }
    }

    /// Converts the whole text to a type that implements [`FromCapture`].
    pub fn parse<T: FromCapture>(&self) -> Result<T, Stop> {
        itself(self)
    }

    /// Converts the text of a group that is not the regular expression of the parameter type.
    pub fn make_plainly<T>(
        &self,
        definition: &ParameterTypeDefinition,
        convert: Conversion<T>,
    ) -> Result<T, Stop> {
        let takes = definition.groups.max(1);
        if takes == 1 {
            let text = self.text;
            return convert(&Captured { text, groups: &[] });
        }
        if self.groups.len() == takes {
            return convert(self);
        }
        let regexp = match definition.regexps {
            [one] => format!("({one})"),
            several => {
                let all: Vec<String> = several.iter().map(|one| format!("(?:{one})")).collect();
                format!("({})", all.join("|"))
            }
        };
        let ParameterTypeDefinition {
            name, type_name, ..
        } = definition;
        Err(Stop::failed(format!(
            "a `{type_name}` is made of {takes} texts, and this is one; write the pattern with {{{name}}}, or \
             with the group {regexp}"
        )))
    }
}

#[cold]
fn absent(index: usize, parameter: &str) -> Stop {
    Stop::failed(format!(
        "group {} of the parameter type took no part in the match, but its parameter `{parameter}` is not an \
         `Option`",
        index + 1
    ))
}

/// A type that a parameter type's function returns. Several functions may return it; each is identified by a
/// type of its own, `By`.
pub trait MadeBy<By>: Sized {
    /// Makes it from a text that the parameter type's regular expression may not match.
    fn make(captured: &Captured<'_>) -> Result<Self, Stop>;
}

/// Finds out how a captured text becomes a `T`.
///
/// `(&&&Convert::<T>::NEW).conversion()` finds a method in [`ByItself`], or else in [`ByFunction`], or else
/// in [`ByNothing`]: the compiler prefers the method that removes the fewest references.
pub struct Convert<T>(PhantomData<T>);

impl<T> Convert<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

/// For types that implement [`FromCapture`].
pub trait ByItself<T> {
    /// How a captured text becomes a `T`.
    fn conversion(&self) -> Conversion<T>;
}

impl<T: FromCapture> ByItself<T> for &&Convert<T> {
    fn conversion(&self) -> Conversion<T> {
        itself
    }
}

/// For types that the function of a parameter type returns.
pub trait ByFunction<T, By> {
    /// How a captured text becomes a `T`.
    fn conversion(&self) -> Conversion<T>;
}

impl<T: MadeBy<By>, By> ByFunction<T, By> for &Convert<T> {
    fn conversion(&self) -> Conversion<T> {
        T::make
    }
}

/// For all others: the compiler reports that they do not implement [`FromCapture`].
pub trait ByNothing<T> {
    /// How a captured text becomes a `T`.
    fn conversion(&self) -> Conversion<T>
    where
        T: FromCapture;
}

impl<T> ByNothing<T> for Convert<T> {
    fn conversion(&self) -> Conversion<T>
    where
        T: FromCapture,
    {
        itself
    }
}

pub(crate) fn itself<T: FromCapture>(captured: &Captured<'_>) -> Result<T, Stop> {
    match T::from_capture(captured.text) {
        Ok(value) => Ok(value),
        Err(problem) => Err(Stop::failed(problem)),
    }
}
