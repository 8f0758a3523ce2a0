//! The words of a text, each reduced to a stem, so that "signs in", "signing in" and "signed in" are alike.

/// Words that say nothing about what a step does.
const COMMON: [&str; 48] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "do", "does", "for", "from",
    "given", "has", "have", "i", "in", "is", "it", "its", "me", "my", "of", "on", "or", "should",
    "so", "step", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was",
    "we", "what", "when", "which", "who", "will", "with", "how",
];

/// Words that an analyst uses for each other. Each list stands for its first word. A word is in one list only.
const ALIKE: &[&[&str]] = &[
    &["enter", "type", "input", "fill", "key"],
    &["press", "click", "push", "tap", "hit"],
    &["show", "display", "see", "appear", "visible"],
    &["result", "outcome", "answer", "total"],
    &["login", "signin", "logon", "authenticate"],
    &["create", "make", "new", "build"],
    &["delete", "remove", "erase", "drop"],
    &["start", "begin", "launch", "run", "execute"],
    &["end", "finish", "stop", "exit", "quit"],
    &["error", "failure", "fault", "problem", "complain"],
    &["return", "back", "restore"],
    &["borrow", "lend", "loan"],
    &["refuse", "reject", "deny", "decline"],
    &["grant", "accept", "allow", "approve"],
    &["search", "find", "look", "query"],
    &["change", "edit", "update", "modify", "rework"],
    &["folder", "directory"],
    &["contain", "include", "hold"],
    &["text", "content", "wording"],
    &["price", "cost", "fee"],
    &["output", "print", "stdout"],
    &["late", "delay"],
    &["person", "people", "user", "member", "customer", "somebody"],
    &["empty", "blank", "nothing", "no"],
    &["arrive", "come", "deliver", "delivery"],
    &["stock", "inventory", "warehouse"],
];

/// The stems of the words of a text that say something, in order. Parts of names (`read_board`, `readBoard`) are words.
pub(super) fn stems(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for word in words(text) {
        // The "s" of "user's" is no word.
        let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        if is_letter || COMMON.contains(&word.as_str()) {
            continue;
        }
        all.push(stem(&word));
    }
    all
}

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    for character in text.chars() {
        if !character.is_alphanumeric() || (character.is_uppercase() && lower) {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        lower = character.is_lowercase();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// What the forms of a word have in common. A light stemmer: it need not give words, only the same for what belongs
/// together.
fn stem(word: &str) -> String {
    let stem = bare(word);
    let group = ALIKE.iter().find(|group| {
        group
            .iter()
            .any(|other| *other == word || bare(other) == stem)
    });
    group.map_or(stem, |group| bare(group[0]))
}

/// Endings, the longest first, and what they leave.
const ENDINGS: [(&str, &str); 12] = [
    ("ations", "at"),
    ("ation", "at"),
    ("ically", "ic"),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ers", ""),
    ("er", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
];

fn bare(word: &str) -> String {
    const SHORTEST: usize = 3;
    let mut stem = word.to_owned();
    let ending = ENDINGS.iter().find_map(|(ending, kept)| {
        let rest = word.strip_suffix(ending)?;
        (rest.chars().count() >= SHORTEST).then(|| format!("{rest}{kept}"))
    });
    if let Some(shorter) = ending {
        stem = shorter;
    } else if let Some(singular) = word.strip_suffix('s')
        && !singular.ends_with(['s', 'u', 'i'])
        && singular.chars().count() >= SHORTEST
    {
        stem = singular.to_owned();
    }
    // "stopped" has a letter more than "stop", and "create" one that "creating" lacks.
    let mut characters: Vec<char> = stem.chars().collect();
    if let [.., before, last] = characters[..]
        && characters.len() > SHORTEST
        && (last == 'e' || (before == last && !matches!(last, 'l' | 's' | 'o' | 'e')))
    {
        characters.pop();
    }
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for group in [
            &["press", "presses", "pressed", "pressing"][..],
            &["stop", "stops", "stopped", "stopping"],
            &["create", "creates", "created", "creating"],
            &["borrow", "borrows", "borrowed"],
            &["library", "libraries"],
            &["scenario", "scenarios"],
            &["file", "files"],
            &["click", "push", "pressed"],
        ] {
            for word in group {
                assert_eq!(stem(word), stem(group[0]), "{word}");
            }
        }
        for (one, other) in [("press", "print"), ("bus", "bu"), ("member", "file")] {
            assert_ne!(stem(one), stem(other));
        }
    }

    #[test]
    fn a_word_is_in_one_list() {
        let all: Vec<&&str> = ALIKE.iter().flat_map(|group| group.iter()).collect();
        for word in &all {
            assert_eq!(
                all.iter().filter(|other| other == &word).count(),
                1,
                "{word}"
            );
        }
    }

    #[test]
    fn names_are_words_and_common_words_are_left_out() {
        assert_eq!(stems("the read_board of"), ["read", "board"]);
        assert_eq!(stems("readBoard(JSON)"), ["read", "board", "json"]);
    }
}
