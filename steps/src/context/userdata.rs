//! The user data that steps, hooks and fixtures may ask for.

use std::fmt;
use std::str::FromStr;

use super::Context;
use crate::userdata::{Problem, UserdataError};

impl Context {
    /// What the user has given under this name, as a value of the type `T`: with
    /// `bdd run -D name=value`, in the environment, or in `[userdata]` of `bdd.toml`; none when there is
    /// nothing of that name. `-D name` alone gives the text `true`.
    ///
    /// Hooks and the set-up of fixtures may ask too, those of the run among them.
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
    /// When its text is no `T`.
    pub fn userdata<T>(&self, name: &str) -> Result<Option<T>, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = self.shared.userdata.value(name);
        value.map_err(|problem| UserdataError::new(name, problem))
    }

    /// What the user has given under this name, else `default`; see [`userdata`](Self::userdata).
    ///
    /// # Errors
    /// When its text is no `T`.
    pub fn userdata_or<T>(&self, name: &str, default: T) -> Result<T, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        Ok(self.userdata(name)?.unwrap_or(default))
    }

    /// What the user has to give under this name; see [`userdata`](Self::userdata).
    ///
    /// # Errors
    /// When there is nothing of that name, and when its text is no `T`.
    pub fn required_userdata<T>(&self, name: &str) -> Result<T, UserdataError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = self.userdata(name)?;
        value.ok_or_else(|| UserdataError::new(name, Problem::Missing))
    }
}
