//! The plan of a stream: its pickles, with what its documents say about them.

use std::collections::HashMap;
use std::sync::Arc;

use super::envelope::{
    ForeignArgument, ForeignDocument, ForeignExamples, ForeignNode, ForeignPickle,
    ForeignPickleStep, ForeignRow, ForeignStep, ForeignTag,
};
use crate::plan::{
    KeywordType, Location, OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep,
    StepArgument, StepWording, TextList, id_without_ordinal,
};

/// The features of a stream, and where its ids stand in them.
#[derive(Debug, Default)]
pub(super) struct ForeignPlan {
    features: Vec<PlannedFeature>,
    by_uri: HashMap<String, usize>,
    nodes: HashMap<String, AstNode>,
    pickles: HashMap<String, PickleEntry>,
    ids: HashMap<String, u32>,
    next: u32,
}

/// A pickle in the plan.
#[derive(Debug)]
pub(super) struct PickleEntry {
    /// The number of its scenario.
    pub(super) scenario: u32,
    /// The ids of its steps, in order.
    pub(super) steps: Vec<String>,
}

/// What a document says about an id.
#[derive(Debug)]
enum AstNode {
    Scenario {
        keyword: Arc<str>,
        name: Arc<str>,
        description: Arc<str>,
        location: Location,
        rule: Option<usize>,
    },
    Row {
        examples: Arc<str>,
        header: Arc<TextList>,
        cells: TextList,
        location: Location,
    },
    Step {
        keyword: Arc<str>,
        location: Location,
        background: bool,
    },
}

impl ForeignPlan {
    /// The features in the order of the stream.
    pub(super) fn features(&self) -> &[PlannedFeature] {
        &self.features
    }

    /// Leaves out all other scenarios.
    pub(super) fn keep(&mut self, is_kept: impl Fn(u32) -> bool) {
        for feature in &mut self.features {
            let scenarios = &mut feature.scenarios;
            scenarios.retain(|scenario| is_kept(scenario.index));
        }
    }

    /// A pickle by its id.
    pub(super) fn pickle(&self, id: &str) -> Option<&PickleEntry> {
        self.pickles.get(id)
    }

    pub(super) fn add_document(&mut self, document: ForeignDocument) {
        let Some(feature) = document.feature else {
            return;
        };
        let position = self.feature(&document.uri, &feature.language);
        let planned = &mut self.features[position];
        planned.language = feature.language.as_str().into();
        planned.keyword = feature.keyword.as_str().into();
        planned.name = feature.name.as_str().into();
        planned.description = feature.description.as_str().into();
        planned.tags = tags(&feature.tags);
        planned.location = feature.location.to_location();
        self.add_children(position, feature, None);
    }

    fn add_children(&mut self, feature: usize, parent: ForeignNode, rule: Option<usize>) {
        for child in parent.children {
            if let Some(background) = child.background {
                self.add_steps(&background.steps, true);
            }
            if let Some(scenario) = child.scenario {
                self.add_scenario(scenario, rule);
            }
            if let Some(child) = child.rule {
                let rules = &mut self.features[feature].rules;
                rules.push(PlannedRule {
                    keyword: child.keyword.as_str().into(),
                    name: child.name.as_str().into(),
                    description: child.description.as_str().into(),
                    tags: tags(&child.tags),
                    location: child.location.to_location(),
                });
                let rule = rules.len() - 1;
                self.add_children(feature, child, Some(rule));
            }
        }
    }

    fn add_scenario(&mut self, scenario: ForeignNode, rule: Option<usize>) {
        self.add_steps(&scenario.steps, false);
        for examples in &scenario.examples {
            self.add_rows(examples);
        }
        let node = AstNode::Scenario {
            keyword: scenario.keyword.into(),
            name: scenario.name.into(),
            description: scenario.description.into(),
            location: scenario.location.to_location(),
            rule,
        };
        self.nodes.insert(scenario.id, node);
    }

    fn add_rows(&mut self, examples: &ForeignExamples) {
        let name: Arc<str> = examples.name.as_str().into();
        let header = examples.table_header.as_ref().map(cells);
        let header = Arc::new(header.unwrap_or_default());
        for row in &examples.table_body {
            let node = AstNode::Row {
                examples: Arc::clone(&name),
                header: Arc::clone(&header),
                cells: cells(row),
                location: row.location.to_location(),
            };
            self.nodes.insert(row.id.clone(), node);
        }
    }

    fn add_steps(&mut self, steps: &[ForeignStep], background: bool) {
        for step in steps {
            let node = AstNode::Step {
                keyword: step.keyword.as_str().into(),
                location: step.location.to_location(),
                background,
            };
            self.nodes.insert(step.id.clone(), node);
        }
    }

