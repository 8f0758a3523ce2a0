//! Every keyword of every language parses to its type.

use bdd::gherkin::{
    Dialect, FeatureChild, ParseOptions, RuleChild, StepKeywordType, TokenKind, parse,
};

fn options(dialect: &'static Dialect) -> ParseOptions {
    ParseOptions {
        dialect,
        ..ParseOptions::default()
    }
}

/// A document in which only the keyword of one kind of title is not the first one.
fn titles(dialect: &Dialect, kind: TokenKind, keyword: &str) -> String {
    let or_first = |other: TokenKind, list: &[&'static str]| {
        if kind == other {
            keyword.to_owned()
        } else {
            list[0].to_owned()
        }
    };
    let feature = or_first(TokenKind::FeatureLine, dialect.feature);
    let background = or_first(TokenKind::BackgroundLine, dialect.background);
    let scenario = or_first(TokenKind::ScenarioLine, dialect.scenario);
    let examples = or_first(TokenKind::ExamplesLine, dialect.examples);
    let rule = or_first(TokenKind::RuleLine, dialect.rule);
    format!(
        "{feature}: f\n{background}: b\n{scenario}: s\n{examples}: e\n{rule}: r\n{scenario}: t\n"
    )
}

#[test]
fn every_title_keyword_begins_what_it_names() {
    let mut count = 0;
    for dialect in Dialect::all() {
        for (kind, keywords) in dialect.title_keywords() {
            for keyword in keywords {
                let source = titles(dialect, kind, keyword);
                let document = parse(&source, &options(dialect))
                    .unwrap_or_else(|errors| panic!("{}: {source}{errors:?}", dialect.code));
                let feature = document.feature.expect("the document has a feature");
                assert_eq!(feature.language, dialect.code);
                let [
                    FeatureChild::Background(background),
                    FeatureChild::Scenario(scenario),
                    FeatureChild::Rule(rule),
                ] = feature.children.as_slice()
                else {
                    panic!("{}: {source}{:?}", dialect.code, feature.children);
                };
                let [RuleChild::Scenario(_)] = rule.children.as_slice() else {
                    panic!("{}: {source}{rule:?}", dialect.code);
                };
                let found = match kind {
                    TokenKind::FeatureLine => feature.keyword.unwrap_or_default(),
                    TokenKind::BackgroundLine => background.keyword,
                    TokenKind::ScenarioLine => scenario.keyword,
                    TokenKind::ExamplesLine => scenario.examples[0].keyword,
                    _ => rule.keyword,
                };
                assert_eq!(found, *keyword, "{}", dialect.code);
                count += 1;
            }
        }
    }
    assert!(count > 700, "the table is complete: {count}");
}

#[test]
fn every_step_keyword_has_its_type() {
    let mut count = 0;
    for dialect in Dialect::all() {
        for (keyword_type, keywords) in dialect.step_keywords() {
            for keyword in keywords {
                let source = format!(
                    "{}: f\n{}: s\n  {keyword}text\n",
                    dialect.feature[0], dialect.scenario[0]
                );
                let document = parse(&source, &options(dialect))
                    .unwrap_or_else(|errors| panic!("{}: {source}{errors:?}", dialect.code));
                let feature = document.feature.expect("the document has a feature");
                let [FeatureChild::Scenario(scenario)] = feature.children.as_slice() else {
                    panic!("{}: {source}{:?}", dialect.code, feature.children);
                };
                let step = &scenario.steps[0];
                assert_eq!(
                    (step.keyword, step.text),
                    (*keyword, "text"),
                    "{}",
                    dialect.code
                );
                let lists = dialect.step_keywords();
                let all = lists.iter().flat_map(|(_, list)| *list);
                let shared = all.filter(|other| *other == keyword).count() > 1;
                let expected = if shared {
                    StepKeywordType::Unknown
                } else {
                    keyword_type
                };
                assert_eq!(step.keyword_type, expected, "{} {keyword:?}", dialect.code);
                count += 1;
            }
        }
    }
    assert!(count > 1_000, "the table is complete: {count}");
}

#[test]
fn a_language_header_changes_the_keywords() {
    for header in [
        "# language: fr",
        "#language:fr",
        "  #  language :  fr  ",
        "# language: fr\r",
    ] {
        let source =
            format!("{header}\nFonctionnalité: f\nScénario: s\n  Étant donné qu'il pleut\n");
        let document = parse(&source, &ParseOptions::default()).expect("the header is understood");
        let feature = document.feature.expect("the document has a feature");
        assert_eq!(feature.language, "fr");
        let [FeatureChild::Scenario(scenario)] = feature.children.as_slice() else {
            panic!("{:?}", feature.children);
        };
        // `Étant donné ` would fit as well: the longest keyword wins.
        assert_eq!(scenario.steps[0].keyword, "Étant donné qu'");
        assert_eq!(scenario.steps[0].text, "il pleut");
    }
}

#[test]
fn languages_are_found_by_code_only() {
    assert_eq!(Dialect::all().len(), 80);
    assert_eq!(
        Dialect::find("zh-CN").map(|dialect| dialect.native),
        Some("简体中文")
    );
    assert!(Dialect::find("zh-cn").is_none());
    assert!(Dialect::find("").is_none());
}
