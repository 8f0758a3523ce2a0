//! The parameter types of a step program: those that are built in, and the user's.
//!
//! This file does not know which definitions use them.

use std::sync::Arc;

use bdd_expressions::{BUILT_IN, check_parameter_type_name};
use bdd_protocol::{self as protocol, RunArgument};
use foldhash::{HashMap, HashMapExt};
use regex_syntax::ast::{self, Ast, GroupKind};

use super::engine::{self, Compiled, SIZE_LIMIT};
use crate::event::{self, ArgumentGroup, SourceLocation};

/// A parameter type.
#[derive(Debug)]
pub struct KnownParameterType {
    /// The name between the braces; the anonymous one's is empty.
    pub name: Arc<str>,
    /// Its regular expressions as written.
    pub regexps: Vec<String>,
    /// The same in the form for the regular expression of an expression.
    pub embedded: Vec<String>,
    /// Whether snippets suggest it.
    pub use_for_snippets: bool,
    /// Whether it wins if a group of a regular expression could be of several types.
    pub prefer_for_regexp: bool,
    /// The user's type in the language of the step code; empty when it is not known.
    pub type_name: String,
    /// Where the user defines it; `None` for one that is built in.
    pub place: Option<SourceLocation>,
    /// Whether a pattern with a few of these is surely small enough to be compiled.
    pub small: bool,
}

/// All parameter types that expressions may use.
#[derive(Debug)]
pub struct ParameterTypes {
    types: Vec<KnownParameterType>,
    by_name: HashMap<Arc<str>, usize>,
    /// The types with this regular expression, the one to prefer first.
    by_regexp: HashMap<String, Vec<usize>>,
}

