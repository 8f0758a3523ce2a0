//! Compiles a document to pickles.

use std::borrow::Cow;

use super::ast::{
    Examples, Feature, FeatureChild, GherkinDocument, Rule, RuleChild, Scenario, Step,
    StepKeywordType,
};
use super::behave::{self, RowNumbers};
use super::dialects::Dialect;
use super::error::{ErrorKind, ParseError};
use super::expansion::{Expansion, Overflow};
use super::flavor::Flavor;
use super::pickle::{FilledArguments, FilledDocString, Pickle, PickleStep};
use super::placeholders::{Placeholders, Template, Values, may_have_placeholder};
use super::table::TableRow;

/// The pickles of a document, in the order of the file.
///
/// # Errors
/// A row of examples whose values contain placeholders whose values contain placeholders, and so on, so
/// that its text would grow without limit; or whose values are so long and used so often that the text would be too
/// much.
pub fn compile<'d>(document: &'d GherkinDocument<'d>) -> Result<Vec<Pickle<'d>>, ParseError> {
    let count = document.feature.as_ref().map_or(0, pickle_count);
    let mut pickles = Vec::with_capacity(count);
    each_pickle(document, &mut |pickle| pickles.push(pickle))?;
    Ok(pickles)
}

/// Gives each pickle of a document to `take`. Nothing keeps all of them: the space of one serves for
/// the next.
///
/// # Errors
/// As [`compile`]; the pickles before the row have been taken then.
pub fn each_pickle<'d>(
    document: &'d GherkinDocument<'d>,
    take: &mut dyn FnMut(Pickle<'d>),
) -> Result<(), ParseError> {
    let Some(feature) = &document.feature else {
        return Ok(());
    };
    let mut compiler = Compiler {
        feature,
        next_id: document.next_id,
        take,
        expansion: Expansion::default(),
        flavor: document.flavor,
    };
    let mut background: &[Step] = &[];
    for child in &feature.children {
        match child {
            FeatureChild::Background(found) => background = &found.steps,
            FeatureChild::Scenario(scenario) => {
                let inherited = Inherited {
                    rule: None,
                    backgrounds: [background, &[]],
                };
                compiler.scenario(&inherited, scenario)?;
            }
            FeatureChild::Rule(rule) => compiler.rule(background, rule)?,
        }
    }
    Ok(())
}

/// How many pickles a feature makes at most.
pub fn pickle_count(feature: &Feature<'_>) -> usize {
    let of_scenario = |scenario: &Scenario<'_>| match &scenario.examples[..] {
        [] => 1,
        all => all.iter().map(|examples| examples.table_body().len()).sum(),
    };
    let of_child = |child: &FeatureChild<'_>| match child {
        FeatureChild::Background(_) => 0,
        FeatureChild::Scenario(scenario) => of_scenario(scenario),
        FeatureChild::Rule(rule) => (rule.children.iter())
            .map(|child| match child {
                RuleChild::Background(_) => 0,
                RuleChild::Scenario(scenario) => of_scenario(scenario),
            })
            .sum(),
    };
    feature.children.iter().map(of_child).sum()
}

/// Steps that belong to no scenario, as they stand: conjunctions are resolved, placeholders stay.
pub fn compile_steps<'d>(steps: &'d [Step<'d>]) -> Vec<PickleStep<'d>> {
    let mut next_id = 0;
    let mut compiled = StepCompiler::new(Flavor::Standard, &mut next_id, steps.len());
    for step in steps {
        compiled.push(step, false, StepContent::literal(step));
    }
    compiled.list
}

struct Compiler<'d, 't> {
    feature: &'d Feature<'d>,
    next_id: u32,
    take: &'t mut dyn FnMut(Pickle<'d>),
    /// The text that placeholders have made.
    expansion: Expansion,
    flavor: Flavor,
}

/// What a scenario inherits from its feature and rule.
struct Inherited<'d> {
    rule: Option<&'d Rule<'d>>,
    /// The steps of the feature's background and of the rule's.
    backgrounds: [&'d [Step<'d>]; 2],
}

impl Inherited<'_> {
    /// The number of steps of a scenario, with those of the backgrounds.
    fn step_count(&self, scenario: &Scenario<'_>) -> usize {
        let [feature, rule] = self.backgrounds;
        feature.len() + rule.len() + scenario.steps.len()
    }
}

