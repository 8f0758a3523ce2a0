//! What a check prints.

use std::io::{self, Write};

use super::findings::{Finding, Findings};
use super::rules::Topic;

/// Prints a line for each topic that is wanted, then all findings.
///
/// # Errors
/// Only those of the stream.
pub fn print(findings: &Findings, only: &[Topic], out: &mut dyn Write) -> io::Result<()> {
    for topic in Topic::ALL {
        let wanted = only.is_empty() || only.contains(&topic);
        if wanted || findings.count(topic) > 0 {
            print_topic(findings, topic, out)?;
        }
    }
    let all = findings.all();
    for finding in &all {
        writeln!(out)?;
        print_finding(finding, out)?;
    }
    writeln!(out, "\n{}", counted(all.len()))
}

fn print_topic(findings: &Findings, topic: Topic, out: &mut dyn Write) -> io::Result<()> {
    let checked = findings.what_was_checked(topic);
    let (open, result) = (
        findings.what_was_not_checked(topic),
        match (findings.count(topic), checked) {
            (0, []) => "not checked".to_owned(),
            (0, _) => "ok".to_owned(),
            (count, _) => counted(count),
        },
    );
    let mut notes = vec![checked.join(", ")];
    let prefix = match (findings.count(topic), checked) {
        (0, []) => "",
        _ => "not checked: ",
    };
    notes.extend(open.iter().map(|why| format!("{prefix}{why}")));
    let mut notes = notes.iter().filter(|note| !note.is_empty());
    let first = notes.next().map_or("", String::as_str);
    writeln!(
        out,
        "{}",
        format!("{topic:<16} {result:<12} {first}").trim_end()
    )?;
    for note in notes {
        writeln!(out, "{:<29} {note}", "")?;
    }
    Ok(())
}

fn print_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let rule = finding.rule;
    let times = match finding.times {
        1 => String::new(),
        times => format!(", {times} times"),
    };
    writeln!(out, "finding: {} ({}{times})", rule.name, finding.topic)?;
    if !finding.message.is_empty() {
        writeln!(out, "  it sent: {}", finding.message)?;
    }
    for line in finding.detail.lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "  the protocol: {}", rule.asks)?;
    writeln!(out, "  see docs/protocol.md, \"{}\"", rule.section)
}

fn counted(findings: usize) -> String {
    match findings {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    }
}
