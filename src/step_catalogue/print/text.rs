//! The catalogue for a terminal.

use std::io::{self, Write};

use super::super::{CatalogueEntry, StepCatalogue, TextMatch};
use super::{by_file, place};
use crate::event::ArgumentGroup;
use crate::report::{duration, one_line};

/// Prints entries by file, and then how many there are.
///
/// # Errors
/// Only those of the stream.
pub fn overview(
    catalogue: &StepCatalogue,
    shown: &[usize],
    out: &mut impl Write,
) -> io::Result<()> {
    for (file, positions) in by_file(catalogue, shown) {
        writeln!(out, "{}", one_line(file))?;
        for position in positions {
            entry(catalogue, position, out)?;
        }
        writeln!(out)?;
    }
    for unusable in catalogue.unusable() {
        let location = &unusable.location;
        writeln!(
            out,
            "not usable: {}  {}:{}  it names the unknown parameter type {{{}}}",
            one_line(&unusable.expression),
            one_line(&location.file),
            location.line,
            one_line(&unusable.parameter_type)
        )?;
    }
    writeln!(out, "{}", summary(catalogue, shown))
}

/// How many entries there are, and how many of them need attention.
#[must_use]
pub fn summary(catalogue: &StepCatalogue, shown: &[usize]) -> String {
    let count = |fits: fn(&CatalogueEntry) -> bool| {
        let shown = shown.iter().map(|position| &catalogue.entries()[*position]);
        shown.filter(|entry| fits(entry)).count()
    };
    let unused = count(|entry| entry.uses() == 0);
    let overlapping = count(|entry| !entry.overlaps().is_empty());
    let noun = if shown.len() == 1 {
        "step definition"
    } else {
        "step definitions"
    };
    format!(
        "{} {noun}, {unused} unused, {overlapping} overlapping",
        shown.len()
    )
}

/// Prints one entry.
///
/// # Errors
/// Only those of the stream.
pub fn entry(catalogue: &StepCatalogue, position: usize, out: &mut impl Write) -> io::Result<()> {
    let entry = &catalogue.entries()[position];
    let definition = entry.definition();
    writeln!(
        out,
        "  {:<5}  {}",
        definition.keyword,
        one_line(&definition.pattern)
    )?;
    let uses = match entry.uses() {
        0 => "unused".to_owned(),
        1 => "1 use".to_owned(),
        uses => format!("{uses} uses"),
    };
    let mean = entry
        .mean_nanos()
        .map(|nanos| format!(", mean {}", duration(nanos)));
    writeln!(
        out,
        "         {}  {uses}{}",
        one_line(&place(entry)),
        mean.unwrap_or_default()
    )?;
    for line in entry.doc().lines() {
        writeln!(out, "         {}", one_line(line))?;
    }
    if let Some(used) = entry.texts().first() {
        let (text, uri) = (one_line(&used.text), one_line(&used.uri));
        writeln!(out, "         e.g. {text}  ({uri}:{})", used.line)?;
    }
    for overlap in entry.overlaps() {
        let other = &catalogue.entries()[overlap.with];
        writeln!(
            out,
            "         overlaps {} ({}): both match `{}`",
            one_line(&other.definition().pattern),
            one_line(&place(other)),
            one_line(&overlap.text)
        )?;
    }
    Ok(())
}

/// Prints which definition a text would get.
///
/// # Errors
/// Only those of the stream.
pub fn matched(
    catalogue: &StepCatalogue,
    matched: &TextMatch,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = one_line(&matched.text);
    match &matched.fitting[..] {
        [] => {
            writeln!(out, "no definition matches `{text}`")?;
            if let Some(hint) = &matched.hint {
                writeln!(out, "hint: {}", one_line(hint))?;
            }
            if !matched.nearest.is_empty() {
                writeln!(out, "\nnearest:")?;
            }
            matched
                .nearest
                .iter()
                .try_for_each(|position| entry(catalogue, *position, out))
        }
        fitting => {
            match fitting.len() {
                1 => writeln!(out, "`{text}` runs:")?,
                several => writeln!(out, "`{text}` is ambiguous: {several} definitions match")?,
            }
            for one in fitting {
                entry(catalogue, one.position, out)?;
                arguments(&one.arguments, out)?;
            }
            Ok(())
        }
    }
}

fn arguments(groups: &[ArgumentGroup], out: &mut impl Write) -> io::Result<()> {
    for (number, group) in (1..).zip(groups) {
        let kind = group.parameter_type.as_deref();
        let kind = kind.map_or(String::new(), |name| format!(" {{{}}}", one_line(name)));
        match &group.value {
            Some(value) => writeln!(out, "         argument {number}{kind}: {}", one_line(value))?,
            None => writeln!(out, "         argument {number}{kind}: left out")?,
        }
    }
    Ok(())
}
