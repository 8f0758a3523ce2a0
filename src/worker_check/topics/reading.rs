//! How the program reads: members that it does not know, and lines that are not messages.

use std::cell::RefCell;

use bdd_protocol::FromWorker;

use super::super::Check;
use super::super::findings::Findings;
use super::super::line::{Quiet, shown};
use super::super::material::UNDEFINED;
use super::super::rules::{self, Topic};
use super::super::session::{Books, Go, Session};
use crate::event::HookKind;

/// How many scenarios are sent with members that no version has.
const SENT: usize = 20;

/// What is not a message: not JSON, an unknown type, members that are missing. A member of another type is
/// not among them: many languages notice that only when they use it, if ever.
const GARBAGE: [&str; 3] = [
    "this is no message",
    r#"{"type":"worker_check"}"#,
    r#"{"type":"run"}"#,
];

impl Check<'_> {
    /// Repeats an exchange with members that the program cannot know.
    pub(in super::super) fn unknown_members(&self) {
        let topic = Topic::UnknownMembers;
        let apart = RefCell::new(Findings::default());
        let books = Books {
            findings: &apart,
            ..self.books
        };
        let result = self.with_unknown_members(books);
        let apart = apart.into_inner();
        let mut findings = self.books.findings.borrow_mut();
        for finding in apart.all() {
            // What is wrong without such members has nothing to do with them.
            if !findings.has(finding.rule) {
                let detail = format!("{}: {}", finding.rule.name, finding.detail);
                findings.add(&rules::UNKNOWN_MEMBERS, topic, &*finding.message, detail);
            }
        }
        drop(findings);
        self.conclude(topic, result, "all messages of an exchange");
    }

    fn with_unknown_members(&self, books: Books<'_>) -> Go {
        let check = Check {
            launcher: self.launcher,
            options: self.options,
            books,
            serial: self.serial.clone(),
            exported: self.exported.clone(),
            ready: Vec::new(),
            given: self.given,
        };
        let topic = Topic::UnknownMembers;
        let session = check.start(books, topic, true);
        self.serial.set(check.serial.get());
        let Some(mut session) = session.and_then(|session| check.begin(session, topic)) else {
            return Err(super::super::session::Stop);
        };
        self.exchange(&mut session)
    }

    fn exchange(&self, session: &mut Session<'_>) -> Go {
        if self.books.known.borrow().has_own_kinds() {
            let question = self.books.known.borrow().question_of_text(UNDEFINED);
            session.ask_to_match(vec![question]);
        }
        let from = self.ready.len().saturating_sub(SENT);
        session.run(&self.ready[from..]);
        session.play()?;
        session.run(&self.ready[..self.ready.len().min(SENT)]);
        session.cancel();
        session.play()?;
        if self.books.known.borrow().hello.breaks_off {
            session.break_off(0);
            session.play()?;
        }
        for ready in &self.ready[from..] {
            session.feature_done(&ready.feature.uri);
        }
        session.finish(self.hooks(HookKind::AfterAll))
    }

    /// Sends what is not a message.
    pub(in super::super) fn garbage(&self) {
        let mut all = true;
        for garbage in GARBAGE {
            let Some(mut session) = self.start(self.books, Topic::Garbage, false) else {
                return;
            };
            session.line().send_line(garbage);
            all &= self.ends_in_order(&mut session, garbage);
        }
        if all {
            self.checked(Topic::Garbage, format!("{} lines", GARBAGE.len()));
        }
    }

    fn ends_in_order(&self, session: &mut Session<'_>, garbage: &str) -> bool {
        let mut error = String::new();
        let line = session.line();
        let gone = loop {
            match line.hear() {
                Ok(message) => {
                    if let FromWorker::Error { .. } = message {
                        error = shown(&message.to_line());
                    }
                }
                Err(Quiet::Gone) => break true,
                Err(Quiet::Silence) => break false,
            }
        };
        let status = line.death().and_then(|death| death.status);
        let (rule, detail) = match gone {
            false => {
                line.kill();
                let detail = format!("it still lived {:?} after `{garbage}`", line.limit());
                (&rules::GARBAGE_ENDS, detail)
            }
            true if error.is_empty() => (
                &rules::GARBAGE_ERROR,
                format!("it got `{garbage}` and ended"),
            ),
            true if status.and_then(|status| status.code()) != Some(1) => {
                let how = status.map_or_else(String::new, |status| format!(" with {status}"));
                let detail = format!("it got `{garbage}` and ended{how}");
                (&rules::GARBAGE_EXIT_CODE, detail)
            }
            true => return true,
        };
        let mut findings = self.books.findings.borrow_mut();
        findings.add(rule, Topic::Garbage, error, detail);
        false
    }
}
