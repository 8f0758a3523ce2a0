//! What failed outside scenarios, and what the run warned of.

use super::ansi::push_output;
use super::attempt_markup::paragraph;
use crate::html::markup::{push_block, push_line};
use crate::report::summary::{ReportedParseError, RunError, Summary};
use crate::report::trouble;

/// Errors of the run, errors of feature files, warnings. Each section only if it has something.
pub(super) fn push_problems(out: &mut String, summary: &Summary) {
    if !summary.run_errors.is_empty() {
        out.push_str("<section class=pr><h2>Errors of the run</h2>");
        for error in &summary.run_errors {
            push_run_error(out, error);
        }
        out.push_str("</section>\n");
    }
    if !summary.parse_errors.is_empty() {
        out.push_str("<section class=pr><h2>Errors of feature files</h2>");
        for error in &summary.parse_errors {
            push_parse_error(out, error);
        }
        out.push_str("</section>\n");
    }
    if !summary.warnings.is_empty() {
        out.push_str("<section class=wa><h2>Warnings</h2><ul>");
        for warning in &summary.warnings {
            out.push_str("<li>");
            if let Some(place) = &warning.place {
                out.push_str("<code>");
                push_line(out, &trouble::place(place));
                out.push_str("</code> ");
            }
            push_block(out, &warning.text());
        }
        out.push_str("</ul></section>\n");
    }
}

fn push_run_error(out: &mut String, error: &RunError) {
    out.push_str("<article><h3>");
    push_line(out, &error.message);
    out.push_str("</h3>");
    let detail = error.detail.trim_end();
    if !detail.is_empty() {
        out.push_str("<pre class=er>\n");
        push_output(out, detail);
        out.push_str("</pre>");
    }
    if !error.output.is_empty() {
        paragraph(out, "no", "Captured output:");
        out.push_str("<pre class=ou>\n");
        push_output(out, error.output.trim_end());
        out.push_str("</pre>");
    }
    out.push_str("</article>");
}

fn push_parse_error(out: &mut String, error: &ReportedParseError) {
    out.push_str("<article><h3>");
    push_line(out, &error.uri);
    if let Some(location) = error.location {
        out.push_str(&format!(":{}", location.line));
    }
    out.push_str("</h3><pre class=er>\n");
    let text = if error.diagnostic.trim().is_empty() {
        &error.message
    } else {
        &error.diagnostic
    };
    push_output(out, text.trim_end());
    out.push_str("</pre></article>");
}
