//! `bdd list`: what would run.

use std::io::{self, BufWriter, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::prepare::{Prepared, counted, located, prepare_selected};
use super::{Exit, Failure};
use crate::config::Environment;
use crate::config::flags::{FileFlags, SelectionFlags};
use crate::plan::{KeywordType, Plan, PlannedFeature, PlannedScenario, PlannedStep};
use crate::report::one_line;

/// The arguments of `bdd list`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArgs {
    /// The form of the list
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    format: ListFormat,
    #[command(flatten)]
    file: FileFlags,
    #[command(flatten)]
    selection: SelectionFlags,
}

impl ListArgs {
    /// Whether the output is JSON.
    pub fn prints_json(&self) -> bool {
        matches!(self.format, ListFormat::Json)
    }
}

const EXAMPLES: &str = "\
Examples:
  bdd list                              all scenarios
  bdd list --tags 'not @slow' features  scenarios of a folder without @slow
  bdd list --format json | jq '.scenarios[].id'";

/// How to show what would run.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ListFormat {
    /// A line for each scenario below its feature and rule
    #[default]
    Text,
    /// One JSON document, described in docs/selection.md
    Json,
}

/// Lists what would run.
///
/// # Errors
/// When the selection makes no sense, or standard output cannot be written.
pub fn run(
    arguments: &ListArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (_, prepared) = prepare_selected(&arguments.file, &arguments.selection, environment, err)?;
    let mut out = BufWriter::new(out);
    match arguments.format {
        _ if prepared.stopped => {}
        ListFormat::Text if prepared.plan.features.is_empty() => {}
        ListFormat::Text => text(&prepared, &mut out)?,
        ListFormat::Json => json(&prepared, &mut out)?,
    }
    out.flush()?;
    Ok(prepared.exit())
}

fn text(prepared: &Prepared, out: &mut impl Write) -> io::Result<()> {
    let plan = &prepared.plan;
    for feature in &plan.features {
        writeln!(out, "{}: {}", feature.keyword, one_line(&feature.name))?;
        let mut rule = None;
        for scenario in &feature.scenarios {
            if scenario.rule != rule {
                rule = scenario.rule;
                if let Some(rule) = rule.and_then(|rule| feature.rules.get(rule)) {
                    writeln!(out, "  {}: {}", rule.keyword, one_line(&rule.name))?;
                }
            }
            let indent = if rule.is_some() { "    " } else { "  " };
            writeln!(out, "{indent}{}", located(&feature.uri, scenario))?;
        }
    }
    let counts = ListedCounts::of(plan);
    write!(
        out,
        "\n{}, {}, {}",
        counted(counts.features, "feature"),
        counted(counts.scenarios, "scenario"),
        counted(counts.steps, "step")
    )?;
    if let Some(shard) = &prepared.shard {
        let all = counted(shard.scenarios.len(), "scenario");
        write!(out, " (shard {} of {all})", shard.shard)?;
    }
    out.write_all(b"\n")
}

/// The version of the JSON; it grows when a reader of the old one would misread the new.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct ListedCounts {
    features: usize,
    scenarios: usize,
    steps: usize,
}

impl ListedCounts {
    fn of(plan: &Plan) -> Self {
        let scenarios = || plan.features.iter().flat_map(|feature| &feature.scenarios);
        Self {
            features: plan.features.len(),
            scenarios: scenarios().count(),
            steps: scenarios().map(|scenario| scenario.steps.len()).sum(),
        }
    }
}

/// The shard that is listed, and how many scenarios all shards have.
#[derive(Serialize)]
struct ShownShard<'p> {
    shard: &'p str,
    selection: &'p str,
    scenarios: usize,
}

#[derive(Serialize)]
struct ListedScenario<'p> {
    id: &'p str,
    uri: &'p str,
    line: u32,
    feature: &'p str,
    rule: Option<&'p str>,
    keyword: &'p str,
    name: &'p str,
    tags: Vec<&'p str>,
    row: Option<ListedRow<'p>>,
    steps: Vec<ListedStep<'p>>,
}

#[derive(Serialize)]
struct ListedRow<'p> {
    outline: &'p str,
    outline_line: u32,
    examples: &'p str,
    header: Vec<&'p str>,
    cells: Vec<&'p str>,
}

#[derive(Serialize)]
struct ListedStep<'p> {
    keyword: &'p str,
    keyword_type: KeywordType,
    text: &'p str,
    line: u32,
    background: bool,
}

/// Writes one scenario after the other: the list may be long.
fn json(prepared: &Prepared, out: &mut impl Write) -> io::Result<()> {
    let plan = &prepared.plan;
    write!(out, "{{\n\"version\": {VERSION},\n")?;
    if let Some(shard) = &prepared.shard {
        let shown = ShownShard {
            shard: &shard.shard,
            selection: &shard.selection,
            scenarios: shard.scenarios.len(),
        };
        out.write_all(b"\"shard\": ")?;
        serde_json::to_writer(&mut *out, &shown)?;
        out.write_all(b",\n")?;
    }
    out.write_all(b"\"scenarios\": [")?;
    let mut separator = "\n";
    for feature in &plan.features {
        for scenario in &feature.scenarios {
            out.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut *out, &shown(feature, scenario))?;
            separator = ",\n";
        }
    }
    write!(out, "\n],\n\"counts\": ")?;
    serde_json::to_writer(&mut *out, &ListedCounts::of(plan))?;
    out.write_all(b"\n}\n")
}

fn shown<'p>(feature: &'p PlannedFeature, scenario: &'p PlannedScenario) -> ListedScenario<'p> {
    let rule = scenario.rule.and_then(|rule| feature.rules.get(rule));
    let texts = |texts: &'p [std::sync::Arc<str>]| texts.iter().map(AsRef::as_ref).collect();
    ListedScenario {
        id: &scenario.id,
        uri: &feature.uri,
        line: scenario.location.line,
        feature: &feature.name,
        rule: rule.map(|rule| rule.name.as_ref()),
        keyword: &scenario.keyword,
        name: &scenario.name,
        tags: texts(&scenario.tags),
        row: scenario.row.as_ref().map(|row| ListedRow {
            outline: &row.outline,
            outline_line: row.outline_line,
            examples: &row.examples,
            header: row.header.iter().collect(),
            cells: row.cells.iter().collect(),
        }),
        steps: scenario.steps.iter().map(step).collect(),
    }
}

fn step(step: &PlannedStep) -> ListedStep<'_> {
    ListedStep {
        keyword: &step.keyword,
        keyword_type: step.keyword_type,
        text: &step.text,
        line: step.location.line,
        background: step.background,
    }
}
