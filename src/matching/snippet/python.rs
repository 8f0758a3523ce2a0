//! The code of a definition in Python, as behave itself suggests it.

use crate::event::Snippet;
use crate::plan::{KeywordType, PlannedStep};

/// The language as reports name it.
const LANGUAGE: &str = "python";

/// How behave marks a definition that is not written yet: by an exception, which later versions have for that alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum BehaveStyle {
    /// behave 1.2.6.
    NotImplemented,
    /// Later versions.
    Pending,
}

impl BehaveStyle {
    /// The style for a language as step programs name it.
    pub(super) fn of_language(language: &str) -> Option<Self> {
        match language {
            "python" => Some(Self::NotImplemented),
            "python-pending" => Some(Self::Pending),
            _ => None,
        }
    }
}

/// A definition for this step alone. It fails until its author changes it.
pub(super) fn snippet(step: &PlannedStep, style: BehaveStyle) -> Snippet {
    let (decorator, keyword) = match step.keyword_type {
        KeywordType::Context | KeywordType::Unknown => ("given", "Given"),
        KeywordType::Action => ("when", "When"),
        KeywordType::Outcome => ("then", "Then"),
    };
    // behave takes what stands between braces for a parameter.
    let pattern = literal(&step.text.replace('{', "{{").replace('}', "}}"));
    let said = format!("{keyword} {}", step.text);
    let (import, raised) = match style {
        BehaveStyle::NotImplemented => (
            "",
            format!(
                "NotImplementedError(u{})",
                literal(&format!("STEP: {said}"))
            ),
        ),
        BehaveStyle::Pending => (
            "from behave.api.pending_step import StepNotImplementedError\n\n",
            format!("StepNotImplementedError(u{})", literal(&said)),
        ),
    };
    Snippet {
        language: LANGUAGE.to_owned(),
        code: format!(
            "{import}@{decorator}(u{pattern})\ndef step_impl(context):\n    raise {raised}"
        ),
    }
}

/// A string literal in single quotes.
fn literal(text: &str) -> String {
    let mut literal = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            other if other.is_control() => {
                literal.push_str(&format!("\\u{:04x}", u32::from(other)));
            }
            other => literal.push(other),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Location, StepWording};

    #[test]
    fn it_is_what_behave_suggests() {
        let step = PlannedStep::new(
            StepWording {
                keyword: "And ".into(),
                keyword_type: KeywordType::Outcome,
                text: "it's {x} \\ \"y\"".into(),
                arguments: Vec::new(),
                background: false,
            },
            Location { line: 1, column: 1 },
        );
        assert_eq!(
            snippet(&step, BehaveStyle::NotImplemented).code,
            "@then(u'it\\'s {{x}} \\\\ \"y\"')\n\
             def step_impl(context):\n    \
             raise NotImplementedError(u'STEP: Then it\\'s {x} \\\\ \"y\"')"
        );
        assert_eq!(
            snippet(&step, BehaveStyle::Pending).code,
            "from behave.api.pending_step import StepNotImplementedError\n\n\
             @then(u'it\\'s {{x}} \\\\ \"y\"')\n\
             def step_impl(context):\n    \
             raise StepNotImplementedError(u'Then it\\'s {x} \\\\ \"y\"')"
        );
    }
}
