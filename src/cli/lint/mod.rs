//! `bdd lint`: what is wrong or hard to read in feature files.

mod explain;
mod output;
mod step_rules;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::prepare::feature_warnings;
use super::whole_files::{WholeFileArgs, refuse_parts};
use super::{Exit, Failure};
use crate::config::{Config, Environment, LintLevel};
use crate::discover::{FeatureFile, discover};
use crate::format::replace;
use crate::gherkin;
use crate::input;
use crate::lint::{
    Edit, LintFinding, LintedFile, add_fixes, fixed, style_findings, without_ignored,
};
use crate::plan::{
    FeatureText, Ignore, KnownTags, ParsedFeature, Unparsed, ignores, plan_documents,
};
use crate::rule::LintRule;
use step_rules::StepRules;

/// The arguments of `bdd lint`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LintArgs {
    /// Feature files, folders or globs
    ///
    /// The default is `features` in bdd.toml, else the folder `features` in the current directory or one of
    /// its parents. Rules about several files, such as similar-tags, see only these.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// The form of the findings
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    format: LintFormat,

    /// Mend what can be mended without a change of meaning, and show the rest
    #[arg(long)]
    fix: bool,

    /// Exit with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,

    /// Leave out the rules about step definitions, so that no step program is started
    #[arg(long)]
    no_steps: bool,

    /// Explain a rule, or list all of them with `all`
    #[arg(long, value_name = "RULE", conflicts_with_all = ["paths", "fix"])]
    explain: Option<String>,

    #[command(flatten)]
    files: WholeFileArgs,
}

impl LintArgs {
    /// Whether the output is JSON.
    pub fn prints_json(&self) -> bool {
        let is_json = matches!(self.format, LintFormat::Json | LintFormat::Sarif);
        is_json && self.explain.is_none()
    }
}

const EXAMPLES: &str = "\
Examples:
  bdd lint                              all features of the project
  bdd lint --fix features/shop          one folder; mend what is safe
  bdd lint --explain unused-column      what a rule is for
  bdd lint --format sarif > lint.sarif  for code scanning

The comment `# bdd-lint: ignore RULE` above a feature, scenario, step or line turns a rule off there.
[lint] in bdd.toml sets the level of each rule: off, warn or error.

Rules about step definitions ask the step program of the last build what it defines. Nothing is built.

Exit codes:
  0  no finding is an error
  1  a finding is an error; with --deny-warnings, there is a finding
  2  wrong usage or configuration, or a file cannot be written
  3  a feature file does not parse
  4  there are no feature files";

/// How to show findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum LintFormat {
    /// A line for each finding
    #[default]
    Text,
    /// One JSON document, described in docs/lint.md
    Json,
    /// Annotations in GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Findings with their levels, and the files that do not parse.
struct LintResult {
    /// In the order of files and lines.
    findings: Vec<(LintLevel, LintFinding)>,
    unparsed: Vec<Unparsed>,
    /// How many findings were mended.
    mended: usize,
}

/// Shows findings.
///
/// # Errors
/// When there is nothing to check, a file cannot be written, or standard output cannot be written.
pub fn run(
    arguments: &LintArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    if let Some(name) = &arguments.explain {
        return explain::explain(name, out);
    }
    let flags = arguments.files.flags(&arguments.paths);
    let mut config = Config::load(&flags, environment)?;
    // The settings of runs select scenarios; here all of a file counts.
    config.selection.tags.clear();
    // What these are is the business of the levels.
    config.selection.strict_text = false;
    let found = discover(&config.project, &config.selection)?;
    refuse_parts(&found, "`bdd lint` checks")?;
    if found.files.is_empty() {
        let message = format!("no feature files in {}{}", found.searched, found.left_out);
        return Err(Failure::new(Exit::Nothing, message).hint("name files or folders"));
    }
    for notice in config.warnings.iter().chain(&found.warnings) {
        writeln!(err, "warning: {notice}")?;
    }
    let steps = match arguments.no_steps {
        true => None,
        false => {
            let whole_project = arguments.files.takes_all(&arguments.paths);
            StepRules::begin(&config, environment, whole_project, err)?
        }
    };
    let mut linter = Linter {
        config: &config,
        files: &found.files,
        steps,
    };
    let mut result = linter.check()?;
    if arguments.fix {
        result = linter.mend(result)?;
    }
    linter.end(err)?;
    match arguments.format {
        LintFormat::Text => output::text(&result, out, err)?,
        LintFormat::Json => output::json(&result, out)?,
        LintFormat::Github => output::github(&result, out)?,
        LintFormat::Sarif => output::sarif(&result, out)?,
    }
    Ok(result.exit(arguments.deny_warnings))
}

impl LintResult {
    fn exit(&self, deny_warnings: bool) -> Exit {
        let fails = |level: LintLevel| deny_warnings || level == LintLevel::Error;
        match self {
            _ if !self.unparsed.is_empty() => Exit::Parse,
            _ if self.findings.iter().any(|(level, _)| fails(*level)) => Exit::Failed,
            _ => Exit::Success,
        }
    }
}

