//! The state table of the public Gherkin grammar.
//!
//! A state says which kinds of lines may come next, in the order in which they are tried
//! (and named in an error), and which state each of them leads to. Whether the parser is
//! inside a rule does not change a state; the document builder knows that.

use super::token::{KindSet, TokenKind};

/// Where the parser is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParserState {
    Start,
    Language,
    FeatureTags,
    FeatureHeader,
    FeatureDescription,
    RuleTags,
    RuleHeader,
    RuleDescription,
    Background,
    BackgroundDescription,
    ScenarioTags,
    Scenario,
    ScenarioDescription,
    ExamplesTags,
    Examples,
    ExamplesDescription,
    ExamplesTable,
    /// The begin of a text that has only steps.
    Steps,
    Step(StepOwner, Argument),
    End,
}

/// What a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepOwner {
    Background,
    Scenario,
    /// A text that has only steps.
    Text,
}

/// What has been read of the arguments of a step, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    None,
    Table,
    TableOpenDocString,
    TableDocString,
    OpenDocString,
    DocString,
    DocStringTable,
}

/// What the tags that start here belong to; only the lines after them decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagsOf {
    Examples,
    Scenario,
    Rule,
}

/// The lines that a state takes.
#[derive(Debug)]
pub(super) struct StateRow {
    /// In the order of the official parser.
    pub order: &'static [TokenKind],
    pub set: KindSet,
}

impl StateRow {
    const fn of(order: &'static [TokenKind]) -> Self {
        Self {
            order,
            set: KindSet::of(order),
        }
    }
}

mod rows {
    use super::StateRow;
    use super::TokenKind::*;

