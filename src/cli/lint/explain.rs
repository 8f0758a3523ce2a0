//! `bdd lint --explain`: what a rule is for.

use std::io::Write;

use super::super::{Exit, Failure};
use crate::rule::LintRule;
use crate::spelling::nearest;

/// Explains the rule of this name, or lists all rules.
///
/// # Errors
/// When there is no such rule, or standard output cannot be written.
pub(super) fn explain(name: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    if name == "all" {
        for rule in LintRule::ALL {
            writeln!(out, "{:<20}  {}", rule.name(), rule.summary())?;
        }
        out.flush()?;
        return Ok(Exit::Success);
    }
    let Some(rule) = LintRule::named(name) else {
        let names = LintRule::ALL.iter().map(|rule| rule.name());
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`bdd lint --explain all` lists the rules".to_owned(),
        };
        return Err(Failure::usage(format!("unknown rule `{name}`")).hint(hint));
    };
    writeln!(out, "{}: {}\n", rule.name(), rule.summary())?;
    writeln!(out, "{}\n", rule.explanation())?;
    let place = match (rule.is_in_runs(), rule.needs_steps()) {
        (true, _) => "`bdd run` and `bdd list` warn about it too.",
        (false, false) => "Only `bdd lint` reports it.",
        (false, true) => {
            "Only `bdd lint` reports it, and only if there is a step program that is not older than its sources."
        }
    };
    let level = if rule.is_on() { "warn" } else { "off" };
    writeln!(
        out,
        "Level: {level}, unless [lint] in bdd.toml says `{name} = \"off\"`, `\"warn\"` or `\"error\"`."
    )?;
    writeln!(out, "{place}")?;
    out.flush()?;
    Ok(Exit::Success)
}
