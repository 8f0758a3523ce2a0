//! The user data that steps, hooks and fixtures may ask for.

use std::fmt;
use std::str::FromStr;

use super::Context;
use crate::userdata::{Problem, UserdataError};

impl Context {
    /// The user data `name` as a value of type `T`, or `None` if it is not set. It is set by
    /// `bdd run -D name=value`, in the environment, or in `[userdata]` of `bdd.toml`. `-D name` alone sets the
    /// text `true`.
    ///
    /// All hooks and the set-up of fixtures can use it too.
    ///
    /// ```
    /// use bdd_steps::{Context, UserdataError, fixture};
    ///
    /// struct Browser {
    ///     name: String,
    ///     window: Option<u32>,
    /// }
    ///
    /// #[fixture(scope = worker)]
    /// fn browser(cx: &Context) -> Result<Browser, UserdataError> {
    ///     Ok(Browser {
    ///         name: cx.userdata_or("browser", "firefox".to_owned())?,
    ///         window: cx.userdata("window")?,
    ///     })
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// If its text is not a `T`.
    pub fn userdata<T>(&self, name: &str) -> Result<Option<T>, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = self.shared.userdata.value(name);
        value.map_err(|problem| UserdataError::new(name, problem))
    }

    /// The user data `name`, or `default` if it is not set; see [`userdata`](Self::userdata).
    ///
    /// # Errors
    /// If its text is not a `T`.
    pub fn userdata_or<T>(&self, name: &str, default: T) -> Result<T, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        Ok(self.userdata(name)?.unwrap_or(default))
    }

    /// The user data `name`, which must be set; see [`userdata`](Self::userdata).
    ///
    /// # Errors
    /// If it is not set, or if its text is not a `T`.
    pub fn required_userdata<T>(&self, name: &str) -> Result<T, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = self.userdata(name)?;
        value.ok_or_else(|| UserdataError::new(name, Problem::Missing))
    }
}
