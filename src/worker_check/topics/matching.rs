//! Matching of the patterns that only the program understands.

use super::super::Check;
use super::super::known::MatchQuestion;
use super::super::material::UNDEFINED;
use super::super::rules::Topic;
use super::super::session::Session;
use crate::plan::Plan;

/// How many texts one `match` has, as in a run.
const CHUNK: usize = 1000;

impl Check<'_> {
    /// Has the program match all texts. What it answers is needed for all that is run.
    pub(in super::super) fn matching(&self, plans: [&Plan; 2]) {
        if !self.books.known.borrow().has_own_kinds() {
            let why = "the runner matches all patterns of this program";
            return self.not_checked(Topic::Matching, why);
        }
        let questions = {
            let known = self.books.known.borrow();
            let mut questions = known.questions(plans);
            questions.push(known.question_of_text(UNDEFINED));
            questions
        };
        let Some(mut session) = self.start(self.books, Topic::Matching, false) else {
            return;
        };
        for chunk in questions.chunks(CHUNK) {
            session.ask_to_match(chunk.to_vec());
        }
        session.ask_to_match(Vec::new());
        let mut result = session.play();
        let answers = session.matches().to_vec();
        if result.is_ok() {
            let again = variants(&session);
            session.ask_to_match(again);
            session.ask_to_match(questions.iter().rev().take(CHUNK).cloned().collect());
            result = session.play();
        }
        let result = result
            .and_then(|()| session.idle())
            .and_then(|()| session.finish(Vec::new()));
        for (question, found) in &answers {
            self.books.known.borrow_mut().learn(question, found);
        }
        let matched = answers.iter().filter(|(_, found)| !found.is_empty());
        let what = format!(
            "{} texts, {} of them matched",
            answers.len(),
            matched.count()
        );
        self.conclude(Topic::Matching, result, what);
        if !session.matches().iter().any(|(question, found)| {
            !question.text.is_ascii() && found.iter().any(|one| !one.arguments.is_empty())
        }) {
            let why = "places in UTF-16: no text with a character outside of the first plane matches \
                       with a group";
            self.not_checked(Topic::Matching, why);
        }
    }
}

/// Texts that matched, with characters of two UTF-16 code units in place of an argument. Whether they
/// match is the program's affair; where it says that groups are is checked.
fn variants(session: &Session<'_>) -> Vec<MatchQuestion> {
    const MOST: usize = 200;
    let mut variants = Vec::new();
    for (question, found) in session.matches() {
        let values = found.iter().flat_map(|one| &one.arguments);
        for value in values.filter_map(|group| group.value.as_ref()) {
            if !value.is_empty() && variants.len() < MOST {
                let text = question
                    .text
                    .replacen(value.as_str(), "\u{1f980} \u{1f980}", 1);
                variants.push(MatchQuestion {
                    text,
                    ..question.clone()
                });
            }
        }
    }
    variants
}
