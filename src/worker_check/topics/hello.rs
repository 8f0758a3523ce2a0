//! The first message: that it comes, what is in it, and that two processes say the same.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use bdd_protocol::{FromWorker, Hello, ToWorker, VERSION};

use super::super::findings::Findings;
use super::super::known::DeclaredProgram;
use super::super::line::{Quiet, WorkerLine, shown};
use super::super::rules::{self, Topic};
use super::super::session::{Books, Session};
use super::super::{Check, CheckError, CheckOptions};
use crate::worker::process::Launcher;

/// The hello of the first process; `None` when what it says instead is a finding.
///
/// # Errors
/// When the program does not start, or ends without a word.
pub fn first(
    launcher: &Launcher,
    options: &CheckOptions,
    findings: &RefCell<Findings>,
) -> Result<Option<Hello>, CheckError> {
    let no_start = CheckError::NoStart;
    let mut line = WorkerLine::start(launcher, 0, &[], options.limit, false)
        .map_err(|error| no_start(format!("the program {error}")))?;
    match line.hear_within(options.start_limit) {
        Ok(FromWorker::Hello(hello)) => {
            // It is not needed any more. How a worker ends is checked later.
            line.send(ToWorker::Finish { hooks: Vec::new() });
            Ok(Some(*hello))
        }
        Ok(other) => {
            let message = shown(&other.to_line());
            let detail = "its first message is another one";
            let mut findings = findings.borrow_mut();
            findings.add(&rules::HELLO_FIRST, Topic::Hello, message, detail);
            Ok(None)
        }
        Err(Quiet::Silence) => Err(no_start(format!(
            "the program did not say hello within {:?}",
            options.start_limit
        ))),
        Err(Quiet::Gone) => match line.death().and_then(|death| death.junk.clone()) {
            Some(junk) if junk.contains("a line") => {
                let mut findings = findings.borrow_mut();
                findings.add(&rules::NOT_A_MESSAGE, Topic::Hello, "", junk);
                Ok(None)
            }
            _ => {
                let status = line.death().and_then(|death| death.status);
                let how = status.map_or_else(String::new, |status| format!(" with {status}"));
                let printed = match line.last_words() {
                    words if words.is_empty() => String::new(),
                    words => format!("; it printed:\n{words}"),
                };
                Err(no_start(format!(
                    "the program ended{how} before it said hello{printed}"
                )))
            }
        },
    }
}

/// Checks what a hello says; `None` when it cannot be used.
pub fn content(
    hello: &Hello,
    root: &Path,
    findings: &RefCell<Findings>,
) -> Option<DeclaredProgram> {
    let mut findings = findings.borrow_mut();
    let mut usable = true;
    let mut found = |rule, message: String, detail: String| {
        usable = false;
        findings.add(rule, Topic::Hello, message, detail);
    };
    if hello.protocol != VERSION {
        let said = format!("\"protocol\":{}", hello.protocol);
        let detail = format!("this bdd speaks version {VERSION}");
        found(&rules::PROTOCOL_VERSION, said, detail);
    }
    let mut ids = BTreeSet::new();
    for definition in &hello.definitions {
        let id = format!("\"id\":{}", definition.id);
        if !ids.insert(definition.id) {
            let detail = format!("`{}` has the id of another definition", definition.pattern);
            found(&rules::DEFINITION_IDS, id.clone(), detail);
        }
        let keyword = &definition.keyword;
        if !matches!(&**keyword, "given" | "when" | "then" | "step") {
            let detail = format!("the keyword of definition {} is {keyword:?}", definition.id);
            found(&rules::DEFINITION_KEYWORD, id, detail);
        }
    }
    let known = DeclaredProgram::new(hello, root);
    if let Err((patterns, hooks)) = &known {
        for problem in patterns {
            found(&rules::USABLE_PATTERNS, String::new(), problem.clone());
        }
        for problem in hooks {
            found(&rules::USABLE_HOOKS, String::new(), problem.clone());
        }
    }
    if usable {
        return known.ok();
    }
    for topic in Topic::ALL {
        if topic != Topic::Hello {
            findings.not_checked(topic, "`hello` cannot be used");
        }
    }
    None
}

impl<'c> Check<'c> {
    /// Takes the hello of a process that has just been started.
    pub(in super::super) fn greet(
        &self,
        mut line: WorkerLine,
        books: Books<'c>,
        topic: Topic,
    ) -> Option<Session<'c>> {
        let mut findings = books.findings.borrow_mut();
        let hello = match line.hear_within(self.options.start_limit) {
            Ok(FromWorker::Hello(hello)) => hello,
            Ok(other) => {
                let message = shown(&other.to_line());
                let detail = "the first message of a later process is another one";
                findings.add(&rules::HELLO_FIRST, topic, message, detail);
                return None;
            }
            Err(Quiet::Silence) | Err(Quiet::Gone) => {
                let detail = "a later process of the program did not say hello";
                findings.add(&rules::HELLO_FIRST, topic, "", detail);
                return None;
            }
        };
        let first = &books.known.borrow().hello;
        if hello.hash != first.hash {
            let detail = format!(
                "one process has the hash {:?}, another {:?}",
                first.hash, hello.hash
            );
            let message = format!("\"hash\":{:?}", hello.hash);
            findings.add(&rules::HASH_EQUAL, topic, message, detail);
        } else if (&hello.definitions, &hello.hooks, &hello.parameter_types)
            != (&first.definitions, &first.hooks, &first.parameter_types)
        {
            let detail = "two processes declare different things with the same hash";
            let message = format!("\"hash\":{:?}", hello.hash);
            findings.add(&rules::HASH_COVERS, topic, message, detail);
        }
        drop(findings);
        Some(Session::new(line, books, topic))
    }

    /// Compares the hello of a second process with the first.
    pub(in super::super) fn second_hello(&self) {
        if !self.wants(Topic::Hello) {
            return;
        }
        let Some(mut session) = self.start(self.books, Topic::Hello, false) else {
            return;
        };
        // It gets no work, and so no opening or closing hooks.
        let result = session.idle().and_then(|()| session.finish(Vec::new()));
        let known = self.books.known.borrow();
        let (definitions, hooks) = (known.hello.definitions.len(), known.hello.hooks.len());
        drop(known);
        let what = format!("{definitions} definitions, {hooks} hooks, equal in two processes");
        self.conclude(Topic::Hello, result, what);
    }
}