impl<'d> Compiler<'d, '_> {
    fn rule(&mut self, background: &'d [Step<'d>], rule: &'d Rule<'d>) -> Result<(), ParseError> {
        let mut inherited = Inherited {
            rule: Some(rule),
            backgrounds: [background, &[]],
        };
        for child in &rule.children {
            match child {
                RuleChild::Background(found) => inherited.backgrounds[1] = &found.steps,
                RuleChild::Scenario(scenario) => self.scenario(&inherited, scenario)?,
            }
        }
        Ok(())
    }

    fn scenario(
        &mut self,
        inherited: &Inherited<'d>,
        scenario: &'d Scenario<'d>,
    ) -> Result<(), ParseError> {
        if scenario.examples.is_empty() {
            // behave makes a scenario of each row, so there is none here.
            if !self.flavor.is_standard() && self.is_outline(scenario) {
                return Ok(());
            }
            let count = inherited.step_count(scenario);
            let mut steps = StepCompiler::new(self.flavor, &mut self.next_id, count);
            steps.backgrounds(inherited, scenario);
            for step in &scenario.steps {
                steps.push(step, false, StepContent::literal(step));
            }
            let steps = steps.list;
            self.push(
                inherited,
                scenario,
                None,
                Cow::Borrowed(scenario.name),
                None,
                steps,
            );
            return Ok(());
        }
        for (number, examples) in (1..).zip(&scenario.examples) {
            self.examples(inherited, scenario, (number, examples))?;
        }
        Ok(())
    }

    fn is_outline(&self, scenario: &Scenario<'d>) -> bool {
        Dialect::find(self.feature.language)
            .is_some_and(|dialect| dialect.scenario_outline.contains(&scenario.keyword))
    }

    fn examples(
        &mut self,
        inherited: &Inherited<'d>,
        scenario: &'d Scenario<'d>,
        (number, examples): (usize, &'d Examples<'d>),
    ) -> Result<(), ParseError> {
        let Some(header) = examples.table_header() else {
            return Ok(());
        };
        let expansion = std::mem::take(&mut self.expansion);
        let placeholders = Placeholders::new(header, &expansion);
        let name = placeholders.template(scenario.name);
        let templates: Vec<_> = scenario
            .steps
            .iter()
            .map(|step| StepTemplate::new(step, &placeholders))
            .collect();
        let of_behave = !self.flavor.is_standard();
        // behave replaces placeholders in the steps of backgrounds and in tags, too.
        let backgrounds = inherited.backgrounds.into_iter().flatten();
        let backgrounds: Vec<_> = (backgrounds.filter(|_| of_behave))
            .map(|step| StepTemplate::new(step, &placeholders))
            .collect();
        let tags = [&scenario.tags, &examples.tags].into_iter().flatten();
        let tags: Vec<_> = (tags.filter(|_| of_behave))
            .map(|tag| (tag, placeholders.template(tag.name)))
            .collect();
        let count = inherited.step_count(scenario);
        let mut values = Values::default();
        for (row_number, row) in (1..).zip(examples.table_body()) {
            expansion.start_row();
            values.set(row);
            let too_long = |overflow| too_long(row, overflow);
            let numbers = of_behave.then(|| RowNumbers::new(examples.name, number, row_number));
            let mut steps = StepCompiler::new(self.flavor, &mut self.next_id, count);
            if !of_behave {
                steps.backgrounds(inherited, scenario);
            }
            let of_backgrounds = backgrounds.iter().map(|template| (template, true));
            let of_scenario = templates.iter().map(|template| (template, false));
            for (template, background) in of_backgrounds.chain(of_scenario) {
                let content = template.fill(&placeholders, (row, &values), numbers.as_ref());
                steps.push(template.step, background, content.map_err(too_long)?);
            }
            let steps = steps.list;
            let name = placeholders.fill(&name, &values).map_err(too_long)?;
            let (name, filled_tags) = match &numbers {
                None => (name, None),
                Some(numbers) => {
                    let mut filled_tags = Vec::with_capacity(tags.len());
                    for (tag, template) in &tags {
                        let filled = placeholders.fill(template, &values).map_err(too_long)?;
                        let name = behave::row_tag(&numbers.fill(filled));
                        filled_tags.extend(name.map(|name| (tag.id, name)));
                    }
                    (numbers.fill(name), Some(filled_tags))
                }
            };
            self.push(
                inherited,
                scenario,
                Some((examples, row)),
                name,
                filled_tags,
                steps,
            );
        }
        self.expansion = expansion;
        Ok(())
    }

    fn push(
        &mut self,
        inherited: &Inherited<'d>,
        scenario: &'d Scenario<'d>,
        examples: Option<(&'d Examples<'d>, TableRow<'d>)>,
        name: Cow<'d, str>,
        filled_tags: Option<Vec<(u32, String)>>,
        steps: Vec<PickleStep<'d>>,
    ) {
        let row = examples.map(|(_, row)| row);
        let id = self.id();
        (self.take)(Pickle {
            id,
            name,
            location: row.map_or(scenario.location, |row| row.location),
            steps,
            feature: self.feature,
            rule: inherited.rule,
            scenario,
            examples,
            filled_tags,
        });
    }

    fn id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = id.saturating_add(1);
        id
    }
}

/// The error of a row whose values make too much text.
fn too_long(row: TableRow<'_>, overflow: Overflow) -> ParseError {
    let kind = match overflow {
        Overflow::Chain => ErrorKind::Expansion,
        Overflow::Row(most) => ErrorKind::TooMuchText {
            most,
            of_file: false,
        },
        Overflow::File(most) => ErrorKind::TooMuchText {
            most,
            of_file: true,
        },
    };
    ParseError {
        location: row.location,
        kind,
    }
}

