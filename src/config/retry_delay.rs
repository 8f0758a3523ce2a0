//! How long a scenario waits before it is tried again: `1s`, `exponential:100ms..5s`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::time_limit::{PATTERN as TIME, TimeLimit};
use crate::parse_value_error::ParseValueError;

/// The wait between a failed attempt and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum RetryDelay {
    /// The same before every attempt.
    Fixed(TimeLimit),
    /// Twice as long before each further attempt.
    Exponential {
        /// Before the first retry.
        first: TimeLimit,
        /// At most.
        most: TimeLimit,
    },
}

/// The longest exponential delay where none is given.
const MOST: TimeLimit = TimeLimit::seconds(60);

impl RetryDelay {
    /// The wait after the attempt of this number, from 0.
    #[must_use]
    pub fn after(self, attempt: u32) -> Duration {
        match self {
            Self::Fixed(delay) => delay.duration(),
            Self::Exponential { first, most } => {
                let factor = 1_u32.checked_shl(attempt).unwrap_or(u32::MAX).max(1);
                let delay = first.duration().checked_mul(factor);
                delay.unwrap_or(Duration::MAX).min(most.duration())
            }
        }
    }
}

impl FromStr for RetryDelay {
    type Err = ParseValueError;

    /// Reads `TIME`, `exponential:TIME` or `exponential:TIME..TIME`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = |part: &str| -> Result<TimeLimit, ParseValueError> {
            let time = part.trim().parse();
            time.map_err(|error: ParseValueError| match error.is_too_large() {
                true => error,
                false => invalid(text),
            })
        };
        let Some(times) = text.strip_prefix("exponential:") else {
            return Ok(Self::Fixed(time(text)?));
        };
        let (first, most) = match times.split_once("..") {
            Some((first, most)) => (time(first)?, time(most)?),
            None => {
                let first = time(times)?;
                let longer = first.duration() > MOST.duration();
                (first, if longer { first } else { MOST })
            }
        };
        if first.duration() > most.duration() {
            return Err(ParseValueError::new(
                text,
                "a delay that grows",
                "the second time to be at least the first",
            ));
        }
        Ok(Self::Exponential { first, most })
    }
}

impl TryFrom<String> for RetryDelay {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Prints the form that `from_str` reads.
impl fmt::Display for RetryDelay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(delay) => delay.fmt(formatter),
            Self::Exponential { first, most } => write!(formatter, "exponential:{first}..{most}"),
        }
    }
}

/// The error for a text that is not a delay.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a delay",
        "a time such as `1s`, or a delay that grows, such as `exponential:1s` or `exponential:100ms..5s`",
    )
}

super::value::setting_by_display!(RetryDelay, "exponential:100ms..5s", {
    let growing = format!("exponential: *{TIME}( *\\.\\. *{TIME})?");
    json!({ "type": "string", "pattern": format!("^({TIME}|{growing})$") })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_stay_or_grow() {
        let millis = |text: &str, attempt| {
            let delay: RetryDelay = text.parse().unwrap();
            delay.after(attempt).as_millis()
        };
        assert_eq!((millis("200ms", 0), millis("200ms", 9)), (200, 200));
        let growing = "exponential:100ms..1s";
        let delays: Vec<_> = (0..6).map(|attempt| millis(growing, attempt)).collect();
        assert_eq!(delays, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(millis(growing, 40), 1000);
        assert_eq!(millis("exponential:1s", 20), 60_000);
        assert_eq!(millis("exponential:2h", 3), 7_200_000);
    }

    #[test]
    fn invalid_delays() {
        for text in [
            "",
            "1",
            "exponential",
            "exponential:",
            "exponential:2s..1s",
            "linear:1s",
        ] {
            assert!(text.parse::<RetryDelay>().is_err(), "{text}");
        }
        let problem = "linear:1s".parse::<RetryDelay>().unwrap_err();
        assert!(
            problem
                .to_string()
                .starts_with("`linear:1s` is not a delay")
        );
        let shown = "exponential:100ms..1m"
            .parse::<RetryDelay>()
            .unwrap()
            .to_string();
        assert_eq!(shown, "exponential:100ms..1m");
    }
}
