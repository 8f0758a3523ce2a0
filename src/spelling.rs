//! Finds the known word that a misspelt word probably means. It does not know what the words name.

/// The similarity (Jaro-Winkler) from which a word counts as a misspelling of another. This is a guess:
/// `BDD_STEP_TIMEOT` and `BDD_RETRY` are above it, `BDD_BROWSER` and variables of other programs are below.
const ALIKE: f64 = 0.87;

/// How similar two words are, if one is probably a misspelling of the other. Case does not count.
pub(crate) fn likeness(found: &str, known: &str) -> Option<f64> {
    let likeness = strsim::jaro_winkler(&found.to_lowercase(), &known.to_lowercase());
    (likeness > ALIKE).then_some(likeness)
}

/// The most similar known word, if one is similar enough. The first of several equal ones.
pub(crate) fn nearest<'k>(
    found: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let mut best: Option<(f64, &str)> = None;
    for known in known {
        if let Some(likeness) = likeness(found, known)
            && best.is_none_or(|(most, _)| likeness > most)
        {
            best = Some((likeness, known));
        }
    }
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word() {
        let known = ["features", "feature", "jobs", "junit", "When", "fr"];
        for (found, meant) in [
            ("featurs", Some("features")),
            ("job", Some("jobs")),
            ("junti", Some("junit")),
            ("wehn", Some("When")),
            ("FRR", Some("fr")),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, known), meant, "{found}");
        }
    }
}
