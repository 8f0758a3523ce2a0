//! Hellos: the definitions of the step program, and matching the plan with them.

use bdd_protocol::{self as protocol, Hello, ToWorker};

use crate::event::Event;
use crate::matching::{Definitions, Matching};

use super::super::Problem;
use super::super::hooks::Hooks;
use super::super::script::Script;
use super::super::whole::Whole;
use super::Scheduler;

/// How many texts one `match` request holds.
const CHUNK: usize = 1000;

/// Texts that the step program itself matches, while its answers are awaited.
pub struct Asked {
    matching: Matching,
    language: String,
    hooks: Hooks,
    whole: Whole,
    pub serial: u32,
    /// Those that are answered are none.
    chunks: Vec<Option<Vec<String>>>,
    open: usize,
}

impl Scheduler<'_> {
    pub(super) fn hello(&mut self, serial: u32, hello: &Hello) {
        let program = self.program();
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        if hello.protocol != protocol::VERSION {
            let message = format!(
                "the step program {program} speaks version {} of the protocol, this bdd speaks version {}",
                hello.protocol,
                protocol::VERSION
            );
            let detail = "use the bdd-steps and the bdd of one release".to_owned();
            return self.give_up(Problem { message, detail });
        }
        member.introduced = true;
        member.must_close = hello.says_closed;
        member.breaks_off = hello.breaks_off;
        if let Some(first) = &self.hash {
            if *first != hello.hash {
                let message =
                    format!("the workers of {program} do not have the same step definitions");
                let detail = "was the step program rebuilt during the run, or does it register steps by chance?";
                self.give_up(Problem {
                    message,
                    detail: detail.to_owned(),
                });
            }
            return;
        }
        self.hash = Some(hello.hash.clone());
        self.take_definitions(serial, hello, &program);
    }

    pub(super) fn take_definitions(&mut self, serial: u32, hello: &Hello, program: &str) {
        if hello.definitions.is_empty() && self.plan.has_steps() {
            let detail = "steps that live in another crate are linked only when the program uses that crate: \
                          `use that_crate as _;`";
            self.ending.no_definitions = Some(Problem {
                message: format!("the step program {program} has no step definitions"),
                detail: detail.to_owned(),
            });
        }
        let place = |file: &str| self.options.place(file);
        let usable = (
            Definitions::new(hello, &place),
            Hooks::new(&hello.hooks, &place),
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
        let mut matching = Matching::new(definitions, self.options.strict_keywords);
        let problems = matching.ambiguous_types(self.plan);
        if !problems.is_empty() {
            return self.give_up(Problem {
                message: format!(
                    "the step program {program} has patterns whose parameter types are ambiguous"
                ),
                detail: problems.join("\n"),
            });
        }
        let mut asked = Asked {
            matching,
            language: hello.language.clone(),
            hooks,
            whole: Whole::new(self.options.parallel_by, &hello.definitions),
            serial,
            chunks: Vec::new(),
            open: 0,
        };
        if own_kinds {
            let texts: Vec<String> = asked
                .matching
                .match_all(self.plan)
                .map(ToString::to_string)
                .collect();
            asked.chunks = texts
                .chunks(CHUNK)
                .map(|texts| Some(texts.to_vec()))
                .collect();
            asked.open = asked.chunks.len();
            if let Some(member) = self.crew.get(&serial) {
                for (id, texts) in (0u32..).zip(asked.chunks.iter().flatten()) {
                    member.send(ToWorker::Match {
                        id,
                        texts: texts.clone(),
                        keywords: Vec::new(),
                        uris: Vec::new(),
                        below: Vec::new(),
                    });
                }
            }
        }
        self.asked = Some(asked);
        self.all_matched();
    }

    pub(super) fn matched(
        &mut self,
        serial: u32,
        id: u32,
        matches: &[Vec<protocol::Match>],
    ) -> Result<(), String> {
        if self.nested_matched(serial, id, matches)? {
            return Ok(());
        }
        let Some(asked) = self.asked.as_mut().filter(|asked| asked.serial == serial) else {
            return Err("it answered a match request that was not made".to_owned());
        };
        let texts = asked
            .chunks
            .get_mut(id as usize)
            .and_then(|chunk| chunk.take_if(|texts| texts.len() == matches.len()))
            .ok_or_else(|| format!("its answer to match request {id} does not fit the request"))?;
        for (text, found) in texts.iter().zip(matches) {
            asked.matching.add(text, found)?;
        }
        asked.open -= 1;
        self.all_matched();
        Ok(())
    }

    /// Begins to run when no answer is awaited.
    pub(super) fn all_matched(&mut self) {
        let Some(asked) = self.asked.take_if(|asked| asked.open == 0) else {
            return;
        };
        self.script = Some(Script::new(
            asked.matching,
            &asked.language,
            self.options.snippets,
            asked.hooks,
            asked.whole,
        ));
        if self.options.dry_run {
            self.prepare();
            self.run_dry();
        } else {
            self.begin_run(asked.serial);
        }
    }
}

/// All that is wrong with what a step program said hello with.
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
