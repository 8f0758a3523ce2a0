//! Selects the scenarios that a rule applies to, by their tags: `@expected_failure`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::plan::tags::{TagExpression, TagExpressionError};

/// A tag expression, or an empty text for no scenario at all. (As a tag expression, an empty text
/// would apply to every scenario.)
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TagRule(Option<TagExpression>);

impl TagRule {
    /// The rule for one tag. It applies to no scenario if the text is not a tag.
    pub(super) fn tag(tag: &str) -> Self {
        Self(tag.parse().ok())
    }

    /// The expression; `None` when the rule applies to no scenario.
    pub fn expression(&self) -> Option<&TagExpression> {
        self.0.as_ref()
    }
}

/// Prints the form that `from_str` reads.
impl fmt::Display for TagRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |rule| rule.fmt(formatter))
    }
}

impl FromStr for TagRule {
    type Err = TagExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text.trim() {
            "" => None,
            text => Some(text.parse()?),
        }))
    }
}

impl TryFrom<String> for TagRule {
    type Error = TagExpressionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

super::value::setting_by_display!(TagRule, "@known", serde_json::json!({ "type": "string" }));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_an_expression() {
        let rule: TagRule = "@a or @b".parse().unwrap();
        assert!(rule.expression().unwrap().matches(&["@b"]));
        assert!(!rule.expression().unwrap().matches(&["@c"]));
        assert!("@a and".parse::<TagRule>().is_err());
    }

    #[test]
    fn an_empty_text_holds_for_nothing() {
        for text in ["", "  "] {
            assert_eq!(text.parse::<TagRule>().unwrap().expression(), None);
        }
    }
}
