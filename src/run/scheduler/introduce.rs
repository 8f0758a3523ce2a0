//! Hellos: the definitions of the step program, and matching the plan with them.

use bdd_protocol::{self as protocol, Hello};

use crate::event::Event;
use crate::matching::{Definitions, MatchBy, Matching, Question, match_request};

use super::super::Problem;
use super::super::hooks::DeclaredHooks;
use super::super::matched::MatchedPlan;
use super::super::workers::Introduction;
use super::Scheduler;

/// How many texts one `match` request holds.
const CHUNK: usize = 1000;

/// Texts that the step program must match, and the answers that are still missing.
pub struct PendingMatch {
    matching: Matching,
    language: String,
    hooks: DeclaredHooks,
    serial: u32,
    /// `None` for chunks that are answered.
    chunks: Vec<Option<Vec<Question>>>,
    open: usize,
}

impl PendingMatch {
    /// Whether this worker must answer.
    pub fn is_of(&self, serial: u32) -> bool {
        self.serial == serial
    }
}

impl Scheduler<'_> {
    pub(super) fn hello(&mut self, serial: u32, hello: &Hello) {
        let program = self.context.program();
        if hello.adopts_orphans {
            self.context.launcher.adopt_orphans();
        }
        if hello.protocol != protocol::VERSION {
            let message = format!(
                "the step program {program} speaks version {} of the protocol, this bdd speaks version {}",
                hello.protocol,
                protocol::VERSION
            );
            let detail = "use the bdd-steps and the bdd of one release".to_owned();
            return self.give_up(Problem { message, detail });
        }
        match self.workers.introduce(serial, hello) {
            Introduction::First => self.take_definitions(serial, hello, &program),
            Introduction::Same => {}
            Introduction::Different => {
                let message =
                    format!("the workers of {program} do not have the same step definitions");
                let detail = "was the step program rebuilt during the run, or does it register steps by chance?";
                self.give_up(Problem {
                    message,
                    detail: detail.to_owned(),
                });
            }
        }
    }

    fn take_definitions(&mut self, serial: u32, hello: &Hello, program: &str) {
        if hello.definitions.is_empty() && self.context.plan.has_steps() {
            let detail = "steps that live in another crate are linked only when the program uses that crate: \
                          `use that_crate as _;`";
            self.ending.lack_definitions(Problem {
                message: format!("the step program {program} has no step definitions"),
                detail: detail.to_owned(),
            });
        }
        let place = |file: &str| self.context.options.place(file);
        let usable = (
            Definitions::new(hello, &place),
            DeclaredHooks::new(&hello.hooks, &place),
        );
        let (definitions, hooks) = match usable {
            (Ok(definitions), Ok(hooks)) => (definitions, hooks),
            (patterns, hooks) => {
                return self.give_up(unusable(program, patterns.err(), hooks.err()));
            }
        };
        (self.emit)(Event::StepDefinitions {
            definitions: definitions.shown.clone(),
        });
        let parameter_types = definitions.types.shown();
        if !parameter_types.is_empty() {
            (self.emit)(Event::ParameterTypes {
                parameter_types: parameter_types.into(),
            });
        }
        for left_out in &definitions.left_out {
            (self.emit)(Event::UndefinedParameterType {
                name: left_out.parameter_type.clone(),
                expression: left_out.expression.clone(),
                location: left_out.location.clone(),
            });
        }
        if !hooks.shown.is_empty() {
            (self.emit)(Event::Hooks {
                hooks: hooks.shown.clone(),
            });
        }
        let own_kinds = definitions.has_own_kinds();
        let match_by = match MatchBy::new(&hello.match_by) {
            Ok(match_by) => match_by,
            Err(detail) => {
                return self.give_up(Problem {
                    message: format!("the step program {program} cannot be matched with"),
                    detail,
                });
            }
        };
        let strict_keywords = self.context.options.run.strict_keywords;
        let mut matching = Matching::new(definitions, match_by, strict_keywords);
        let problems = matching.ambiguous_types(self.context.plan);
        if !problems.is_empty() {
            return self.give_up(Problem {
                message: format!(
                    "the step program {program} has patterns whose parameter types are ambiguous"
                ),
                detail: problems.join("\n"),
            });
        }
        self.work.learn_affinity(&hello.definitions);
        let mut pending = PendingMatch {
            matching,
            language: hello.language.clone(),
            hooks,
            serial,
            chunks: Vec::new(),
            open: 0,
        };
        if own_kinds {
            let questions = pending.matching.questions(self.context.plan);
            let chunks = questions.chunks(CHUNK).map(|chunk| Some(chunk.to_vec()));
            pending.chunks = chunks.collect();
            pending.open = pending.chunks.len();
            for (id, chunk) in (0u32..).zip(pending.chunks.iter().flatten()) {
                self.workers.send(serial, match_request(id, chunk));
            }
        }
        self.pending_match = Some(pending);
        self.all_matched();
    }

    pub(super) fn matched(
        &mut self,
        serial: u32,
        id: u32,
        matches: &[Vec<protocol::Match>],
    ) -> Result<(), String> {
        if self.nested_matched(serial, id, matches)? || self.added_matched(serial, id, matches)? {
            return Ok(());
        }
        let pending = self.pending_match.as_mut();
        let Some(pending) = pending.filter(|pending| pending.is_of(serial)) else {
            return Err("it answered a match request that was not made".to_owned());
        };
        let questions = pending
            .chunks
            .get_mut(id as usize)
            .and_then(|chunk| chunk.take_if(|questions| questions.len() == matches.len()))
            .ok_or_else(|| format!("its answer to match request {id} does not fit the request"))?;
        for (question, found) in questions.iter().zip(matches) {
            pending.matching.add(question, found)?;
        }
        pending.open -= 1;
        self.all_matched();
        Ok(())
    }

    /// Starts the run when all answers are there.
    fn all_matched(&mut self) {
        let Some(pending) = self.pending_match.take_if(|pending| pending.open == 0) else {
            return;
        };
        self.matched = Some(MatchedPlan::new(
            pending.matching,
            self.context.plan,
            &pending.language,
            self.context.options.snippets,
            pending.hooks,
        ));
        if self.context.options.run.dry_run {
            self.prepare();
            self.run_dry();
        } else {
            self.begin_run(pending.serial);
        }
    }
}

/// All problems of a hello.
fn unusable(program: &str, patterns: Option<Vec<String>>, hooks: Option<Vec<String>>) -> Problem {
    let what = match (&patterns, &hooks) {
        (Some(_), Some(_)) => "patterns and hooks",
        (None, _) => "hooks",
        (_, None) => "patterns",
    };
    let problems: Vec<String> = patterns.into_iter().chain(hooks).flatten().collect();
    Problem {
        message: format!("the step program {program} has {what} that cannot be used"),
        detail: problems.join("\n"),
    }
}
