//! Lines that were probably meant as steps: what is wrong with them, and what to write instead. It knows
//! one line at a time; where a line stands is the caller's matter.

use super::common_words::{continues_sentence, is_common, is_common_in_english};
use super::foreign_keywords::{foreign_keywords, other_language};
use super::marks::{after_marked, without_bullet, without_emphasis};
use crate::gherkin::dialects::{Dialect, PerDialect};
use crate::gherkin::look_alike::{as_seen, foreign_characters, odd_characters, skeleton};

/// What is wrong with a line that was probably meant as a step.
pub struct StepSlip {
    /// What to write, as the end of a sentence.
    pub advice: String,
    /// Whether nothing but a step can be meant; else it also depends on the place of the line.
    pub sure: bool,
}

/// The step keywords of a language, and what people write instead.
pub struct StepSlips {
    dialect: &'static Dialect,
    keywords: Vec<StepKeyword>,
}

struct StepKeyword {
    /// Without the space that ends it.
    text: &'static str,
    lower: String,
    /// Whether the language puts a space after its keywords.
    spaced: bool,
}

impl StepSlips {
    /// Those of a dialect.
    pub fn of(dialect: &'static Dialect) -> &'static Self {
        static ALL: PerDialect<StepSlips> = PerDialect::new();
        ALL.get(dialect, Self::new)
    }

    fn new(dialect: &'static Dialect) -> Self {
        let lists = dialect.step_keywords().into_iter();
        let keywords = lists.flat_map(|(_, list)| list).filter_map(|keyword| {
            let text = keyword.trim_end();
            (text != "*").then(|| StepKeyword {
                text,
                lower: text.to_lowercase(),
                spaced: text.len() < keyword.len(),
            })
        });
        Self {
            dialect,
            keywords: keywords.collect(),
        }
    }

    /// What is wrong with a line of a scenario's or background's description, if it was meant as a step.
    pub fn find(&self, line: &str) -> Option<StepSlip> {
        let seen = as_seen(line);
        let seen = seen.trim();
        let advice = if seen.starts_with('|') && seen.len() > 1 && seen.ends_with('|') {
            "a table stands below a step".to_owned()
        } else if seen.starts_with("\"\"\"") {
            "a docstring stands below a step".to_owned()
        } else {
            let text = without_bullet(seen);
            let word = without_emphasis(text);
            return (self.exact(line, seen, text))
                .or_else(|| self.marked(text))
                .or_else(|| self.look_alike(text))
                .or_else(|| self.other_case(&word))
                .or_else(|| self.glued(text))
                .or_else(|| self.misspelt(&word))
                .or_else(|| self.other_language(&word));
        };
        Some(StepSlip { advice, sure: true })
    }

    /// The right keyword with something around it that does not belong there.
    fn exact(&self, line: &str, seen: &str, text: &str) -> Option<StepSlip> {
        let sure = |advice| Some(StepSlip { advice, sure: true });
        for keyword in &self.keywords {
            let Some(rest) = text.strip_prefix(&*as_seen(keyword.text)) else {
                continue;
            };
            let shown = keyword.text;
            if !keyword.spaced {
                if let Some(odd) = odd_before(line, rest) {
                    return sure(format!("it has {odd}; type `{shown}` anew"));
                }
                continue;
            }
            if rest.is_empty() && text == seen {
                return sure(match odd_characters(line) {
                    Some(odd) => format!("it has {odd}; type `{shown}` anew, and a text after it"),
                    None => format!("the text of a step follows its keyword: `{shown} …`"),
                });
            }
            if let Some(after) = rest.strip_prefix(':') {
                let after = after.trim();
                return sure(format!(
                    "there is no colon after `{shown}`: `{shown} {after}`"
                ));
            }
            if rest.starts_with([' ', '\t']) {
                if let Some(odd) = odd_before(line, rest.trim_start()) {
                    return sure(format!(
                        "it has {odd}; type `{shown}` and a plain space anew"
                    ));
                }
                if rest.starts_with('\t') {
                    return sure(format!("a plain space follows `{shown}`, not a tab"));
                }
                if text != seen {
                    return sure(format!("a step begins with its keyword: `{text}`"));
                }
            }
        }
        None
    }

    /// The right keyword in quotes, with emphasis, or with a comma after it.
    fn marked(&self, text: &str) -> Option<StepSlip> {
        let keywords = self.keywords.iter().filter(|keyword| keyword.spaced);
        let mut found = keywords.filter_map(|keyword| {
            let rest = after_marked(text, &as_seen(keyword.text))?;
            let next = rest.split_whitespace().next();
            let is_step = rest.starts_with([' ', '\t']) && !next.is_some_and(continues_sentence);
            is_step.then(|| format!("{} {}", keyword.text, rest.trim_start()))
        });
        let step = found.next()?;
        Some(StepSlip {
            advice: format!("a step begins with its keyword and a space: `{step}`"),
            sure: false,
        })
    }

    /// A keyword with letters of another alphabet.
    fn look_alike(&self, text: &str) -> Option<StepSlip> {
        self.keywords.iter().find_map(|keyword| {
            let words = first_words(text, keyword.text)?;
            let alike = words != keyword.text && skeleton(words) == skeleton(keyword.text);
            alike.then(|| StepSlip {
                advice: format!(
                    "it has {}; type `{}` anew",
                    foreign_characters(words, keyword.text),
                    keyword.text
                ),
                sure: true,
            })
        })
    }

    fn other_case(&self, text: &str) -> Option<StepSlip> {
        let lower = text.to_lowercase();
        let keyword = self.keywords.iter().find(|keyword| {
            let rest = lower.strip_prefix(&keyword.lower);
            keyword.spaced
                && keyword.lower != keyword.text
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', '\t']))
        })?;
        Some(StepSlip {
            advice: format!("did you mean `{}`?", keyword.text),
            sure: false,
        })
    }

    /// A keyword without a space after it.
    fn glued(&self, text: &str) -> Option<StepSlip> {
        let lower = text.to_lowercase();
        let word = lower.split(' ').next().unwrap_or_default();
        let keyword = self.keywords.iter().find(|keyword| {
            let length = keyword.text.chars().count();
            let exact = text.strip_prefix(keyword.text);
            let Some(rest) = exact.or_else(|| lower.strip_prefix(&keyword.lower)) else {
                return false;
            };
            let mut letters = rest.chars();
            let first = letters.next().unwrap_or(' ');
            if !keyword.spaced || first.is_whitespace() || matches!(first, '\'' | '’' | '-') {
                return false;
            }
            if !first.is_lowercase() {
                // Shorter keywords begin abbreviations.
                let glued =
                    !first.is_ascii_punctuation() || letters.next().is_some_and(|next| next != ' ');
                return exact.is_some() && length >= 3 && glued;
            }
            let ending = word.chars().count().saturating_sub(length);
            // In other languages than English, a short ending may be one of grammar.
            let enough = if self.is_english() { 1 } else { 3 };
            length >= 4 && ending >= enough && !(self.is_english() && is_common(word))
        })?;
        Some(StepSlip {
            advice: format!("a space follows `{}`", keyword.text),
            sure: false,
        })
    }

    fn misspelt(&self, text: &str) -> Option<StepSlip> {
        let near = self.keywords.iter().filter(|keyword| keyword.spaced);
        let near = near.filter_map(|keyword| {
            let words = first_words(text, keyword.text)?;
            let distance = self.slip(words, &keyword.lower)?;
            Some((distance, keyword))
        });
        let (_, keyword) = near.min_by_key(|(distance, _)| *distance)?;
        Some(StepSlip {
            advice: format!("did you mean `{}`?", keyword.text),
            sure: false,
        })
    }

    /// The number of wrong letters, if the words are probably a slip of the keyword.
    fn slip(&self, words: &str, keyword: &str) -> Option<usize> {
        let length = keyword.chars().count();
        let words_length = words.chars().count();
        if words_length.abs_diff(length) > 2 || words_length < 2 {
            return None;
        }
        let words = words.to_lowercase();
        if self.keywords.iter().any(|keyword| keyword.lower == words)
            || !words
                .chars()
                .all(|letter| letter.is_alphanumeric() || " '’".contains(letter))
        {
            return None;
        }
        let distance = strsim::osa_distance(&words, keyword);
        let near = if !self.is_english() {
            // Most languages have words that are one letter away from a short keyword.
            distance * 5 <= length
                || (distance == 1 && words_length == length && contains_letters(&words, keyword))
        } else if is_common(&words) {
            false
        } else {
            match distance {
                0 | 1 => true,
                2 if words_length >= 3 => {
                    let same_first = words.chars().next() == keyword.chars().next();
                    (length >= 4 && contains_letters(&words, keyword))
                        || (length >= 5 && same_first)
                }
                _ => false,
            }
        };
        near.then_some(distance)
    }

    /// A keyword of another language than that of the file.
    fn other_language(&self, text: &str) -> Option<StepSlip> {
        let word = |keyword: &'static str| keyword.trim_end();
        let (keyword, dialect) = foreign_keywords().iter().find(|(keyword, dialect)| {
            // Other languages have words in common that mean other things.
            let least = match (self.is_english(), dialect.code) {
                // `a` and `an` are keywords of Luxemburgish.
                (true, _) if keyword.starts_with(char::is_lowercase) => 3,
                (true, _) => 1,
                (false, "en") => 3,
                (false, _) => 5,
            };
            dialect.code != self.dialect.code
                && word(keyword).chars().count() >= least
                && starts_with_keyword(text, keyword)
                && !(self.is_english() && is_common_in_english(word(keyword)))
        })?;
        Some(StepSlip {
            advice: other_language(word(keyword), dialect, self.dialect),
            sure: false,
        })
    }

    fn is_english(&self) -> bool {
        self.dialect.code == "en"
    }
}

/// Whether the line is a step in this language.
pub fn is_step_in(dialect: &Dialect, line: &str) -> bool {
    let mut lists = dialect.step_keywords().into_iter();
    lists.any(|(_, list)| list.iter().any(|keyword| line.starts_with(keyword)))
}

fn starts_with_keyword(text: &str, keyword: &str) -> bool {
    text.strip_prefix(keyword)
        .is_some_and(|rest| !rest.is_empty())
}

/// The odd characters before the part of the line that is seen as `rest`.
fn odd_before(line: &str, rest: &str) -> Option<String> {
    let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    // The first place from which the line is seen as the rest: what is before it is the keyword.
    let end = ends
        .into_iter()
        .find(|at| as_seen(&line[*at..]).trim_end() == rest)?;
    odd_characters(&line[..end])
}

/// As many words of the text as the keyword has; none of an empty text.
fn first_words<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    let count = keyword.split(' ').count();
    let end = text.match_indices([' ', ':', '\t']).nth(count - 1);
    let words = end.map_or(text, |(end, _)| &text[..end]);
    (!words.is_empty()).then_some(words)
}

/// Whether one of the words has all letters of the other.
fn contains_letters(one: &str, other: &str) -> bool {
    let within = |small: &str, large: &str| {
        let mut left: Vec<char> = large.chars().collect();
        small.chars().all(|letter| {
            let at = left.iter().position(|other| *other == letter);
            at.map(|at| left.swap_remove(at)).is_some()
        })
    };
    within(one, other) || within(other, one)
}
