//! From feature files to the plan: read, parse, expand, select.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::fs;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::id::Ids;
use super::intern::Interner;
use super::lines::LineMap;
use super::{
    KeywordType, Location, OutlineRow, Plan, PlannedFeature, PlannedRule, PlannedScenario,
    PlannedStep, StepArgument,
};
use crate::config::{Selection, reason};
use crate::discover::FeatureFile;
use crate::gherkin::{
    self, Dialect, Feature, GherkinDocument, ParseError, ParseOptions, Pickle, PickleStep, Rule,
};

/// Below this number of files for each, further threads cost more than they save.
const FILES_PER_THREAD: usize = 8;

/// The plan and all that was noticed on the way.
#[derive(Debug, Default)]
pub struct Planning {
    /// What was selected from the files that parse.
    pub plan: Plan,
    /// The files that cannot be read or parsed, one entry for each error, in the order of files.
    pub unparsed: Vec<Unparsed>,
    /// Lines that were asked for and mean no scenario.
    pub misses: Vec<LineMiss>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// The number of scenarios in all files that parse, selected or not.
    pub total: usize,
}

/// A mistake in a feature file, or a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where, if it has a place.
    pub location: Option<Location>,
    /// The official message.
    pub message: String,
    /// The message with source excerpt, caret and hint, as the terminal shows it.
    pub diagnostic: String,
}

/// A line that was asked for and means no scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMiss {
    uri: Arc<str>,
    line: u32,
    /// The line and name of the scenario that is nearest.
    nearest: Option<(u32, String)>,
}

impl fmt::Display for LineMiss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { uri, line, .. } = self;
        match &self.nearest {
            Some((nearest, name)) => write!(
                formatter,
                "no scenario at {uri}:{line}; the nearest is {uri}:{nearest}  {name}"
            ),
            None => write!(
                formatter,
                "no scenario at {uri}:{line}; the file has none at all"
            ),
        }
    }
}

/// Something in a feature file that does not keep it from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// One line, lower case, without a full stop.
    pub message: String,
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where.
    pub location: Location,
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: {}",
            self.uri, self.location.line, self.message
        )
    }
}

/// Plans the scenarios of `files` that fulfil `selection`. Up to `threads` files are read at once;
/// the result does not depend on it.
pub fn plan(files: &[FeatureFile], selection: &Selection, threads: NonZeroU32) -> Planning {
    let options = ParseOptions {
        dialect: selection.language.dialect(),
        ..ParseOptions::default()
    };
    let mut planning = Planning::default();
    let mut reserved = Reserved::default();
    let mut index = 0;
    for part in parts(files, selection, options, threads) {
        planning.unparsed.extend(part.unparsed);
        planning.misses.extend(part.misses);
        planning.warnings.extend(part.warnings);
        planning.total += part.total;
        if let Some(mut feature) = part.feature {
            reserved.notice(&feature);
            for scenario in &mut feature.scenarios {
                scenario.index = index;
                index += 1;
            }
            planning.plan.features.push(Arc::new(feature));
        }
    }
    planning.warnings.extend(reserved.warnings());
    planning
}

/// What comes of one file.
#[derive(Default)]
struct Part {
    feature: Option<PlannedFeature>,
    unparsed: Vec<Unparsed>,
    misses: Vec<LineMiss>,
    warnings: Vec<Warning>,
    total: usize,
}

/// The parts of all files, in their order.
fn parts(
    files: &[FeatureFile],
    selection: &Selection,
    options: ParseOptions,
    threads: NonZeroU32,
) -> Vec<Part> {
    let threads = files
        .len()
        .div_ceil(FILES_PER_THREAD)
        .min(threads.get() as usize);
    if threads <= 1 {
        let mut interner = Interner::default();
        return files
            .iter()
            .map(|file| part(file, selection, options, &mut interner))
            .collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut interner = Interner::default();
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else {
                return done;
            };
            done.push((at, part(file, selection, options, &mut interner)));
        }
    };
    let mut all: Vec<(usize, Part)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, part)| part).collect()
}