    pub static START: StateRow =
        StateRow::of(&[Eof, Language, TagLine, FeatureLine, Comment, Empty]);
    pub static LANGUAGE: StateRow = StateRow::of(&[TagLine, FeatureLine, Comment, Empty]);
    pub static SCENARIO_TAGS: StateRow = StateRow::of(&[TagLine, ScenarioLine, Comment, Empty]);
    pub static EXAMPLES_TAGS: StateRow = StateRow::of(&[TagLine, ExamplesLine, Comment, Empty]);
    pub static RULE_TAGS: StateRow = StateRow::of(&[TagLine, RuleLine, Comment, Empty]);
    pub static HEADER: StateRow = StateRow::of(&[
        Eof,
        Empty,
        Comment,
        BackgroundLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static HEADER_DESCRIPTION: StateRow = StateRow::of(&[
        Eof,
        Comment,
        BackgroundLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static BACKGROUND: StateRow = StateRow::of(&[
        Eof,
        Empty,
        Comment,
        StepLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static BACKGROUND_DESCRIPTION: StateRow = StateRow::of(&[
        Eof,
        Comment,
        StepLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static SCENARIO: StateRow = StateRow::of(&[
        Eof,
        Empty,
        Comment,
        StepLine,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static SCENARIO_DESCRIPTION: StateRow = StateRow::of(&[
        Eof,
        Comment,
        StepLine,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static EXAMPLES: StateRow = StateRow::of(&[
        Eof,
        Empty,
        Comment,
        TableRow,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static EXAMPLES_DESCRIPTION: StateRow = StateRow::of(&[
        Eof,
        Comment,
        TableRow,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static EXAMPLES_TABLE: StateRow = StateRow::of(&[
        Eof,
        TableRow,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Comment,
        Empty,
    ]);
    pub static OPEN_DOC_STRING: StateRow = StateRow::of(&[DocStringSeparator, Other]);

    /// After a step of a background, by what may still come as its argument.
    pub static BACKGROUND_STEP: [StateRow; 3] = [
        StateRow::of(&[
            Eof,
            TableRow,
            DocStringSeparator,
            StepLine,
            TagLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
        StateRow::of(&[
            Eof,
            TableRow,
            StepLine,
            TagLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
        StateRow::of(&[
            Eof,
            StepLine,
            TagLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
    ];
    /// The same for a step of a scenario, where examples may follow.
    pub static SCENARIO_STEP: [StateRow; 3] = [
        StateRow::of(&[
            Eof,
            TableRow,
            DocStringSeparator,
            StepLine,
            TagLine,
            ExamplesLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
        StateRow::of(&[
            Eof,
            TableRow,
            StepLine,
            TagLine,
            ExamplesLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
        StateRow::of(&[
            Eof,
            StepLine,
            TagLine,
            ExamplesLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
    ];
    pub static STEPS: StateRow = StateRow::of(&[Eof, StepLine, Comment, Empty]);
    /// The same for a step of a text that has only steps.
    pub static TEXT_STEP: [StateRow; 3] = [
        StateRow::of(&[Eof, TableRow, DocStringSeparator, StepLine, Comment, Empty]),
        StateRow::of(&[Eof, TableRow, StepLine, Comment, Empty]),
        StateRow::of(&[Eof, StepLine, Comment, Empty]),
    ];
    pub static END: StateRow = StateRow::of(&[]);
}

impl ParserState {
    /// The lines that may come in this state.
    pub fn row(self) -> &'static StateRow {
        match self {
            ParserState::Start => &rows::START,
            ParserState::Language => &rows::LANGUAGE,
            // The tags of a feature: the language can no longer change, all else as before.
            ParserState::FeatureTags => &rows::LANGUAGE,
            ParserState::FeatureHeader | ParserState::RuleHeader => &rows::HEADER,
            ParserState::FeatureDescription | ParserState::RuleDescription => {
                &rows::HEADER_DESCRIPTION
            }
            ParserState::RuleTags => &rows::RULE_TAGS,
            ParserState::Background => &rows::BACKGROUND,
            ParserState::BackgroundDescription => &rows::BACKGROUND_DESCRIPTION,
            ParserState::ScenarioTags => &rows::SCENARIO_TAGS,
            ParserState::Scenario => &rows::SCENARIO,
            ParserState::ScenarioDescription => &rows::SCENARIO_DESCRIPTION,
            ParserState::ExamplesTags => &rows::EXAMPLES_TAGS,
            ParserState::Examples => &rows::EXAMPLES,
            ParserState::ExamplesDescription => &rows::EXAMPLES_DESCRIPTION,
            ParserState::ExamplesTable => &rows::EXAMPLES_TABLE,
            ParserState::Steps => &rows::STEPS,
            ParserState::Step(owner, argument) => argument.row(owner),
            ParserState::End => &rows::END,
        }
    }

    /// Whether tags in this state may belong to different things.
    pub fn tags_need_lookahead(self) -> bool {
        !matches!(
            self,
            ParserState::Start
                | ParserState::Language
                | ParserState::FeatureTags
                | ParserState::RuleTags
                | ParserState::ScenarioTags
                | ParserState::ExamplesTags
        )
    }

    /// Whether only a heading leads on: until there is one, no other line is understood.
    pub fn awaits_heading(self) -> bool {
        !self.tags_need_lookahead()
    }

    /// The state after a line of this kind, which must be one of the row's.
    pub fn next(self, kind: TokenKind, tags: Option<TagsOf>) -> ParserState {
        match kind {
            TokenKind::Eof => ParserState::End,
            TokenKind::Empty => self,
            TokenKind::Language => ParserState::Language,
            TokenKind::FeatureLine => ParserState::FeatureHeader,
            TokenKind::RuleLine => ParserState::RuleHeader,
            TokenKind::BackgroundLine => ParserState::Background,
            TokenKind::ScenarioLine => ParserState::Scenario,
            TokenKind::ExamplesLine => ParserState::Examples,
            TokenKind::StepLine => ParserState::Step(self.owner(), Argument::None),
            TokenKind::Comment | TokenKind::Other => self.description(),
            TokenKind::TagLine => match tags {
                Some(TagsOf::Examples) => ParserState::ExamplesTags,
                Some(TagsOf::Scenario) => ParserState::ScenarioTags,
                Some(TagsOf::Rule) => ParserState::RuleTags,
                None if matches!(self, ParserState::Start | ParserState::Language) => {
                    ParserState::FeatureTags
                }
                None => self,
            },
            TokenKind::TableRow => match self {
                ParserState::Step(owner, argument) => ParserState::Step(owner, argument.with_row()),
                _ => ParserState::ExamplesTable,
            },
            TokenKind::DocStringSeparator => match self {
                ParserState::Step(owner, argument) => {
                    ParserState::Step(owner, argument.with_separator())
                }
                other => other,
            },
        }
    }

    /// A comment or text right after a title begins its description; elsewhere nothing changes.
    fn description(self) -> ParserState {
        match self {
            ParserState::FeatureHeader => ParserState::FeatureDescription,
            ParserState::RuleHeader => ParserState::RuleDescription,
            ParserState::Background => ParserState::BackgroundDescription,
            ParserState::Scenario => ParserState::ScenarioDescription,
            ParserState::Examples => ParserState::ExamplesDescription,
            other => other,
        }
    }

    fn owner(self) -> StepOwner {
        match self {
            ParserState::Background | ParserState::BackgroundDescription => StepOwner::Background,
            ParserState::Step(owner, _) => owner,
            ParserState::Steps => StepOwner::Text,
            _ => StepOwner::Scenario,
        }
    }
}

impl Argument {
    fn row(self, owner: StepOwner) -> &'static StateRow {
        let rest = match self {
            Argument::OpenDocString | Argument::TableOpenDocString => {
                return &rows::OPEN_DOC_STRING;
            }
            Argument::None | Argument::Table => 0,
            Argument::DocString | Argument::DocStringTable => 1,
            Argument::TableDocString => 2,
        };
        match owner {
            StepOwner::Background => &rows::BACKGROUND_STEP[rest],
            StepOwner::Scenario => &rows::SCENARIO_STEP[rest],
            StepOwner::Text => &rows::TEXT_STEP[rest],
        }
    }

    fn with_row(self) -> Self {
        match self {
            Argument::None | Argument::Table => Argument::Table,
            _ => Argument::DocStringTable,
        }
    }

    fn with_separator(self) -> Self {
        match self {
            Argument::None => Argument::OpenDocString,
            Argument::OpenDocString => Argument::DocString,
            Argument::Table => Argument::TableOpenDocString,
            _ => Argument::TableDocString,
        }
    }
}
