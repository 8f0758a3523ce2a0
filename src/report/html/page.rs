//! The page as a whole: what happened first, then the details.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::assets::{SCRIPT, STYLE, policy};
use super::collected::{CollectedParts, PageParts, RunFacts};
use super::counts::{VERDICTS, number, push_counts};
use super::problems::push_problems;
use super::record::{Piece, written};
use super::scenario_list::{ScenarioList, anchor};
use super::time_bars::{FeatureTime, push_time_bars};
use super::timeline::push_timeline;
use crate::html::markup::{push_block, push_line};
use crate::report::catalogue::Catalogue;
use crate::report::part_file::{Part, PartReader};
use crate::report::suggestion::suggestion;
use crate::report::summary::{ScenarioEntry, Summary};
use crate::report::timestamp;
use crate::report::{text, trouble};

/// Writes the page.
pub(super) fn write(
    output: &mut impl Write,
    collected: PageParts,
    summary: &Summary,
    catalogue: &Catalogue,
) -> io::Result<()> {
    let CollectedParts {
        mut parts,
        records,
        run,
        outside,
    } = collected.finish()?;
    let mut list = ScenarioList::new(records, catalogue, summary);
    let mut out = String::new();
    push_head(&mut out, summary);
    push_title(&mut out, summary, &run);
    push_overview(&mut out, &mut list)?;
    push_problems(&mut out, summary);
    push_outside(&mut out, &outside, output, &mut parts)?;
    push_entries(&mut out, "Failing scenarios", &summary.failing, catalogue);
    push_entries(&mut out, "Flaky scenarios", &summary.flaky, catalogue);
    push_not_run(&mut out, summary);
    push_snippets(&mut out, summary);
    out.push_str("<section id=scenarios><h2>Scenarios</h2>\n");
    push_tools(&mut out, summary);
    output.write_all(out.as_bytes())?;
    list.write(output, &mut parts)?;
    write!(
        output,
        "</section>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

fn push_head(out: &mut String, summary: &Summary) {
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        policy(),
        sentence(summary)
    );
}

/// The result in one sentence.
fn sentence(summary: &Summary) -> String {
    let total = text::plural(summary.scenarios.total(), "scenario");
    if summary.scenarios.total() == 0 && summary.succeeded() {
        return "Nothing was run".to_owned();
    }
    if summary.succeeded() {
        return format!("Passed: {total}, none failed");
    }
    let mut parts = Vec::new();
    if !summary.failing.is_empty() {
        parts.push(format!("{} of {total} failed", summary.failing.len()));
    }
    if summary.scenarios.not_run > 0 {
        parts.push(format!("{} not run", summary.scenarios.not_run));
    }
    let errors = summary.run_errors.len() + summary.parse_errors.len();
    if errors > 0 {
        parts.push(text::plural(errors, "error") + " outside scenarios");
    }
    format!("Failed: {}", parts.join(", "))
}

fn push_title(out: &mut String, summary: &Summary, run: &RunFacts) {
    let class = if summary.succeeded() { "p" } else { "f" };
    let _ = write!(
        out,
        "<a class=skip href=\"#scenarios\">To the scenarios</a>\n<header class={class}>\n<h1>{}</h1>\n<p class=fa>",
        sentence(summary)
    );
    let mut facts = Vec::new();
    if let Some(started) = summary.started.and_then(timestamp::moment) {
        facts.push(started);
    }
    facts.push(format!("took {}", text::duration(summary.nanos)));
    if summary.dry_run {
        facts.push("dry run: steps were matched and not run".to_owned());
    } else {
        facts.push(text::plural(run.jobs as usize, "worker"));
    }
    if let Some(order) = &summary.order {
        facts.push(format!("order {order}"));
    }
    if let Some(shard) = &summary.shard {
        facts.push(format!("shard {}", shard.shard));
    }
    facts.push(format!("bdd {}", run.bdd));
    for (position, fact) in facts.iter().enumerate() {
        out.push_str(if position > 0 {
            " <span>·</span> "
        } else {
            ""
        });
        push_line(out, fact);
    }
    out.push_str(
        "</p>\n<button type=button id=theme hidden>Theme: automatic</button>\n</header>\n<main>\n",
    );
}

/// Also finds out how much room scenarios that need attention take.
fn push_overview(out: &mut String, list: &mut ScenarioList<'_>) -> io::Result<()> {
    out.push_str("<section class=ov><h2>Overview</h2>\n");
    push_counts(out, list.summary);
    let mut times = Vec::new();
    let mut needed = 0;
    for (index, feature) in list.catalogue.features().iter().enumerate() {
        let mut time = FeatureTime {
            feature,
            index,
            nanos: 0,
            scenarios: 0,
        };
        for (place, _) in list.scenarios_of(index) {
            let record = list.records.scenario(place)?;
            time.scenarios += 1;
            time.nanos = time.nanos.saturating_add(record.nanos());
            if record.needs_attention() {
                needed += record.optional();
            }
        }
        times.push(time);
    }
    list.reserve(needed);
    push_time_bars(out, times);
    push_timeline(out, list)?;
    out.push_str("</section>\n");
    Ok(())
}

/// What hooks outside scenarios attached.
fn push_outside(
    out: &mut String,
    outside: &[Piece],
    output: &mut impl Write,
    parts: &mut PartReader,
) -> io::Result<()> {
    const ROOM: u64 = 4 << 20;
    if outside.is_empty() {
        return Ok(());
    }
    out.push_str("<section class=oh><h2>Hooks outside scenarios</h2>");
    let mut left = ROOM;
    for piece in outside {
        let part: Part = piece.part;
        if piece.optional && part.length() > left {
            out.push_str("<p class=no>Not included, as the page would be too large.</p>");
            continue;
        }
        if piece.optional {
            left -= part.length();
        }
        output.write_all(out.as_bytes())?;
        out.clear();
        parts.copy(part, output)?;
    }
    out.push_str("</section>\n");
    Ok(())
}

/// A list of scenarios that need attention, with links to them.
fn push_entries(out: &mut String, heading: &str, entries: &[ScenarioEntry], catalogue: &Catalogue) {
    const MOST: usize = 1000;
    if entries.is_empty() {
        return;
    }
    let _ = write!(out, "<section class=li><h2>{heading}</h2><ol>");
    for entry in entries.iter().take(MOST) {
        let Some(place) = catalogue.place(entry.scenario) else {
            continue;
        };
        let (_, scenario) = catalogue.at(place);
        let _ = write!(out, "<li><a href=\"#s-{:016x}\">", anchor(scenario));
        push_line(out, &trouble::label(scenario));
        out.push_str("</a> <small>");
        push_line(out, &entry.cause);
        out.push_str(" · ");
        push_line(out, &format!("{}:{}", entry.uri, entry.line));
        out.push_str("</small>");
    }
    out.push_str("</ol>");
    let more = entries.len().saturating_sub(MOST);
    if more > 0 {
        let more = text::plural(more, "more scenario");
        let _ = write!(out, "<p class=no>… and {more}: all of them are below</p>");
    }
    out.push_str("</section>\n");
}

fn push_not_run(out: &mut String, summary: &Summary) {
    if summary.not_run.is_empty() {
        return;
    }
    out.push_str("<section class=li><h2>Not run</h2><ul>");
    for (reason, count) in &summary.not_run {
        let _ = write!(out, "<li>{}: ", text::plural(*count, "scenario"));
        push_block(out, reason);
    }
    out.push_str("</ul></section>\n");
}

fn push_snippets(out: &mut String, summary: &Summary) {
    const MOST: usize = 200;
    if summary.snippets.is_empty() {
        return;
    }
    out.push_str("<section class=sn><h2>Code for the undefined steps</h2>");
    out.push_str("<button type=button id=copy hidden>Copy</button><pre class=cd id=code>\n");
    for (position, candidates) in summary.snippets.iter().take(MOST).enumerate() {
        if position > 0 {
            out.push_str("\n\n");
        }
        push_block(out, &suggestion(candidates));
    }
    out.push_str("</pre>");
    let more = summary.snippets.len().saturating_sub(MOST);
    if more > 0 {
        let more = text::plural(more, "more step");
        let _ = write!(out, "<p class=no>… and {more}</p>");
    }
    out.push_str("</section>\n");
}

/// What selects scenarios. The script shows it: without the script it would do nothing.
fn push_tools(out: &mut String, summary: &Summary) {
    out.push_str(
        "<form id=tools role=search hidden>\n\
         <label>Search <input id=text type=search autocomplete=off placeholder=\"name, step, message\"></label>\n\
         <label>Tag <select id=tag><option value=\"\">all</select></label>\n<div id=status role=group aria-label=Result>",
    );
    for verdict in VERDICTS {
        let count = number(&summary.scenarios, verdict);
        if count > 0 {
            let (class, word) = written(verdict);
            let _ = write!(
                out,
                "<button type=button class={class} data-is={class} aria-pressed=false>{word} <b>{count}</b></button>"
            );
        }
    }
    let flaky = summary.flaky.len();
    if flaky > 0 {
        let _ = write!(
            out,
            "<button type=button class=fl data-is=flaky aria-pressed=false>flaky <b>{flaky}</b></button>"
        );
    }
    out.push_str(
        "</div>\n<div class=bu><button type=button id=open>Open all</button><button type=button id=shut>Close all</button>\
         <button type=button id=clear>Clear</button></div>\n<output id=shown role=status></output>\n\
         <details class=kb><summary>Keys</summary><label><input type=checkbox id=keys checked> single keys work</label>\
         <dl><dt><kbd>/</kbd><dd>search<dt><kbd>j</kbd> <kbd>k</kbd><dd>next, previous scenario<dt><kbd>n</kbd> <kbd>p</kbd>\
         <dd>next, previous failure<dt><kbd>Enter</kbd><dd>open or close<dt><kbd>Esc</kbd><dd>clear the filters</dl></details>\n\
         </form>\n<p id=none hidden>No scenario matches these filters.</p>\n",
    );
}