/// The steps of a pickle, numbered and with their conjunctions resolved.
struct StepCompiler<'d, 'c> {
    list: Vec<PickleStep<'d>>,
    last: StepKeywordType,
    flavor: Flavor,
    next_id: &'c mut u32,
}

impl<'d, 'c> StepCompiler<'d, 'c> {
    /// Takes up to `count` steps.
    fn new(flavor: Flavor, next_id: &'c mut u32, count: usize) -> Self {
        Self {
            list: Vec::with_capacity(count),
            last: StepKeywordType::Unknown,
            flavor,
            next_id,
        }
    }

    /// Adds the steps of the backgrounds. A scenario without steps does not run them, but for behave.
    fn backgrounds(&mut self, inherited: &Inherited<'d>, scenario: &'d Scenario<'d>) {
        if scenario.steps.is_empty() && self.flavor.is_standard() {
            return;
        }
        for background in inherited.backgrounds {
            for step in background {
                self.push(step, true, StepContent::literal(step));
            }
        }
    }

    fn push(&mut self, step: &'d Step<'d>, background: bool, content: StepContent<'d>) {
        self.last = match (step.keyword_type, self.flavor) {
            (StepKeywordType::Conjunction, _) => self.last,
            // For behave, `*` goes on like the step before it, and the first is a `Given`.
            (StepKeywordType::Unknown, Flavor::Behave) => match self.list.last() {
                Some(last) if last.background == background => self.last,
                _ => StepKeywordType::Context,
            },
            (other, _) => other,
        };
        let id = *self.next_id;
        *self.next_id = id.saturating_add(1);
        self.list.push(PickleStep {
            id,
            keyword_type: self.last,
            background,
            text: content.text,
            step,
            row_id: content.row_id,
            filled: content.filled,
        });
    }
}

/// What a step of a pickle says.
struct StepContent<'d> {
    text: Cow<'d, str>,
    row_id: Option<u32>,
    filled: Option<Box<FilledArguments<'d>>>,
}

impl<'d> StepContent<'d> {
    /// What stands in the document.
    fn literal(step: &'d Step<'d>) -> Self {
        Self {
            text: Cow::Borrowed(step.text),
            row_id: None,
            filled: None,
        }
    }
}

/// A step of an outline, looked through once for all rows.
struct StepTemplate<'d> {
    step: &'d Step<'d>,
    text: Template<'d>,
    /// The cells of the table that have placeholders, each with its number.
    cells: Vec<(usize, Template<'d>)>,
    /// The content and the media type of a docstring that has placeholders.
    doc_string: Option<(Template<'d>, Option<Template<'d>>)>,
}

impl<'d> StepTemplate<'d> {
    fn new(step: &'d Step<'d>, placeholders: &Placeholders<'d, '_>) -> Self {
        let template = |text| placeholders.template(text);
        let cells = step.data_table.iter().flat_map(|table| table.cells());
        let cells = (cells.enumerate())
            .filter(|(_, cell)| may_have_placeholder(&cell.value))
            .map(|(number, cell)| (number, template(&cell.value)));
        let doc_string = step.doc_string.as_ref().map(|text| {
            let media_type = text.media_type.map(template);
            (template(&text.content), media_type)
        });
        Self {
            step,
            text: template(step.text),
            cells: cells.filter(|(_, cell)| !cell.is_fixed()).collect(),
            doc_string: doc_string.filter(|(content, media_type)| {
                !content.is_fixed() || media_type.as_ref().is_some_and(|one| !one.is_fixed())
            }),
        }
    }

    fn fill(
        &self,
        placeholders: &Placeholders<'d, '_>,
        (row, values): (TableRow<'d>, &Values<'d>),
        numbers: Option<&RowNumbers>,
    ) -> Result<StepContent<'d>, Overflow> {
        let fill = |template: &Template<'d>| placeholders.fill(template, values);
        let text = match numbers {
            Some(numbers) => numbers.fill(fill(&self.text)?),
            None => fill(&self.text)?,
        };
        Ok(StepContent {
            text,
            row_id: Some(row.id),
            filled: self.arguments(fill)?,
        })
    }

    /// The table and the docstring, if they have placeholders.
    fn arguments(
        &self,
        fill: impl Fn(&Template<'d>) -> Result<Cow<'d, str>, Overflow>,
    ) -> Result<Option<Box<FilledArguments<'d>>>, Overflow> {
        if self.cells.is_empty() && self.doc_string.is_none() {
            return Ok(None);
        }
        let mut filled = FilledArguments {
            cells: Vec::with_capacity(self.cells.len()),
            doc_string: None,
        };
        for (number, template) in &self.cells {
            filled.cells.push((*number, fill(template)?));
        }
        if let Some((content, media_type)) = &self.doc_string {
            filled.doc_string = Some(FilledDocString {
                media_type: media_type.as_ref().map(&fill).transpose()?,
                content: fill(content)?,
            });
        }
        Ok(Some(Box::new(filled)))
    }
}
