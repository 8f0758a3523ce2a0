//! `bdd config`: each setting, and where it comes from.

use std::io::{self, BufWriter, Write};

use clap::Args;
use console::measure_text_width;
use serde_json::{Value, json};

use super::run::RunArgs;
use super::{Exit, Failure};
use crate::config::{Config, Environment, Origin, SettingRow, Sources, StepsSource};
use crate::paths::from_directory;

/// The arguments of `bdd config`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    /// Show the settings as one JSON document, described in docs/config.md
    #[arg(long, help_heading = "General")]
    json: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl ConfigArgs {
    /// Whether the output is JSON.
    pub fn prints_json(&self) -> bool {
        self.json
    }
}

const EXAMPLES: &str = "\
Examples:
  bdd config                       the settings of `bdd run`
  bdd config --profile ci -j 2     those of `bdd run --profile ci -j 2`
  bdd config --json | jq '.settings[] | select(.from.kind != \"default\")'";

/// Shows the settings that `bdd run` has with the same arguments.
///
/// # Errors
/// When there are none, or standard output cannot be written.
pub fn run(
    arguments: &ConfigArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = &arguments.run.flags;
    let sources = Sources::read(flags, environment)?;
    let config = sources.config(flags, environment)?;
    for warning in &config.warnings {
        writeln!(err, "warning: {warning}")?;
    }
    let mut rows = sources.rows();
    rows.extend(convention(&config, &rows));
    let mut out = BufWriter::new(out);
    match arguments.json {
        true => json(&config, &sources.profiles, &rows, &mut out)?,
        false => text(&config, &sources.profiles, &rows, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Success)
}

/// The step crate or the suite beside the features, when it is taken because no setting names another.
fn convention(config: &Config, rows: &[SettingRow]) -> Option<SettingRow> {
    let named = |row: &SettingRow| {
        let key = row.key.as_str();
        let program = ["steps", "steps.path", "steps.package", "steps.target"].contains(&key);
        (program || key == "steps.command") && row.origin != Origin::Default
    };
    if rows.iter().any(named) {
        return None;
    }
    let folder = match config.steps.source().ok()? {
        StepsSource::Cargo { manifest, .. } => manifest.as_ref()?.parent()?,
        StepsSource::Python(suite) => &suite.base,
        StepsSource::Program(_) | StepsSource::Command(_) => return None,
    };
    Some(SettingRow {
        key: "steps".to_owned(),
        value: from_directory(folder, &config.project.directory).into(),
        origin: Origin::Default,
    })
}

/// The maximum width of a column. A longer value shifts only its own line.
const WIDEST: usize = 44;

fn text(
    config: &Config,
    profiles: &[String],
    rows: &[SettingRow],
    out: &mut impl Write,
) -> io::Result<()> {
    let root = from_directory(&config.project.root, &config.project.directory);
    let file = config.project.shown_file();
    let profile = match profiles.split_first() {
        None => "none".to_owned(),
        Some((profile, [])) => profile.clone(),
        Some((profile, bases)) => format!("{profile}, which inherits {}", bases.join(", ")),
    };
    let mut lines = vec![
        ["root".to_owned(), root, String::new()],
        [
            "settings file".to_owned(),
            file.unwrap_or_else(|| "none".to_owned()),
            String::new(),
        ],
        ["profile".to_owned(), profile, String::new()],
        Default::default(),
    ];
    lines.extend(rows.iter().map(|row| {
        let value = shown(&row.value).unwrap_or_else(|| unset(&row.key).to_owned());
        [row.key.clone(), value, row.origin.to_string()]
    }));
    let width = |column: usize| {
        let widths = lines.iter().map(|line| measure_text_width(&line[column]));
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let widths = [width(0), width(1)];
    for [key, value, origin] in &lines {
        let mut line = String::new();
        for (text, width) in [key, value].into_iter().zip(widths) {
            line.push_str(text);
            let missing = width.saturating_sub(measure_text_width(text));
            line.push_str(&" ".repeat(missing + 2));
        }
        line.push_str(origin);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A value on one line; `None` when there is none.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        // Line breaks and what else would move the cursor stay visible.
        Value::String(text) if text.is_empty() || text.chars().any(char::is_control) => {
            Some(format!("{text:?}"))
        }
        Value::String(text) => Some(text.clone()),
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().filter_map(shown).collect();
            Some(texts.join(", "))
        }
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| Some(format!("{name} {}", shown(value)?));
            let texts: Vec<String> = members.iter().filter_map(member).collect();
            Some(texts.join(", "))
        }
        other => Some(other.to_string()),
    }
}

/// What applies where a setting has no value.
fn unset(key: &str) -> &'static str {
    match key {
        "features" => "the folder features",
        "format" => "pretty on a terminal, else progress",
        "slow-after" => "half of the time limit, at most 1m",
        _ => "none",
    }
}

/// The version of the JSON. It increases when readers of the old version would misread the new one.
const VERSION: u32 = 1;

fn json(
    config: &Config,
    profiles: &[String],
    rows: &[SettingRow],
    out: &mut impl Write,
) -> io::Result<()> {
    let settings: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "key": row.key, "value": row.value, "from": from(&row.origin) }))
        .collect();
    let document = json!({
        "version": VERSION,
        "root": config.project.root.to_string_lossy(),
        "file": config.project.file.as_ref().map(|file| file.to_string_lossy()),
        "profiles": profiles,
        "settings": settings,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn from(origin: &Origin) -> Value {
    match origin {
        Origin::Default => json!({ "kind": "default" }),
        Origin::File { file, line, .. } => json!({ "kind": "file", "file": file, "line": line }),
        Origin::Profile {
            name, file, line, ..
        } => {
            json!({ "kind": "profile", "profile": name, "file": file, "line": line })
        }
        Origin::Variable(name) => json!({ "kind": "variable", "variable": name }),
        Origin::Flag(flag) => json!({ "kind": "flag", "flag": flag }),
        Origin::Several(all) => {
            json!({ "kind": "several", "origins": all.iter().map(from).collect::<Vec<_>>() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_on_a_line() {
        assert_eq!(shown(&json!(null)), None);
        assert_eq!(shown(&json!([])), None);
        assert_eq!(shown(&json!(["a", "b"])).as_deref(), Some("a, b"));
        assert_eq!(shown(&json!("")).as_deref(), Some("\"\""));
        assert_eq!(shown(&json!("a\nb")).as_deref(), Some("\"a\\nb\""));
        assert_eq!(
            shown(&json!({ "limit": 2, "tags": "@db" })).as_deref(),
            Some("limit 2, tags @db")
        );
    }
}