/// The parameter type of a group, by its regular expression.
pub enum ByRegexp<'t> {
    /// No type has it.
    None,
    /// One has it, or is to be preferred.
    One(&'t KnownParameterType),
    /// Several have it, and none is to be preferred.
    Several(Vec<&'t KnownParameterType>),
}

impl Default for ParameterTypes {
    /// The built-in parameter types.
    fn default() -> Self {
        let mut all = Self {
            types: Vec::with_capacity(BUILT_IN.len()),
            by_name: HashMap::new(),
            by_regexp: HashMap::new(),
        };
        for built_in in BUILT_IN {
            let texts = |regexps: &[&str]| regexps.iter().map(|&one| one.to_owned()).collect();
            all.add(KnownParameterType {
                name: built_in.name.into(),
                regexps: texts(built_in.regexps),
                embedded: texts(built_in.linear),
                use_for_snippets: built_in.use_for_snippets,
                prefer_for_regexp: built_in.prefer_for_regexp,
                type_name: String::new(),
                place: None,
                small: true,
            });
        }
        all
    }
}

impl ParameterTypes {
    /// The built-in parameter types and those of the user. `place` makes a source path relative for messages.
    ///
    /// # Errors
    /// All parameter types that cannot be used, each with its place, with the official text if there is one.
    pub fn new(
        users: &[protocol::ParameterType],
        place: &dyn Fn(&str) -> String,
    ) -> Result<Self, Vec<String>> {
        let mut all = Self::default();
        let mut problems = Vec::new();
        for user in users {
            let location = SourceLocation {
                file: place(&user.file),
                line: user.line,
                column: user.column,
            };
            let before = problems.len();
            let mut problem = |text: String| {
                problems.push(format!("{}:{}: {text}", location.file, location.line));
            };
            if let Err(error) = all.check(user) {
                problem(error);
            }
            let mut embedded = Vec::with_capacity(user.regexps.len());
            for regexp in &user.regexps {
                match embeddable(regexp) {
                    Ok(regexp) => embedded.push(regexp),
                    Err(error) => problem(format!(
                        "the parameter type {{{}}} cannot be used: {error}",
                        user.name
                    )),
                }
            }
            if problems.len() == before {
                let small = embedded.iter().all(|regexp| engine::is_small(regexp));
                all.add(KnownParameterType {
                    name: user.name.as_str().into(),
                    regexps: user.regexps.clone(),
                    embedded,
                    use_for_snippets: user.use_for_snippets,
                    prefer_for_regexp: user.prefer_for_regexp,
                    type_name: user.type_name.clone(),
                    place: Some(location),
                    small,
                });
            }
        }
        if problems.is_empty() {
            Ok(all)
        } else {
            Err(problems)
        }
    }

    fn check(&self, user: &protocol::ParameterType) -> Result<(), String> {
        let name = &user.name;
        check_parameter_type_name(name)?;
        if self.by_name.contains_key(name.as_str()) {
            return Err(if name.is_empty() {
                "The anonymous parameter type has already been defined".to_owned()
            } else {
                format!("There is already a parameter type with name {name}")
            });
        }
        if user.regexps.is_empty() {
            return Err(format!(
                "the parameter type {{{name}}} has no regular expression"
            ));
        }
        let preferred = |regexp: &String| {
            let first = self.by_regexp.get(regexp)?.first()?;
            let first = &self.types[*first];
            first.prefer_for_regexp.then_some(first)
        };
        for regexp in user.regexps.iter().filter(|_| user.prefer_for_regexp) {
            if let Some(first) = preferred(regexp) {
                return Err(format!(
                    "There can only be one preferential parameter type per regexp. The regexp \
                     /{regexp}/ is used for two preferential parameter types, {{{}}} and {{{name}}}",
                    first.name
                ));
            }
        }
        Ok(())
    }

    fn add(&mut self, new: KnownParameterType) {
        let index = self.types.len();
        self.by_name.insert(Arc::clone(&new.name), index);
        let types = &self.types;
        for (position, regexp) in new.regexps.iter().enumerate() {
            // A type may name an expression twice; it stands in the list once.
            if new.regexps[..position].contains(regexp) {
                continue;
            }
            let same = self.by_regexp.entry(regexp.clone()).or_default();
            let rank = |one: &KnownParameterType| (!one.prefer_for_regexp, Arc::clone(&one.name));
            let at = same.partition_point(|&other| rank(&types[other]) < rank(&new));
            same.insert(at, index);
        }
        self.types.push(new);
    }

    /// The type with this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&KnownParameterType> {
        self.by_name.get(name).map(|&index| &self.types[index])
    }

    /// The type of a group whose source this is.
    #[must_use]
    pub fn with_regexp(&self, regexp: &str) -> ByRegexp<'_> {
        let same = self.by_regexp.get(regexp).map_or(&[][..], Vec::as_slice);
        match same {
            [] => ByRegexp::None,
            [first, rest @ ..] => {
                let preferred = &self.types[*first];
                if rest.is_empty() || preferred.prefer_for_regexp {
                    ByRegexp::One(preferred)
                } else {
                    ByRegexp::Several(same.iter().map(|&index| &self.types[index]).collect())
                }
            }
        }
    }

    /// All of them: the built-in ones, then the user's in order of definition.
    pub fn iter(&self) -> impl Iterator<Item = &KnownParameterType> {
        self.types.iter()
    }

    /// The user's, as reports show them.
    #[must_use]
    pub fn shown(&self) -> Vec<event::ParameterType> {
        let shown = |one: &KnownParameterType| {
            Some(event::ParameterType {
                name: String::from(&*one.name),
                regexps: one.regexps.clone(),
                use_for_snippets: one.use_for_snippets,
                prefer_for_regexp: one.prefer_for_regexp,
                location: one.place.clone()?,
            })
        };
        self.types.iter().filter_map(shown).collect()
    }

    /// The argument of a function for a group.
    #[must_use]
    pub fn argument<'g, T: From<&'g str> + From<String> + Default>(
        &self,
        group: &'g ArgumentGroup,
    ) -> RunArgument<T> {
        let value = |group: &'g ArgumentGroup| group.value.as_deref().map(T::from);
        let Some(name) = &group.parameter_type else {
            return RunArgument::text(value(group));
        };
        if self.named(name).is_some_and(|one| one.place.is_some()) {
            let groups = match group.children.as_slice() {
                [] => vec![value(group)],
                children => children.iter().map(value).collect(),
            };
            return RunArgument {
                value: value(group),
                parameter_type: Some(T::from(&**name)),
                groups,
            };
        }
        if &**name == "string" && group.value.is_some() {
            let mut between_quotes = group
                .children
                .iter()
                .filter_map(|child| child.value.as_ref());
            let text = between_quotes.next().map_or("", String::as_str);
            let text = text.replace("\\\"", "\"").replace("\\'", "'");
            return RunArgument::text(Some(T::from(text)));
        }
        RunArgument::text(value(group))
    }
}

/// Checks a regular expression of a parameter type, and removes the names of its groups: two
/// parameters of the type in one expression would define a name twice.
fn embeddable(regexp: &str) -> Result<String, String> {
    // Look-around and back-references are errors of the parser, which names and shows them.
    let ast = ast::parse::Parser::new()
        .parse(regexp)
        .map_err(|error| error.to_string())?;
    let mut names = GroupNames(Vec::new());
    ast::visit(&ast, &mut names)?;
    let mut embedded = regexp.to_owned();
    for name in names.0.iter().rev() {
        embedded.replace_range(name.clone(), "");
    }
    let (hir, _) = engine::parse(&embedded)?;
    Compiled::new(&hir, Vec::new(), SIZE_LIMIT)?;
    Ok(embedded)
}