/// Checks the files of a project, once or again.
struct Linter<'l> {
    config: &'l Config,
    files: &'l [FeatureFile],
    /// The step program, if rules need it and it can answer.
    steps: Option<StepRules>,
}

impl Linter<'_> {
    /// Finds what breaks rules. Each file is read once and parsed once.
    fn check(&mut self) -> Result<LintResult, Failure> {
        let (config, files) = (self.config, self.files);
        let options = config.selection.parse_options();
        let texts: Vec<FeatureText<'_>> = files.iter().map(FeatureText::read).collect();
        let parsed: Vec<ParsedFeature<'_>> =
            (texts.iter().map(|text| text.parse(&options))).collect();
        let mut planning = plan_documents(&parsed, &config.selection);
        let warnings = feature_warnings(config, files, &mut planning)?;
        let linted: Vec<LintedFile<'_>> = parsed.into_iter().filter_map(linted).collect();
        let mut findings: Vec<LintFinding> = warnings.iter().map(Into::into).collect();
        add_fixes(&mut findings, &linted);
        findings.extend(style_findings(
            &linted,
            &KnownTags::of(config).with_effect(),
        ));
        let all_parse = planning.unparsed.is_empty();
        let asked_steps = self.steps.as_mut().is_some_and(|steps| {
            steps.add_findings(config, &planning.plan, all_parse, &mut findings)
        });
        let is_checked = |rule: LintRule| {
            config.lint_level(rule) != LintLevel::Off && (asked_steps || !rule.needs_steps())
        };
        let comments: Vec<(&Arc<str>, &[Ignore])> = (linted.iter())
            .map(|file| (&file.uri, &*file.ignores))
            .collect();
        let findings = without_ignored(findings, &comments, is_checked);
        Ok(LintResult {
            findings: self.sorted(findings),
            unparsed: (planning.unparsed.into_iter())
                .filter(|error| !error.follows)
                .collect(),
            mended: 0,
        })
    }

    /// The findings that are reported, in the order of files and lines; those about other files than features are last.
    fn sorted(&self, findings: Vec<LintFinding>) -> Vec<(LintLevel, LintFinding)> {
        let order: BTreeMap<&str, usize> = (self.files.iter().map(|file| &*file.uri))
            .zip(0..)
            .collect();
        let mut all: Vec<(LintLevel, LintFinding)> = findings
            .into_iter()
            .map(|finding| (self.config.lint_level(finding.rule), finding))
            .filter(|(level, _)| *level != LintLevel::Off)
            .collect();
        all.sort_by_cached_key(|(_, finding)| {
            let file = order.get(&*finding.uri).copied();
            let file = file.unwrap_or(usize::MAX);
            (file, finding.uri.clone(), finding.location, finding.rule)
        });
        all
    }

    /// Mends what can be mended, and checks again: a change may make others possible.
    fn mend(&mut self, mut result: LintResult) -> Result<LintResult, Failure> {
        /// An empty background makes its rule no emptier: two rounds are enough, and more do no harm.
        const ROUNDS: usize = 5;
        let mut mended = 0;
        for _ in 0..ROUNDS {
            let mut edits: HashMap<&str, Vec<&Edit>> = HashMap::new();
            for (_, finding) in &result.findings {
                let of_file = edits.entry(&finding.uri).or_default();
                of_file.extend(&finding.fix);
            }
            let mut changed = 0;
            for file in self.files {
                let edits = edits.get(&*file.uri).map(Vec::as_slice);
                changed += mend_file(edits.unwrap_or_default(), self.config, file)?;
            }
            if changed == 0 {
                break;
            }
            mended += changed;
            result = self.check()?;
        }
        result.mended = mended;
        Ok(result)
    }

    /// Lets the step program end.
    fn end(self, err: &mut dyn Write) -> io::Result<()> {
        match self.steps {
            Some(steps) => steps.end(err),
            None => Ok(()),
        }
    }
}

fn linted(file: ParsedFeature<'_>) -> Option<LintedFile<'_>> {
    let uri = file.file().uri.clone();
    let (source, document) = file.into_document()?;
    Some(LintedFile {
        uri,
        source,
        ignores: ignores(source, &document),
        document,
    })
}

/// Mends one file; the number of findings that are mended.
fn mend_file(edits: &[&Edit], config: &Config, file: &FeatureFile) -> Result<usize, Failure> {
    if edits.is_empty() {
        return Ok(0);
    }
    let failed = |why: &str| Failure::usage(format!("cannot mend {}: {why}", file.uri));
    let bytes =
        input::read(&file.path).map_err(|error| failed(&crate::system_error::reason(&error)))?;
    let source = gherkin::decode(&bytes).map_err(|error| failed(&error.message()))?;
    let options = config.selection.parse_options();
    let Some(text) = fixed(source, edits, &options.for_path(&file.uri)) else {
        return Ok(0);
    };
    let mark = &bytes[..bytes.len() - source.len()];
    replace(&file.path, &bytes, &[mark, text.as_bytes()].concat())
        .map_err(|error| failed(&error.to_string()))?;
    Ok(edits.len())
}
