//! Characters that a reader takes for other ones: spaces that are no space, invisible characters, full-width
//! punctuation, letters written as two characters. It knows characters, not keywords or lines.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::space::is_space;

/// The text as a reader sees it: plain spaces and punctuation, nothing invisible, composed letters.
pub fn as_seen(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .filter(|character| !is_invisible(*character))
            .map(plain)
            .nfc()
            .collect(),
    )
}

/// The text with Latin letters in place of those of other alphabets that look the same. Two texts of one
/// skeleton can be told apart only by their codes.
pub fn skeleton(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    as_seen(text).nfkc().map(latin).collect()
}

/// Names the characters of the text that differ from those of a keyword that looks the same.
pub fn foreign_characters(text: &str, keyword: &str) -> String {
    let pairs = text.chars().zip(keyword.chars());
    let foreign = pairs.filter(|(found, expected)| found != expected);
    let mut names: Vec<String> = foreign.map(|(found, _)| name(found)).collect();
    names.dedup();
    names.truncate(2);
    names.join(" and ")
}

/// Names each character of the text that is not what it seems, such as "a no-break space (U+00A0)".
pub fn odd_characters(text: &str) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    let mut before = None;
    for character in text.chars() {
        if is_invisible(character) || plain(character) != character {
            names.push(name(character));
        } else if is_combining_mark(character)
            && let Some(base) = before
            && [base, character].into_iter().nfc().count() == 1
        {
            let letter: String = [base, character].into_iter().nfc().collect();
            names.push(format!(
                "the letter `{letter}` as two characters (`{base}` and U+{:04X})",
                character as u32
            ));
        }
        before = Some(character);
    }
    names.dedup();
    // More than two add nothing that the reader can do.
    names.truncate(2);
    (!names.is_empty()).then(|| names.join(" and "))
}

fn name(character: char) -> String {
    let code = format!("U+{:04X}", character as u32);
    let known = match character {
        '\t' => "a tab",
        '\u{a0}' => "a no-break space",
        '\u{202f}' => "a narrow no-break space",
        '\u{3000}' => "an ideographic space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte order mark",
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "an invisible mark of direction"
        }
        '\u{fe00}'..='\u{fe0f}' => "an invisible variation selector",
        _ if is_invisible(character) => "an invisible character",
        _ if is_space(character) => "an unusual space",
        '\u{ff01}'..='\u{ff5e}' => return format!("a full-width `{character}` ({code})"),
        _ => return format!("`{character}` ({code})"),
    };
    format!("{known} ({code})")
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The plain character that this one looks like; itself if it is plain.
fn plain(character: char) -> char {
    match character {
        '\u{2800}' => ' ',
        _ if !character.is_ascii() && is_space(character) => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(character as u32 - 0xfee0).expect("the ASCII character of the same form")
        }
        '\u{fe55}' | '\u{fe13}' | '\u{2236}' | '\u{a789}' | '\u{2d0}' | '\u{5c3}' => ':',
        '\u{fe6b}' => '@',
        '\u{fe61}' => '*',
        '\u{2502}' | '\u{2223}' | '\u{1c0}' => '|',
        _ => character,
    }
}

/// The Latin letter that this letter of Cyrillic or Greek looks like; itself if there is none.
fn latin(character: char) -> char {
    match character {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Ԍ' => 'G',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Ԝ' => 'W',
        'Х' | 'Χ' => 'X',
        'Ү' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        'а' | 'ɑ' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ı' => 'i',
        'ј' => 'j',
        'ӏ' => 'l',
        'ո' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' => 'w',
        'х' => 'x',
        'у' => 'y',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_compared_as_a_reader_sees_it() {
        for (text, seen) in [
            ("Given\u{a0}a", "Given a"),
            ("\u{200b}Gi\u{ad}ven\u{3000}a", "Given a"),
            ("Scenario\u{ff1a}\u{ff33}", "Scenario:S"),
            ("e\u{301}tant", "\u{e9}tant"),
            ("\u{ff20}slow", "@slow"),
            (
                "caf\u{e9} \u{2014} \u{201c}x\u{201d}",
                "caf\u{e9} \u{2014} \u{201c}x\u{201d}",
            ),
        ] {
            assert_eq!(as_seen(text), seen);
        }
    }

    #[test]
    fn odd_characters_are_named_with_their_codes() {
        for (text, names) in [
            ("Given\u{a0}a", Some("a no-break space (U+00A0)")),
            ("\u{200b}Given", Some("a zero-width space (U+200B)")),
            ("Scenario\u{ff1a}", Some("a full-width `\u{ff1a}` (U+FF1A)")),
            ("Given\u{2003}", Some("an unusual space (U+2003)")),
            (
                "e\u{301}tant",
                Some("the letter `\u{e9}` as two characters (`e` and U+0301)"),
            ),
            (
                "\u{200b}a\u{a0}b\u{3000}c",
                Some("a zero-width space (U+200B) and a no-break space (U+00A0)"),
            ),
            ("caf\u{e9}", None),
            ("a\tb", None),
        ] {
            assert_eq!(odd_characters(text).as_deref(), names, "{text:?}");
        }
    }
}
