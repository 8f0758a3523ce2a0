//! Questions to a step program about steps, for patterns that only it understands.

use std::sync::Arc;

use bdd_protocol::ToWorker;

use crate::plan::{KeywordType, PlannedStep, StepArgument};

/// What else than the text decides which definition matches, according to the step program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchBy {
    keyword: bool,
    uri: bool,
    below: bool,
}

impl MatchBy {
    /// Parses the `match_by` of a hello.
    ///
    /// # Errors
    /// When a word is unknown, because the answers would then be used for other steps, too.
    pub fn new(words: &[String]) -> Result<Self, String> {
        let mut by = Self::default();
        for word in words {
            match word.as_str() {
                "keyword" => by.keyword = true,
                "uri" => by.uri = true,
                "below" => by.below = true,
                unknown => return Err(format!("it matches steps by the unknown `{unknown}`")),
            }
        }
        Ok(by)
    }

    /// What is asked about a step of the feature with this uri. Equal questions have equal answers.
    #[must_use]
    pub fn question(self, uri: &Arc<str>, step: &PlannedStep) -> Question {
        Question {
            text: Arc::clone(&step.text),
            keyword: self.keyword.then_some(step.keyword_type),
            uri: self.uri.then(|| Arc::clone(uri)),
            below: self.below.then(|| BelowStep::of(step)),
        }
    }
}

/// A text, and what else decides which definition matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The text.
    pub text: Arc<str>,
    keyword: Option<KeywordType>,
    uri: Option<Arc<str>>,
    below: Option<BelowStep>,
}

/// What stands below a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum BelowStep {
    Nothing,
    Table,
    DocString,
    Both,
}

impl BelowStep {
    fn of(step: &PlannedStep) -> Self {
        let is_table = |one: &StepArgument| matches!(one, StepArgument::Table(_));
        let tables = step.arguments.iter().filter(|one| is_table(one)).count();
        match (tables > 0, step.arguments.len() > tables) {
            (false, false) => Self::Nothing,
            (true, false) => Self::Table,
            (false, true) => Self::DocString,
            (true, true) => Self::Both,
        }
    }
}

impl Question {
    /// The keyword as the protocol has it, if it is asked about.
    #[must_use]
    pub fn keyword(&self) -> Option<&'static str> {
        Some(match self.keyword? {
            KeywordType::Context => "given",
            KeywordType::Action => "when",
            KeywordType::Outcome => "then",
            KeywordType::Unknown => "step",
        })
    }

    /// The uri of the feature, if it is asked about.
    #[must_use]
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }

    /// What stands below the step as the protocol has it, if it is asked about.
    #[must_use]
    pub fn below(&self) -> Option<&'static str> {
        Some(match self.below? {
            BelowStep::Nothing => "none",
            BelowStep::Table => "table",
            BelowStep::DocString => "docstring",
            BelowStep::Both => "both",
        })
    }
}

/// The message that asks these questions.
#[must_use]
pub fn match_request(id: u32, questions: &[Question]) -> ToWorker {
    let asked = |of: fn(&Question) -> Option<&str>| {
        let all = questions.iter().filter_map(of);
        all.map(str::to_owned).collect()
    };
    ToWorker::Match {
        id,
        texts: asked(|question| Some(&question.text)),
        keywords: asked(|question| question.keyword()),
        uris: asked(|question| question.uri()),
        below: asked(|question| question.below()),
    }
}
