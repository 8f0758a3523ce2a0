//! The catalogue as Markdown and as an HTML page that needs nothing else.

use std::fmt::Write as _;

use super::CatalogueEntry;

/// The keywords, in the order of the groups, and their headings.
const GROUPS: [(&str, &str); 4] = [
    ("given", "Given"),
    ("when", "When"),
    ("then", "Then"),
    ("step", "Any keyword"),
];

/// The entries of a keyword.
fn of_keyword<'e>(entries: &'e [&'e CatalogueEntry], keyword: &str) -> Vec<&'e CatalogueEntry> {
    let mut all: Vec<&CatalogueEntry> = (entries.iter().copied())
        .filter(|entry| entry.keyword == keyword)
        .collect();
    all.sort_by(|one, other| one.pattern.cmp(&other.pattern));
    all
}

/// The catalogue as Markdown.
pub fn markdown(entries: &[&CatalogueEntry]) -> String {
    let mut out = String::from("# Step definitions\n");
    for (keyword, heading) in GROUPS {
        let group = of_keyword(entries, keyword);
        if group.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## {heading}\n");
        for entry in group {
            let _ = write!(out, "\n### {}\n\n", code(&entry.pattern));
            if !entry.doc.is_empty() {
                let _ = write!(out, "{}\n\n", prose(&entry.doc));
            }
            let _ = writeln!(out, "- {}", uses(entry));
            let _ = writeln!(out, "- {}", code(&place(entry)));
            for example in &entry.examples {
                let _ = writeln!(out, "- for example: {}", code(example));
            }
        }
    }
    out
}

fn uses(entry: &CatalogueEntry) -> String {
    match entry.uses {
        0 => "not used".to_owned(),
        1 => "used by 1 step".to_owned(),
        uses => format!("used by {uses} steps"),
    }
}

fn place(entry: &CatalogueEntry) -> String {
    let location = &entry.location;
    match location.line {
        0 => location.file.clone(),
        line => format!("{}:{line}", location.file),
    }
}

/// A text as code of Markdown: between more backticks than it has in a row.
fn code(text: &str) -> String {
    let text: String = crate::report::one_line(text).into_owned();
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let gap = if longest > 0 { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// Documentation is Markdown itself, but what would be HTML is text.
fn prose(text: &str) -> String {
    crate::report::visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code{background:#8882;padding:.1em .3em;border-radius:.2em;overflow-wrap:anywhere}\
h3{margin-bottom:.2em;font-weight:normal}p{margin:.3em 0}.small{color:#777;font-size:.9em}";

/// The catalogue as an HTML page. It has no script, and no text of it becomes markup.
pub fn html(entries: &[&CatalogueEntry]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Step definitions</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Step definitions</h1>\n"
    );
    for (keyword, heading) in GROUPS {
        let group = of_keyword(entries, keyword);
        if group.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<h2>{heading}</h2>");
        for entry in group {
            let _ = writeln!(out, "<h3><code>{}</code></h3>", escaped(&entry.pattern));
            for paragraph in entry
                .doc
                .split("\n\n")
                .filter(|text| !text.trim().is_empty())
            {
                let _ = writeln!(out, "<p>{}</p>", escaped(paragraph.trim()));
            }
            let _ = writeln!(
                out,
                "<p class=\"small\">{}, <code>{}</code></p>",
                uses(entry),
                escaped(&place(entry))
            );
            if !entry.examples.is_empty() {
                out.push_str("<ul>\n");
                for example in &entry.examples {
                    let _ = writeln!(out, "<li>{}</li>", escaped(example));
                }
                out.push_str("</ul>\n");
            }
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in crate::report::visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