/// Finds what stands between `(` and the content of each named group, from left to right.
struct GroupNames(Vec<std::ops::Range<usize>>);

impl ast::Visitor for &mut GroupNames {
    type Output = ();
    type Err = String;

    fn finish(self) -> Result<(), String> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
        let flags = match ast {
            Ast::Flags(set) => Some(&set.flags),
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(flags) => Some(flags),
                GroupKind::CaptureName { .. } => {
                    let from = group.span.start.offset + 1;
                    self.0.push(from..group.ast.span().start.offset);
                    None
                }
                GroupKind::CaptureIndex(_) => None,
            },
            _ => None,
        };
        match flags.and_then(|flags| flags.items.first()) {
            Some(_) => Err(
                "ParameterType Regexps can't use flags such as (?i); write [Rr]ed for red".into(),
            ),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::matching::{ExpressionError, Pattern};

    fn user(name: &str, regexps: &[&str]) -> protocol::ParameterType {
        protocol::ParameterType {
            name: name.to_owned(),
            regexps: regexps.iter().map(|&one| one.to_owned()).collect(),
            file: "steps.rs".to_owned(),
            line: 7,
            ..protocol::ParameterType::default()
        }
    }

    fn preferred(name: &str, regexps: &[&str]) -> protocol::ParameterType {
        protocol::ParameterType {
            prefer_for_regexp: true,
            ..user(name, regexps)
        }
    }

    fn types(users: &[protocol::ParameterType]) -> Result<ParameterTypes, String> {
        ParameterTypes::new(users, &str::to_owned).map_err(|problems| problems.join("\n"))
    }

    fn values(group: &ArgumentGroup) -> Vec<Option<&str>> {
        group
            .children
            .iter()
            .map(|one| one.value.as_deref())
            .collect()
    }

    fn argument(types: &ParameterTypes, group: &ArgumentGroup) -> RunArgument {
        types.argument(group)
    }

    #[test]
    fn a_type_with_groups_gives_them_as_children() {
        let types = types(&[user("flight", &["([A-Z]{3})-([A-Z]{3})"])]).unwrap();
        let pattern = Pattern::expression("{flight} has {int} delay(s)", &types).unwrap();
        let groups = pattern.arguments("LHR-CDG has 2 delays").unwrap();
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].start, groups[0].end), (0, 7));
        assert_eq!(values(&groups[0]), [Some("LHR"), Some("CDG")]);
        assert_eq!(groups[0].parameter_type.as_deref(), Some("flight"));
        let sent = argument(&types, &groups[0]);
        assert_eq!(sent.value.as_deref(), Some("LHR-CDG"));
        assert_eq!(sent.parameter_type.as_deref(), Some("flight"));
        assert_eq!(sent.groups, [Some("LHR".into()), Some("CDG".into())]);
        assert_eq!(
            argument(&types, &groups[1]),
            RunArgument::text(Some("2".into()))
        );
    }

    #[test]
    fn one_of_several_regexps_leaves_the_groups_of_the_others_empty() {
        let types = types(&[user("size", &["(?<n>\\d+) cm", "(\\d+) mm"])]).unwrap();
        let pattern = Pattern::expression("{size} by {size}", &types).unwrap();
        let groups = pattern.arguments("3 mm by 4 cm").unwrap();
        assert_eq!(values(&groups[0]), [None, Some("3")]);
        assert_eq!(values(&groups[1]), [Some("4"), None]);
        assert_eq!(
            argument(&types, &groups[0]).groups,
            [None, Some("3".into())]
        );
    }

    #[test]
    fn a_type_without_groups_gives_its_text() {
        let types = types(&[user("colour", &["red|blue"])]).unwrap();
        for pattern in [
            Pattern::expression("a {colour} ball", &types).unwrap(),
            Pattern::regex("^a (red|blue) ball$", &types).unwrap(),
        ] {
            let groups = pattern.arguments("a red ball").unwrap();
            let sent = argument(&types, &groups[0]);
            assert_eq!(sent.parameter_type.as_deref(), Some("colour"));
            assert_eq!(sent.groups, [Some("red".into())]);
        }
    }

    #[test]
    fn strings_lose_their_quotes_and_escapes() {
        let types = ParameterTypes::default();
        let pattern = Pattern::expression("say {string}", &types).unwrap();
        let said = |text: &str| {
            let groups = pattern.arguments(text).unwrap();
            argument(&types, &groups[0]).value.unwrap()
        };
        assert_eq!(said(r#"say "a \"b\" \'c\' 'd'""#), r#"a "b" 'c' 'd'"#);
        assert_eq!(said(r#"say 'it\'s "x"'"#), r#"it's "x""#);
        assert_eq!(said(r#"say """#), "");
        assert_eq!(said(r"say 'a\\b'"), r"a\\b");
        let groups = pattern.arguments("say 'é😀'").unwrap();
        assert_eq!((groups[0].start, groups[0].end), (4, 9));
        assert_eq!(
            (groups[0].children[1].start, groups[0].children[1].end),
            (5, 8)
        );
    }

    #[test]
    fn a_group_has_the_type_with_its_source() {
        let types = types(&[
            user("a", &["[a-z]+"]),
            preferred("z", &["[a-z]+"]),
            user("x", &["[0-9]"]),
            user("y", &["[0-9]"]),
        ])
        .unwrap();
        let names = |source: &str, text: &str| {
            let groups = Pattern::regex(source, &types)
                .unwrap()
                .arguments(text)
                .unwrap();
            let names = groups.into_iter().map(|group| group.parameter_type);
            names
                .map(|name| name.map(|name| name.to_string()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(r"^(\d+) (-?\d+)$", "1 2"),
            [Some("int".into()), Some("int".into())]
        );
        assert_eq!(names("^([a-z]+)([A-Z]*)$", "aB"), [Some("z".into()), None]);
        assert_eq!(
            names(r"^(?<w>[^\s]+) (.*)$", "a b"),
            [Some("word".into()), None]
        );
        assert_eq!(
            names("^(?:x|([a-z]+))((b))$", "xb"),
            [Some("z".into()), None]
        );
        let ambiguous = Pattern::regex("^([a-z]+)([0-9])$", &types).unwrap();
        assert_eq!(ambiguous.ambiguous(), Some("[0-9]"));
    }

    #[test]
    fn types_that_cannot_be_used_say_why() {
        let error = |users: &[protocol::ParameterType]| types(users).unwrap_err();
        assert_eq!(
            error(&[user("int", &["x"])]),
            "steps.rs:7: There is already a parameter type with name int"
        );
        assert_eq!(
            error(&[user("", &["x"])]),
            "steps.rs:7: The anonymous parameter type has already been defined"
        );
        assert_eq!(
            error(&[preferred("a", &["x", "y"]), preferred("b", &["y"])]),
            "steps.rs:7: There can only be one preferential parameter type per regexp. \
             The regexp /y/ is used for two preferential parameter types, {a} and {b}"
        );
        assert_eq!(
            error(&[user("a[b]", &["x"])]),
            "steps.rs:7: Illegal character in parameter name {a[b]}. \
             Parameter names may not contain '{', '}', '(', ')', '\\' or '/'"
        );
        assert!(error(&[user("a", &["x(?=y)"])]).contains("look-around"));
        assert!(error(&[user("a", &[r"(x)\1"])]).contains("backreferences are not supported"));
        assert!(error(&[user("a", &["(?i)x"])]).contains("can't use flags"));
        assert!(error(&[user("a", &["(?i:x)"])]).contains("can't use flags"));
        assert!(error(&[user("a", &[r"\d{99999}"])]).contains("bytes when compiled"));
        assert!(error(&[user("a", &[])]).contains("no regular expression"));
        assert_eq!(
            error(&[user("a", &["("]), user("b", &["("])])
                .matches("unclosed")
                .count(),
            2
        );
    }

    /// The list of the types with an expression would have to name a type that is not there yet.
    #[test]
    fn a_type_may_name_an_expression_twice() {
        let types = types(&[
            user("a", &["x", "y", "x"]),
            user("b", &["y", "y"]),
            preferred("c", &["z", "z"]),
        ])
        .unwrap();
        let pattern = Pattern::expression("{a} {b} {c}", &types).unwrap();
        assert!(pattern.arguments("x y z").is_some());
        assert_eq!(
            Pattern::regex("^(y)$", &types).unwrap().ambiguous(),
            Some("y")
        );
        assert_eq!(Pattern::regex("^(x)$", &types).unwrap().ambiguous(), None);
    }

    #[test]
    fn an_expression_of_large_types_is_compiled_at_once() {
        let types = types(&[user("much", &[r"\w{60}"])]).unwrap();
        let source = "{much}".repeat(200);
        let error = Pattern::expression(&source, &types).unwrap_err();
        assert!(matches!(error, ExpressionError::Unusable(text) if text.contains("bytes when")));
    }
}
