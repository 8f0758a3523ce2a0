//! Makes feature files for other tests: any number of them, the same ones every time.

/// Numbers that look random and depend on the seed only (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items.
    pub fn pick<'i, T: ?Sized>(&mut self, items: &[&'i T]) -> &'i T {
        items[self.below(items.len())]
    }
}

/// The keywords that documents are written with.
struct Words {
    code: &'static str,
    feature: &'static str,
    background: &'static str,
    /// Absent where the `gherkin` crate does not know it.
    rule: Option<&'static str>,
    scenario: &'static str,
    outline: &'static str,
    examples: &'static str,
    steps: &'static [&'static str],
}

const LANGUAGES: [Words; 3] = [
    Words {
        code: "en",
        feature: "Feature",
        background: "Background",
        rule: Some("Rule"),
        scenario: "Scenario",
        outline: "Scenario Outline",
        examples: "Examples",
        steps: &["Given ", "When ", "Then ", "And ", "But ", "* "],
    },
    Words {
        code: "fr",
        feature: "Fonctionnalité",
        background: "Contexte",
        rule: Some("Règle"),
        scenario: "Scénario",
        outline: "Plan du scénario",
        examples: "Exemples",
        steps: &[
            "Soit ",
            "Quand ",
            "Alors ",
            "Et que ",
            "Mais ",
            "Étant donné ",
        ],
    },
    Words {
        code: "ja",
        feature: "機能",
        background: "背景",
        rule: None,
        scenario: "シナリオ",
        outline: "シナリオアウトライン",
        examples: "例",
        steps: &["前提", "もし", "ならば", "かつ", "しかし"],
    },
];

const NAMES: [&str; 8] = [
    "adds numbers",
    "été: “quoted”",
    "数を足す",
    "with # inside",
    "a | b",
    "50 % of \\ things",
    "😀 smiles",
    "<a> placeholder",
];
const CELLS: [&str; 11] = [
    "a",
    "",
    "two words",
    r"\|",
    r"\\",
    r"one\ntwo",
    "数",
    "<a>",
    "\"q\"",
    "1.5",
    r"a\|b\\",
];
const DESCRIPTIONS: [&str; 4] = ["As a user", "I want: things", "  - a list", "日本語の説明"];

/// A valid document with rules, backgrounds, outlines, escapes, docstrings of both kinds and
/// tags, in one of three dialects, with either kind of line end.
pub fn document(random: &mut Random) -> String {
    let words = &LANGUAGES[random.below(LANGUAGES.len())];
    let mut writer = Writer {
        random,
        words,
        lines: Vec::new(),
    };
    writer.feature();
    let end = if writer.random.percent(30) {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = writer.lines.join(end);
    text.push_str(end);
    text
}

struct Writer<'r> {
    random: &'r mut Random,
    words: &'static Words,
    lines: Vec<String>,
}

impl Writer<'_> {
    fn feature(&mut self) {
        if self.words.code != "en" || self.random.percent(20) {
            self.line("", &format!("# language: {}", self.words.code));
        }
        self.tags("");
        self.title("", self.words.feature);
        self.description("  ");
        self.background("  ");
        for _ in 0..self.random.below(4) {
            self.scenario("  ");
        }
        let Some(rule) = self.words.rule else {
            return;
        };
        for _ in 0..self.random.below(3) {
            self.tags("  ");
            self.title("  ", rule);
            self.description("    ");
            self.background("    ");
            for _ in 0..=self.random.below(2) {
                self.scenario("    ");
            }
        }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.lines.push(format!("{indent}{text}"));
    }

    fn title(&mut self, indent: &str, keyword: &str) {
        let name = self.random.pick(&NAMES);
        self.line(indent, &format!("{keyword}: {name}"));
    }

    fn tags(&mut self, indent: &str) {
        for _ in 0..self.random.below(3) {
            let tags = self
                .random
                .pick(&["@fast", "@a @b", "@jira-12 @数", "@a # not @b"]);
            self.line(indent, tags);
        }
    }

    fn description(&mut self, indent: &str) {
        for _ in 0..self.random.below(3) {
            let text = self.random.pick(&DESCRIPTIONS);
            self.line(indent, text);
        }
        self.blank(50);
    }

    fn blank(&mut self, percent: usize) {
        if self.random.percent(percent) {
            self.line("", "");
        }
    }

    fn comment(&mut self) {
        if self.random.percent(5) {
            self.line("\t", "# a comment: @no | row |");
        }
    }

    fn background(&mut self, indent: &str) {
        if self.random.percent(30) {
            self.title(indent, self.words.background);
            self.steps(indent);
        }
    }

    fn scenario(&mut self, indent: &str) {
        self.tags(indent);
        if self.random.percent(70) {
            self.title(indent, self.words.scenario);
            self.description(&format!("{indent}  "));
            self.steps(indent);
            return;
        }
        self.title(indent, self.words.outline);
        self.steps(indent);
        let inner = format!("{indent}  ");
        for _ in 0..=self.random.below(2) {
            self.tags(&inner);
            self.title(&inner, self.words.examples);
            let columns = 1 + self.random.below(3);
            self.line(
                &inner,
                &format!("  | {} |", ["a", "b", "c d"][..columns].join(" | ")),
            );
            for _ in 0..self.random.below(3) {
                self.row(&inner, columns);
            }
            self.blank(50);
        }
    }

    fn steps(&mut self, indent: &str) {
        for _ in 0..=self.random.below(4) {
            self.comment();
            let keyword = self.random.pick(self.words.steps);
            let text = self.random.pick(&NAMES);
            self.line(indent, &format!("  {keyword}{text}"));
            match self.random.below(10) {
                0 | 1 => {
                    let columns = 1 + self.random.below(3);
                    for _ in 0..=self.random.below(3) {
                        self.row(indent, columns);
                    }
                }
                2 => self.doc_string(indent, "\"\"\""),
                3 => self.doc_string(indent, "```"),
                _ => {}
            }
        }
        self.blank(70);
    }

    fn row(&mut self, indent: &str, columns: usize) {
        self.comment();
        self.blank(5);
        let cells: Vec<_> = (0..columns).map(|_| self.random.pick(&CELLS)).collect();
        self.line(indent, &format!("    | {} |", cells.join(" | ")));
    }

    fn doc_string(&mut self, indent: &str, delimiter: &str) {
        let media_type = self.random.pick(&["", "", "json"]);
        self.line(indent, &format!("    {delimiter}{media_type}"));
        for _ in 0..self.random.below(4) {
            let plain = [
                "text",
                "",
                "  Given no step",
                "| no | row |",
                "# no comment",
                "数 <a>",
            ];
            let escapes = [r#"\"\"\""#, r"\`\`\`", "\tindented"];
            let escape = self.random.percent(20);
            let lines = if escape { &escapes[..] } else { &plain };
            let text = self.random.pick(lines);
            self.line(indent, &format!("    {text}"));
        }
        self.line(indent, &format!("    {delimiter}"));
    }
}