    /// The position of a feature file, which is new if it is not known.
    fn feature(&mut self, uri: &str, language: &str) -> usize {
        if let Some(known) = self.by_uri.get(uri) {
            return *known;
        }
        let feature = PlannedFeature::bare(uri.into(), language.into());
        self.features.push(feature);
        self.by_uri.insert(uri.to_owned(), self.features.len() - 1);
        self.features.len() - 1
    }

    pub(super) fn add_pickle(&mut self, pickle: ForeignPickle) {
        let feature = self.feature(&pickle.uri, &pickle.language);
        let steps: Vec<PlannedStep> = pickle.steps.iter().map(|step| self.step(step)).collect();
        let mut scenario = PlannedScenario {
            index: self.next,
            id: "".into(),
            keyword: "Scenario".into(),
            name: pickle.name.as_str().into(),
            description: "".into(),
            row: None,
            // Its tools do not all say where it stands.
            location: Location { line: 0, column: 0 },
            tags: tags(&pickle.tags).into(),
            rule: None,
            steps,
        };
        self.next += 1;
        let nodes: Vec<&AstNode> = (pickle.ast_node_ids.iter())
            .filter_map(|id| self.nodes.get(id))
            .collect();
        for node in &nodes {
            apply(node, &mut scenario);
        }
        if !nodes.iter().any(|node| matches!(node, AstNode::Row { .. })) {
            scenario.row = None;
        }
        if let Some(location) = pickle.location {
            scenario.location = location.to_location();
        }
        let id = id_without_ordinal(&self.features[feature], &scenario);
        let ordinal = self.ids.entry(id.clone()).or_default();
        *ordinal += 1;
        scenario.id = match ordinal {
            1 => id.into(),
            ordinal => format!("{id}::#{ordinal}").into(),
        };
        let entry = PickleEntry {
            scenario: scenario.index,
            steps: pickle.steps.into_iter().map(|step| step.id).collect(),
        };
        self.pickles.insert(pickle.id, entry);
        self.features[feature].scenarios.push(scenario);
    }

    fn step(&self, step: &ForeignPickleStep) -> PlannedStep {
        let mut planned = PlannedStep::new(
            StepWording {
                keyword: "* ".into(),
                keyword_type: keyword_type(&step.kind),
                text: step.text.as_str().into(),
                arguments: step.argument.iter().filter_map(argument).collect(),
                background: false,
            },
            Location { line: 0, column: 0 },
        );
        let mut nodes = step.ast_node_ids.iter().map(|id| self.nodes.get(id));
        if let Some(AstNode::Step {
            keyword,
            location,
            background,
        }) = nodes.find_map(|node| node)
        {
            planned.keyword = Arc::clone(keyword);
            planned.location = *location;
            planned.background = *background;
        }
        planned
    }
}

/// Adds what a document says about a node of a pickle: first its scenario, then its row.
fn apply(node: &AstNode, scenario: &mut PlannedScenario) {
    match node {
        AstNode::Scenario {
            keyword,
            name,
            description,
            location,
            rule,
        } => {
            scenario.keyword = Arc::clone(keyword);
            scenario.description = Arc::clone(description);
            scenario.location = *location;
            scenario.rule = *rule;
            // The name of the outline, if a row follows.
            scenario.row = Some(Box::new(OutlineRow {
                outline: Arc::clone(name),
                outline_line: location.line,
                examples: "".into(),
                header: Arc::default(),
                cells: TextList::default(),
            }));
        }
        AstNode::Row {
            examples,
            header,
            cells,
            location,
        } => {
            scenario.location = *location;
            if let Some(row) = &mut scenario.row {
                row.examples = Arc::clone(examples);
                row.header = Arc::clone(header);
                row.cells.clone_from(cells);
            }
        }
        AstNode::Step { .. } => {}
    }
}

fn tags(tags: &[ForeignTag]) -> Vec<Arc<str>> {
    tags.iter().map(|tag| tag.name.as_str().into()).collect()
}

fn cells(row: &ForeignRow) -> TextList {
    row.cells.iter().map(|cell| &cell.value).collect()
}

fn keyword_type(kind: &str) -> KeywordType {
    match kind {
        "Context" => KeywordType::Context,
        "Action" => KeywordType::Action,
        "Outcome" => KeywordType::Outcome,
        _ => KeywordType::Unknown,
    }
}

fn argument(argument: &ForeignArgument) -> Option<StepArgument> {
    if let Some(table) = &argument.data_table {
        let rows = table.rows.iter();
        let rows = rows.map(|row| row.cells.iter().map(|cell| &cell.value));
        return Some(StepArgument::Table(rows.collect()));
    }
    let text = argument.doc_string.as_ref()?;
    Some(StepArgument::DocString {
        media_type: text.media_type.as_deref().map(Into::into),
        content: text.content.as_str().into(),
    })
}
