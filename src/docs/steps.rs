//! Steps, with what stands below them, and tables of examples.

use super::names::anchor;
use super::results::{LastResults, push_result};
use crate::gherkin::{Examples, Step, Table};
use crate::html::markup::{push_block, push_line};
use crate::plan::PlannedScenario;

/// Adds steps. Names of `columns` in `<…>` are marked.
pub(super) fn push_steps(out: &mut String, steps: &[Step<'_>], columns: &[&str]) {
    if steps.is_empty() {
        return;
    }
    out.push_str("<ul class=steps>\n");
    for step in steps {
        out.push_str("<li dir=auto><b>");
        push_line(out, step.keyword.trim_end());
        out.push_str("</b> ");
        push_with_placeholders(out, step.text, columns);
        let table = step.data_table.as_deref();
        let text = step.doc_string.as_deref();
        let first_row = table.and_then(Table::first);
        let text_first =
            matches!((first_row, text), (Some(row), Some(text)) if text.location < row.location);
        if text_first {
            push_doc_string(out, step, columns);
        }
        if let Some(table) = table {
            push_table(out, table, columns);
        }
        if !text_first {
            push_doc_string(out, step, columns);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn push_doc_string(out: &mut String, step: &Step<'_>, columns: &[&str]) {
    let Some(text) = &step.doc_string else {
        return;
    };
    if let Some(media_type) = text.media_type.filter(|kind| !kind.is_empty()) {
        out.push_str("<small class=mt>");
        push_line(out, media_type);
        out.push_str("</small>");
    }
    // A browser leaves out a line break at the very beginning.
    out.push_str("<pre>\n");
    push_marked(out, &text.content, columns, push_block);
    out.push_str("</pre>");
}

fn push_table(out: &mut String, table: &Table<'_>, columns: &[&str]) {
    out.push_str("<div class=scroll><table>");
    for row in table.rows() {
        out.push_str("<tr>");
        for cell in row.cells {
            out.push_str("<td dir=auto>");
            push_marked(out, &cell.value, columns, push_block);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>");
}

/// Adds a text of one line with its placeholders marked.
pub(super) fn push_with_placeholders(out: &mut String, text: &str, columns: &[&str]) {
    push_marked(out, text, columns, push_line);
}

fn push_marked(out: &mut String, text: &str, columns: &[&str], push: fn(&mut String, &str)) {
    let mut rest = text;
    while let Some((at, name)) = first_placeholder(rest, columns) {
        push(out, &rest[..at]);
        out.push_str("<var>");
        push(out, name);
        out.push_str("</var>");
        rest = &rest[at + name.len() + 2..];
    }
    push(out, rest);
}

/// The first `<name>` of a column, and where it begins.
fn first_placeholder<'t>(text: &'t str, columns: &[&str]) -> Option<(usize, &'t str)> {
    let starts = text.match_indices('<').map(|(at, _)| at);
    let mut found = starts.filter_map(|at| {
        let rest = &text[at + 1..];
        let name = &rest[..rest.find('>')?];
        columns.contains(&name).then_some((at, name))
    });
    found.next()
}

/// Adds the table of examples. The rows for which `planned` knows a scenario have an anchor and its last result.
pub(super) fn push_examples<'p>(
    out: &mut String,
    examples: &Examples<'_>,
    planned: &impl Fn(u32) -> Option<&'p PlannedScenario>,
    whole: bool,
    results: &LastResults<'_>,
) {
    let Some(header) = examples.table_header() else {
        return;
    };
    out.push_str("<div class=scroll><table class=ex><thead><tr>");
    for cell in header.cells {
        out.push_str("<th scope=col dir=auto>");
        push_line(out, &cell.value);
        out.push_str("</th>");
    }
    if results.are_there() {
        out.push_str("<th scope=col class=rs>Last result</th>");
    }
    out.push_str("</tr></thead>\n<tbody>");
    for row in examples.table_body() {
        let scenario = planned(row.location.line);
        match scenario {
            Some(scenario) => {
                out.push_str("<tr id=");
                out.push_str(&anchor(&scenario.id));
                out.push('>');
            }
            None if whole => out.push_str("<tr>"),
            None => continue,
        }
        for cell in row.cells {
            out.push_str("<td dir=auto>");
            push_block(out, &cell.value);
            out.push_str("</td>");
        }
        if results.are_there() {
            out.push_str("<td class=rs>");
            push_result(out, scenario.and_then(|one| results.of(&one.id)));
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_columns_are_marked() {
        let mut out = String::new();
        push_with_placeholders(&mut out, "<a> < <b> <c & a> <a", &["a", "c & a"]);
        assert_eq!(
            out,
            "<var>a</var> &lt; &lt;b&gt; <var>c &amp; a</var> &lt;a"
        );
    }
}
