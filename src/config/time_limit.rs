//! How long something may take: `30s`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::parse_value_error::ParseValueError;

/// A time that is not zero, such as `500ms`, `30s`, `1.5m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeLimit(Duration);

impl TimeLimit {
    /// A limit of whole seconds, at least one.
    pub const fn seconds(seconds: u32) -> Self {
        let seconds = if seconds == 0 { 1 } else { seconds };
        Self(Duration::from_secs(seconds as u64))
    }

    /// The limit as a duration.
    pub const fn duration(self) -> Duration {
        self.0
    }
}

/// The longest limit: a year. Any instant plus this is still one.
const LONGEST: TimeLimit = TimeLimit::seconds(365 * 24 * 3600);

impl FromStr for TimeLimit {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no_limit = || invalid(text);
        let unit = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(no_limit)?;
        let (number, unit) = text.split_at(unit);
        let seconds = match unit.trim_start() {
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return Err(no_limit()),
        } * number.parse::<f64>().map_err(|_| no_limit())?;
        if seconds > LONGEST.0.as_secs_f64() {
            let longest = LONGEST.to_string();
            return Err(ParseValueError::too_large(text, "time", &longest));
        }
        match Duration::from_secs_f64(seconds) {
            Duration::ZERO => Err(no_limit()),
            limit => Ok(Self(limit)),
        }
    }
}

impl TryFrom<String> for TimeLimit {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Prints the form that `from_str` reads, in the largest unit that gives a whole number.
impl fmt::Display for TimeLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let units = [(3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];
        let whole = units
            .into_iter()
            .find(|(unit, _)| millis.is_multiple_of(*unit));
        match whole.filter(|_| self.0.subsec_nanos().is_multiple_of(1_000_000)) {
            Some((unit, name)) => write!(formatter, "{}{name}", millis / unit),
            None => write!(formatter, "{}ms", self.0.as_secs_f64() * 1e3),
        }
    }
}

/// The error for a text that is not a time.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a time",
        "a number above 0 with a unit, such as `500ms`, `30s` or `2m`",
    )
}

super::value::setting_by_display!(TimeLimit, "30s", json!({ "$ref": "#/$defs/time" }));

/// A time in regular expressions.
pub(super) const PATTERN: &str = r"(0*[1-9][0-9]*(\.[0-9]*)?|0*\.0*[1-9][0-9]*) *(ms|s|m|min|h)";

/// The definition that schemas of times refer to.
pub(super) fn definition() -> Value {
    json!({
        "description": "A number with the unit ms, s, m or h.",
        "type": "string",
        "pattern": format!("^{PATTERN}$"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_unit() {
        let millis = |text: &str| text.parse::<TimeLimit>().unwrap().duration().as_millis();
        assert_eq!(millis("500ms"), 500);
        assert_eq!(millis("30s"), 30_000);
        assert_eq!(millis("1.5 m"), 90_000);
        assert_eq!(millis("2h"), 7_200_000);
    }

    #[test]
    fn it_is_shown_as_it_is_read() {
        for text in ["500ms", "30s", "90s", "2m", "1h", "1500ms"] {
            assert_eq!(text.parse::<TimeLimit>().unwrap().to_string(), text);
        }
        let odd = "1.0005s".parse::<TimeLimit>().unwrap().to_string();
        assert_eq!(odd.parse::<TimeLimit>(), "1.0005s".parse(), "{odd}");
    }

    #[test]
    fn at_most_a_year() {
        assert_eq!("8760h".parse::<TimeLimit>(), Ok(LONGEST));
        let digits = "9".repeat(400);
        for text in ["8760.1h", &format!("{digits}ms")] {
            let error = text.parse::<TimeLimit>().unwrap_err().to_string();
            let expected = format!("`{text}` is too large: the largest time is 8760h");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn nothing_else() {
        for text in [
            "", "s", "30", "0s", "-1s", "1e3s", "inf s", "nan", "3 days", "1..s", "0.0ms",
        ] {
            let error = text.parse::<TimeLimit>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{text}` is not")));
        }
    }
}
