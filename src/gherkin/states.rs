//! The state table of the public Gherkin grammar.
//!
//! A state says which kinds of lines may come next, in the order in which they are tried
//! (and named in an error), and which state each of them leads to. Whether the parser is
//! inside a rule does not change a state; the document builder knows that.

use super::token::{Kind, KindSet};

/// Where the parser is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
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
    /// Where a text begins that has steps and nothing else.
    Steps,
    Step(Owner, Argument),
    End,
}

/// What a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Background,
    Scenario,
    /// A text that has steps and nothing else.
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

/// What the tags that start here will belong to; only the lines after them can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagsOf {
    Examples,
    Scenario,
    Rule,
}

/// The lines that a state takes.
#[derive(Debug)]
pub(super) struct Row {
    /// In the order of the official parser.
    pub order: &'static [Kind],
    pub set: KindSet,
}

impl Row {
    const fn of(order: &'static [Kind]) -> Self {
        Self {
            order,
            set: KindSet::of(order),
        }
    }
}

mod rows {
    use super::Kind::*;
    use super::Row;

    pub static START: Row = Row::of(&[Eof, Language, TagLine, FeatureLine, Comment, Empty]);
    pub static LANGUAGE: Row = Row::of(&[TagLine, FeatureLine, Comment, Empty]);
    pub static SCENARIO_TAGS: Row = Row::of(&[TagLine, ScenarioLine, Comment, Empty]);
    pub static EXAMPLES_TAGS: Row = Row::of(&[TagLine, ExamplesLine, Comment, Empty]);
    pub static RULE_TAGS: Row = Row::of(&[TagLine, RuleLine, Comment, Empty]);
    pub static HEADER: Row = Row::of(&[
        Eof,
        Empty,
        Comment,
        BackgroundLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static HEADER_DESCRIPTION: Row = Row::of(&[
        Eof,
        Comment,
        BackgroundLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static BACKGROUND: Row = Row::of(&[
        Eof,
        Empty,
        Comment,
        StepLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static BACKGROUND_DESCRIPTION: Row = Row::of(&[
        Eof,
        Comment,
        StepLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static SCENARIO: Row = Row::of(&[
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
    pub static SCENARIO_DESCRIPTION: Row = Row::of(&[
        Eof,
        Comment,
        StepLine,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static EXAMPLES: Row = Row::of(&[
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
    pub static EXAMPLES_DESCRIPTION: Row = Row::of(&[
        Eof,
        Comment,
        TableRow,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Other,
    ]);
    pub static EXAMPLES_TABLE: Row = Row::of(&[
        Eof,
        TableRow,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Comment,
        Empty,
    ]);
    pub static OPEN_DOC_STRING: Row = Row::of(&[DocStringSeparator, Other]);

    /// After a step of a background, by what may still come as its argument.
    pub static BACKGROUND_STEP: [Row; 3] = [
        Row::of(&[
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
        Row::of(&[
            Eof,
            TableRow,
            StepLine,
            TagLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ]),
        Row::of(&[
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
    pub static SCENARIO_STEP: [Row; 3] = [
        Row::of(&[
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
        Row::of(&[
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
        Row::of(&[
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
    pub static STEPS: Row = Row::of(&[Eof, StepLine, Comment, Empty]);
    /// The same for a step of a text that has nothing else.
    pub static TEXT_STEP: [Row; 3] = [
        Row::of(&[Eof, TableRow, DocStringSeparator, StepLine, Comment, Empty]),
        Row::of(&[Eof, TableRow, StepLine, Comment, Empty]),
        Row::of(&[Eof, StepLine, Comment, Empty]),
    ];
    pub static END: Row = Row::of(&[]);
}

impl State {
    /// The lines that may come in this state.
    pub fn row(self) -> &'static Row {
        match self {
            State::Start => &rows::START,
            State::Language => &rows::LANGUAGE,
            // The tags of a feature: the language can no longer change, all else as before.
            State::FeatureTags => &rows::LANGUAGE,
            State::FeatureHeader | State::RuleHeader => &rows::HEADER,
            State::FeatureDescription | State::RuleDescription => &rows::HEADER_DESCRIPTION,
            State::RuleTags => &rows::RULE_TAGS,
            State::Background => &rows::BACKGROUND,
            State::BackgroundDescription => &rows::BACKGROUND_DESCRIPTION,
            State::ScenarioTags => &rows::SCENARIO_TAGS,
            State::Scenario => &rows::SCENARIO,
            State::ScenarioDescription => &rows::SCENARIO_DESCRIPTION,
            State::ExamplesTags => &rows::EXAMPLES_TAGS,
            State::Examples => &rows::EXAMPLES,
            State::ExamplesDescription => &rows::EXAMPLES_DESCRIPTION,
            State::ExamplesTable => &rows::EXAMPLES_TABLE,
            State::Steps => &rows::STEPS,
            State::Step(owner, argument) => argument.row(owner),
            State::End => &rows::END,
        }
    }

    /// Whether tags that come here may belong to several things.
    pub fn tags_need_lookahead(self) -> bool {
        !matches!(
            self,
            State::Start
                | State::Language
                | State::FeatureTags
                | State::RuleTags
                | State::ScenarioTags
                | State::ExamplesTags
        )
    }

    /// The state after a line of this kind, which must be one of the row's.
    pub fn next(self, kind: Kind, tags: Option<TagsOf>) -> State {
        match kind {
            Kind::Eof => State::End,
            Kind::Empty => self,
            Kind::Language => State::Language,
            Kind::FeatureLine => State::FeatureHeader,
            Kind::RuleLine => State::RuleHeader,
            Kind::BackgroundLine => State::Background,
            Kind::ScenarioLine => State::Scenario,
            Kind::ExamplesLine => State::Examples,
            Kind::StepLine => State::Step(self.owner(), Argument::None),
            Kind::Comment | Kind::Other => self.description(),
            Kind::TagLine => match tags {
                Some(TagsOf::Examples) => State::ExamplesTags,
                Some(TagsOf::Scenario) => State::ScenarioTags,
                Some(TagsOf::Rule) => State::RuleTags,
                None if matches!(self, State::Start | State::Language) => State::FeatureTags,
                None => self,
            },
            Kind::TableRow => match self {
                State::Step(owner, argument) => State::Step(owner, argument.with_row()),
                _ => State::ExamplesTable,
            },
            Kind::DocStringSeparator => match self {
                State::Step(owner, argument) => State::Step(owner, argument.with_separator()),
                other => other,
            },
        }
    }

    /// A comment or text right after a title begins its description; elsewhere nothing changes.
    fn description(self) -> State {
        match self {
            State::FeatureHeader => State::FeatureDescription,
            State::RuleHeader => State::RuleDescription,
            State::Background => State::BackgroundDescription,
            State::Scenario => State::ScenarioDescription,
            State::Examples => State::ExamplesDescription,
            other => other,
        }
    }

    fn owner(self) -> Owner {
        match self {
            State::Background | State::BackgroundDescription => Owner::Background,
            State::Step(owner, _) => owner,
            State::Steps => Owner::Text,
            _ => Owner::Scenario,
        }
    }
}

impl Argument {
    fn row(self, owner: Owner) -> &'static Row {
        let rest = match self {
            Argument::OpenDocString | Argument::TableOpenDocString => {
                return &rows::OPEN_DOC_STRING;
            }
            Argument::None | Argument::Table => 0,
            Argument::DocString | Argument::DocStringTable => 1,
            Argument::TableDocString => 2,
        };
        match owner {
            Owner::Background => &rows::BACKGROUND_STEP[rest],
            Owner::Scenario => &rows::SCENARIO_STEP[rest],
            Owner::Text => &rows::TEXT_STEP[rest],
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