fn part(
    file: &FeatureFile,
    selection: &Selection,
    options: ParseOptions,
    interner: &mut Interner,
) -> Part {
    let bytes = match fs::read(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read {}: {}", file.uri, reason(&error));
            return Part {
                unparsed: vec![Unparsed {
                    uri: file.uri.clone(),
                    location: None,
                    diagnostic: message.clone(),
                    message,
                }],
                ..Part::default()
            };
        }
    };
    let failed = |errors: &[ParseError], source: &str| Part {
        unparsed: errors
            .iter()
            .map(|error| unparsed(&file.uri, error, source))
            .collect(),
        ..Part::default()
    };
    let source = match gherkin::decode(&bytes) {
        Ok(source) => source,
        Err(error) => return failed(&[error], &String::from_utf8_lossy(&bytes)),
    };
    let options = options.for_path(&file.uri);
    let document = match gherkin::parse(source, &options) {
        Ok(document) => document,
        Err(errors) => return failed(&errors, source),
    };
    match gherkin::compile(&document) {
        Ok(pickles) => select(file, &document, &pickles, selection, interner),
        Err(error) => failed(&[error], source),
    }
}

fn unparsed(uri: &Arc<str>, error: &ParseError, source: &str) -> Unparsed {
    Unparsed {
        uri: uri.clone(),
        location: Some(location(error.location)),
        message: error.message(),
        diagnostic: error.render(uri, source),
    }
}

