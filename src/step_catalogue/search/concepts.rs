//! English words and phrases that mean nearly the same in features. They help an analyst who does not know the words
//! of a pattern; an equal stem always counts more.

/// Each row is a concept: phrases that stand for it.
pub(super) const CONCEPTS: &[&[&str]] = &[
    &[
        "sign in",
        "log in",
        "login",
        "log on",
        "logon",
        "signin",
        "authenticate",
    ],
    &[
        "sign out", "log out", "logout", "log off", "logoff", "signout",
    ],
    &[
        "sign up",
        "register",
        "signup",
        "enroll",
        "create an account",
    ],
    &[
        "user", "customer", "client", "member", "visitor", "somebody", "someone", "person",
        "people", "reader",
    ],
    &["create", "add", "new", "make", "insert", "set up"],
    &["prepare", "make", "set up", "mix"],
    &["delete", "remove", "erase", "drop", "clear", "no", "reset"],
    &[
        "change", "edit", "update", "modify", "rework", "revise", "rewrite", "alter",
    ],
    &["click", "press", "push", "tap", "hit", "choose", "select"],
    &["enter", "type", "fill", "key in", "input", "write"],
    &[
        "show", "display", "see", "appear", "visible", "print", "screen",
    ],
    &["open", "go to", "visit", "navigate", "browse"],
    &[
        "error", "complain", "fail", "failure", "problem", "message", "warning",
    ],
    &["refuse", "reject", "deny", "decline", "turn down", "forbid"],
    &["grant", "accept", "approve", "allow", "permit"],
    &["contain", "include", "have", "with", "hold"],
    &["equal", "is", "match", "same", "be"],
    &["find", "search", "look for", "look up", "seek"],
    &["start", "begin", "launch", "run", "execute"],
    &[
        "switch on",
        "turn on",
        "power on",
        "start",
        "switch",
        "turn",
    ],
    &["switch off", "turn off", "power off", "shut down", "stop"],
    &[
        "end",
        "finish",
        "exit",
        "stop",
        "terminate",
        "quit",
        "complete",
        "close",
    ],
    &["return", "bring back", "give back", "hand in", "take back"],
    &["borrow", "lend", "loan", "check out"],
    &["buy", "purchase", "order", "pay"],
    &["price", "cost", "amount", "total", "sum"],
    &["cart", "basket", "bag"],
    &["deliver", "delivery", "ship", "arrive", "shipment"],
    &["stock", "inventory", "warehouse", "store"],
    &["article", "item", "product", "goods"],
    &["depart", "leave", "departure", "take off"],
    &["arrive", "arrival", "land"],
    &["late", "delay", "overdue"],
    &["number", "count", "how many", "quantity", "amount"],
    &["result", "outcome", "answer", "output"],
    &["output", "print", "standard"],
    &["empty", "blank", "nothing", "no", "none", "without"],
    &["file", "document"],
    &["folder", "directory"],
    &["program", "command", "application", "process"],
    &["send", "submit", "post"],
    &["receive", "get"],
    &["wait", "pause", "sleep", "patient"],
    &["attach", "upload", "embed", "append"],
    &["picture", "image", "drawing", "screenshot", "photo"],
    &["text", "word", "sentence", "string"],
    &["title", "heading", "headline", "name"],
    &["list", "table", "all"],
    &["warm", "hot", "heat", "boil", "temperature", "degree"],
    &["meet", "friend", "know", "befriend"],
    &["button", "key"],
    &["only", "exactly", "single"],
    &["weigh", "weight", "heavy"],
    &["bread", "loaf", "loaves"],
    &["log", "note", "record"],
    &["link", "url", "address"],
];

/// Words that say little: they count for a tenth.
pub(super) fn is_common(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "a", "about", "after", "an", "and", "are", "as", "at", "be", "been", "by", "can", "check",
        "do", "does", "for", "from", "given", "had", "has", "have", "he", "her", "his", "how", "i",
        "if", "in", "into", "is", "it", "its", "many", "me", "much", "must", "my", "of", "on",
        "or", "our", "out", "s", "shall", "she", "should", "so", "some", "step", "that", "the",
        "their", "them", "then", "there", "these", "they", "this", "to", "up", "verify", "was",
        "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "you",
        "your",
    ];
    COMMON.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_found() {
        for word in ["a", "your", "step", "many", "it"] {
            assert!(is_common(word), "{word}");
        }
        assert!(!is_common("calculator") && !is_common("no"));
    }

    #[test]
    fn every_concept_has_several_phrases() {
        for phrases in CONCEPTS {
            assert!(phrases.len() > 1, "{phrases:?}");
            assert!(phrases.iter().all(|phrase| !phrase.trim().is_empty()));
        }
    }
}
