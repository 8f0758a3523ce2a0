//! Which known word a misspelt one probably means. It knows words only, not what they name.

/// The likeness (Jaro-Winkler) from which a word is taken for a slip of another. A guess: `BDD_STEP_TIMEOT` and
/// `BDD_RETRY` are above it, `BDD_BROWSER` and other programs' variables are below.
pub(crate) const ALIKE: f64 = 0.87;

/// How alike two words are, if one is probably a slip of the other. Case does not count.
pub(crate) fn likeness(found: &str, known: &str) -> Option<f64> {
    let likeness = strsim::jaro_winkler(&found.to_lowercase(), &known.to_lowercase());
    (likeness > ALIKE).then_some(likeness)
}

/// The known word that is most alike, if one is alike enough; the first of several.
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