/// Takes the scenarios of one file that fulfil the selection.
fn select(
    file: &FeatureFile,
    document: &GherkinDocument<'_>,
    pickles: &[Pickle<'_>],
    selection: &Selection,
    interner: &mut Interner,
) -> Part {
    let mut part = Part {
        total: pickles.len(),
        ..Part::default()
    };
    let by_line = file
        .lines
        .as_ref()
        .map(|lines| by_lines(file, lines, document, pickles, &mut part.misses));
    let Some(feature) = &document.feature else {
        return part;
    };
    let mut builder = FeatureBuilder::new(file, feature, interner);
    for (at, pickle) in pickles.iter().enumerate() {
        let id = builder.ids.next(pickle);
        if by_line.as_ref().is_none_or(|wanted| wanted[at]) && is_selected(pickle, selection) {
            builder.scenario(pickle, &id);
        }
    }
    part.warnings = empty_outlines(file, feature);
    part.warnings.append(&mut builder.warnings);
    part.warnings.sort_by_key(|warning| warning.location);
    if !builder.planned.scenarios.is_empty() {
        part.feature = Some(builder.planned);
    }
    part
}

fn by_lines(
    file: &FeatureFile,
    lines: &BTreeSet<u32>,
    document: &GherkinDocument<'_>,
    pickles: &[Pickle<'_>],
    misses: &mut Vec<LineMiss>,
) -> Vec<bool> {
    let map = LineMap::new(document, pickles);
    let mut wanted = vec![false; pickles.len()];
    // Every line of a long heading means the same range, which may be all of a huge file.
    let mut marked = HashSet::new();
    for &line in lines {
        let range = map.at(line);
        if range.is_empty() {
            misses.push(LineMiss {
                uri: file.uri.clone(),
                line,
                nearest: nearest(pickles, line),
            });
        } else if marked.insert(range.clone()) {
            wanted[range].fill(true);
        }
    }
    wanted
}

/// The line and name of the scenario that begins nearest to a line. Pickles are in the order of
/// lines.
fn nearest(pickles: &[Pickle<'_>], line: u32) -> Option<(u32, String)> {
    let after = pickles.partition_point(|pickle| pickle.location.line < line);
    pickles[after.saturating_sub(1)..]
        .iter()
        .take(2)
        .min_by_key(|pickle| pickle.location.line.abs_diff(line))
        .map(|pickle| (pickle.location.line, pickle.name.to_string()))
}

fn is_selected(pickle: &Pickle<'_>, selection: &Selection) -> bool {
    if !selection.names.is_empty()
        && !selection
            .names
            .iter()
            .any(|pattern| pattern.matches(&pickle.name))
    {
        return false;
    }
    if selection.tags.is_empty() {
        return true;
    }
    let tags: Vec<&str> = pickle.tags.iter().map(|tag| tag.name).collect();
    selection.tags.iter().all(|tags_of| tags_of.matches(&tags))
}

/// Builds the planned feature of one file.
struct FeatureBuilder<'f, 'i> {
    uri: &'f Arc<str>,
    ids: Ids<'f>,
    interner: &'i mut Interner,
    planned: PlannedFeature,
    /// The id of the rule that the last scenario belongs to.
    rule: Option<u32>,
    warnings: Vec<Warning>,
}

impl<'f, 'i> FeatureBuilder<'f, 'i> {
    fn new(file: &'f FeatureFile, feature: &Feature<'_>, interner: &'i mut Interner) -> Self {
        // The first line of a Markdown file may stand in for the heading: it has no keyword.
        let keyword = feature.keyword.unwrap_or_else(|| {
            let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
            dialect.feature.first().copied().unwrap_or("Feature")
        });
        Self {
            uri: &file.uri,
            ids: Ids::new(&file.uri),
            planned: PlannedFeature {
                uri: file.uri.clone(),
                language: interner.get(feature.language),
                keyword: interner.get(keyword),
                name: interner.get(feature.name),
                description: interner.get(&feature.description),
                tags: feature
                    .tags
                    .iter()
                    .map(|tag| interner.get(&tag.name))
                    .collect(),
                location: location(feature.location),
                rules: Vec::new(),
                scenarios: Vec::new(),
            },
            interner,
            rule: None,
            warnings: Vec::new(),
        }
    }

    fn scenario(&mut self, pickle: &Pickle<'_>, id: &str) {
        if pickle.steps.is_empty() {
            self.warnings.push(Warning {
                message: "this scenario has no steps: it passes without testing anything"
                    .to_owned(),
                uri: self.uri.clone(),
                location: location(pickle.location),
            });
        }
        let rule = pickle.rule.map(|rule| self.rule(rule));
        let scenario = PlannedScenario {
            index: 0,
            id: id.into(),
            keyword: self.interner.get(pickle.scenario.keyword),
            name: self.interner.get(&pickle.name),
            description: self.interner.get(&pickle.scenario.description),
            row: self.row(pickle),
            location: location(pickle.location),
            tags: pickle
                .tags
                .iter()
                .map(|tag| self.interner.get(tag.name))
                .collect(),
            rule,
            steps: pickle.steps.iter().map(|step| self.step(step)).collect(),
        };
        self.planned.scenarios.push(scenario);
    }

    /// The position of a rule; scenarios of a rule follow each other.
    fn rule(&mut self, rule: &Rule<'_>) -> usize {
        if self.rule != Some(rule.id) {
            self.rule = Some(rule.id);
            let interner = &mut self.interner;
            self.planned.rules.push(PlannedRule {
                keyword: interner.get(rule.keyword),
                name: interner.get(rule.name),
                description: interner.get(&rule.description),
                tags: rule
                    .tags
                    .iter()
                    .map(|tag| interner.get(&tag.name))
                    .collect(),
                location: location(rule.location),
            });
        }
        self.planned.rules.len() - 1
    }

    fn row(&mut self, pickle: &Pickle<'_>) -> Option<OutlineRow> {
        let (examples, row) = pickle.examples?;
        let interner = &mut self.interner;
        let mut cells = |row: &gherkin::TableRow<'_>| {
            row.cells
                .iter()
                .map(|cell| interner.get(&cell.value))
                .collect::<Vec<_>>()
        };
        let cells_of_row = cells(row);
        let header = examples.table_header.as_ref().map(cells);
        Some(OutlineRow {
            outline: self.interner.get(pickle.scenario.name),
            outline_line: pickle.scenario.location.line,
            examples: self.interner.get(examples.name),
            header: header.unwrap_or_default(),
            cells: cells_of_row,
        })
    }

    fn step(&mut self, step: &PickleStep<'_>) -> PlannedStep {
        let interner = &mut self.interner;
        let mut arguments = Vec::new();
        if let Some(table) = &step.data_table {
            let cells =
                |row: &Vec<Cow<'_, str>>| row.iter().map(|cell| interner.get(cell)).collect();
            arguments.push(StepArgument::Table(table.rows.iter().map(cells).collect()));
        }
        if let Some(text) = &step.doc_string {
            arguments.push(StepArgument::DocString {
                media_type: text.media_type.as_ref().map(|kind| interner.get(kind)),
                content: interner.get(&text.content),
            });
        }
        if step.argument_indexes() == Some((2, 1)) {
            arguments.swap(0, 1);
        }
        PlannedStep {
            keyword: interner.get(step.step.keyword),
            keyword_type: match step.keyword_type {
                gherkin::KeywordType::Context => KeywordType::Context,
                gherkin::KeywordType::Action => KeywordType::Action,
                gherkin::KeywordType::Outcome => KeywordType::Outcome,
                gherkin::KeywordType::Unknown | gherkin::KeywordType::Conjunction => {
                    KeywordType::Unknown
                }
            },
            text: interner.get(&step.text),
            location: location(step.step.location),
            arguments,
            background: step.background,
        }
    }
}

/// Outlines that make no scenario, which is easily overlooked.
fn empty_outlines(file: &FeatureFile, feature: &Feature<'_>) -> Vec<Warning> {
    if file.lines.is_some() {
        return Vec::new();
    }
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    feature
        .children
        .iter()
        .flat_map(|child| match child {
            gherkin::FeatureChild::Background(_) => Vec::new(),
            gherkin::FeatureChild::Scenario(scenario) => vec![scenario],
            gherkin::FeatureChild::Rule(rule) => rule
                .children
                .iter()
                .filter_map(|child| match child {
                    gherkin::RuleChild::Scenario(scenario) => Some(scenario),
                    gherkin::RuleChild::Background(_) => None,
                })
                .collect(),
        })
        .filter_map(|scenario| {
            let rows = scenario
                .examples
                .iter()
                .any(|examples| !examples.table_body.is_empty());
            let message = if rows {
                return None;
            } else if !scenario.examples.is_empty() {
                "this outline has no rows of examples: it makes no scenario"
            } else if dialect.scenario_outline.contains(&scenario.keyword) {
                "this outline has no examples: it is one scenario, with its placeholders as they are"
            } else {
                return None;
            };
            Some(Warning {
                message: message.to_owned(),
                uri: file.uri.clone(),
                location: location(scenario.location),
            })
        })
        .collect()
}

/// Tags that will mean something, and do not yet.
#[derive(Default)]
struct Reserved {
    /// For each such tag: how many scenarios have it, and where the first is.
    seen: HashMap<Arc<str>, (usize, Arc<str>, Location)>,
    order: Vec<Arc<str>>,
}

impl Reserved {
    fn notice(&mut self, feature: &PlannedFeature) {
        for scenario in &feature.scenarios {
            for tag in scenario.tags.iter().filter(|tag| is_reserved(tag)) {
                if let Some((count, ..)) = self.seen.get_mut(tag) {
                    *count += 1;
                } else {
                    let first = (1, feature.uri.clone(), scenario.location);
                    self.seen.insert(tag.clone(), first);
                    self.order.push(tag.clone());
                }
            }
        }
    }

    fn warnings(self) -> Vec<Warning> {
        let warning = |tag: &Arc<str>| {
            let (count, uri, location) = self.seen.get(tag)?;
            let scenarios = match count {
                1 => "1 scenario has".to_owned(),
                count => format!("{count} scenarios have"),
            };
            Some(Warning {
                message: format!("the tag {tag} has no effect yet; {scenarios} it"),
                uri: uri.clone(),
                location: *location,
            })
        };
        self.order.iter().filter_map(warning).collect()
    }
}

fn is_reserved(tag: &str) -> bool {
    tag == "@serial" || tag.starts_with("@retry(") || tag.starts_with("@timeout(")
}

fn location(location: gherkin::Location) -> Location {
    Location {
        line: location.line,
        column: location.column,
    }
}
