//! Cucumber Expressions and parameter types of a step program, from its hello to what it is sent.

use super::*;

/// A step program that notes the arguments it is sent.
const NOTING: &str = "
def step(scenario, position, step=fake.step):
    with open('arguments', 'a') as file:
        print(json.dumps(scenario['steps'][position]['arguments']), file=file)
    return step(scenario, position)
def expressions(*patterns):
    DEFINITIONS[:] = [{'id': n, 'keyword': 'step', 'kind': 'regex' if p[0] == '^' else 'cucumber_expression',
                       'pattern': p, 'file': 'steps.py', 'line': 10 + n} for n, p in enumerate(patterns)]
def types(*types):
    return [{'name': name, 'regexps': regexps, 'use_for_snippets': True, 'prefer_for_regexp': False,
             'file': 'steps.py', 'line': 90 + n, **more} for n, (name, regexps, more) in enumerate(types)]
";

fn project(script: &str) -> Project {
    with_fake(&format!("{NOTING}\n{script}"))
}

#[test]
fn a_worker_gets_texts_and_the_groups_of_parameter_types() {
    let project = project(
        "expressions('I say/ask {string} {int} time(s)', 'from {flight} by {colour}',
            '^a (red|blue) (ball)(?: of (.*))?$')
serve(step=step, hello=lambda: send(type='hello', protocol=1, language='python', hash='h',
    definitions=DEFINITIONS, parameter_types=types(
    ('flight', ['([A-Z]{3})-([A-Z]{3})'], {}), ('colour', ['red|blue'], {}))))",
    );
    let steps = "all: I say \"it's \\\"é\\\"\" 2 times; I ask 'so' 1 time; from LHR-CDG by red; a blue ball";
    project.file("features/a.feature", feature("A", &[steps]));
    let outcome = run(&project, &[]).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "all passed");
    assert_eq!(
        project.read("arguments").replace(", ", ","),
        "[\"it's \\\"\\u00e9\\\"\",\"2\"]\n\
         [\"so\",\"1\"]\n\
         [{\"value\": \"LHR-CDG\",\"parameter_type\": \"flight\",\"groups\": [\"LHR\",\"CDG\"]},\
         {\"value\": \"red\",\"parameter_type\": \"colour\",\"groups\": [\"red\"]}]\n\
         [{\"value\": \"blue\",\"parameter_type\": \"colour\",\"groups\": [\"blue\"]},\"ball\",null]\n"
    );
    let finished = |event: &&Value| event["type"] == "step_finished";
    let third = results.events.iter().filter(finished).nth(2).unwrap();
    let arguments = &third["result"]["match"]["arguments"];
    assert_eq!(arguments[0]["parameter_type"], "flight");
    assert_eq!(arguments[0]["children"][1]["value"], "CDG");
    assert_eq!(arguments[0]["children"][1]["start"], 9);
    let types = results
        .events
        .iter()
        .find(|event| event["type"] == "parameter_types");
    let types = &types.unwrap()["parameter_types"];
    assert_eq!(types[0]["regexps"][0], "([A-Z]{3})-([A-Z]{3})");
    assert_eq!(types[1]["location"]["line"], 91);
}

#[test]
fn only_a_definition_with_an_undefined_parameter_type_is_left_out() {
    let project = project(
        "expressions('{airport} is closed', 'it works', '{int} {airport} {harbour}')
serve(step=step)",
    );
    project.file(
        "features/a.feature",
        feature("A", &["fine: it works", "not: CDG is closed"]),
    );
    let outcome = run(&project, &[]).exits(1).stdout_has(
        "steps.py:10: the parameter type `airport` of the expression `{airport} is closed` is not defined, so no step matches it; define the type, or correct its name\n",
    );
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "fine passed, not undefined");
    let of = |kind: &'static str| {
        results
            .events
            .iter()
            .filter(move |event| event["type"] == kind)
    };
    let undefined: Vec<String> = of("undefined_parameter_type")
        .map(|event| {
            format!(
                "{} {} {}",
                event["name"], event["expression"], event["location"]["line"]
            )
        })
        .collect();
    assert_eq!(
        undefined,
        [
            "\"airport\" \"{airport} is closed\" 10",
            "\"airport\" \"{int} {airport} {harbour}\" 12"
        ]
    );
    let definitions = of("step_definitions").next().unwrap();
    assert_eq!(definitions["definitions"].as_array().unwrap().len(), 1);
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_official_words() {
    let project = project(
        "expressions('a {int', 'a (b/c)', '^a($')
serve(hello=lambda: send(type='hello', protocol=1, language='python', hash='h', definitions=DEFINITIONS,
    parameter_types=types(('int', ['x'], {}), ('a', ['x(?!y)'], {}))))",
    );
    project.file("features/a.feature", feature("A", &["fine: it works"]));
    run(&project, &[])
        .exits(5)
        .stderr_has("has patterns that cannot be used")
        .stderr_has("steps.py:90: There is already a parameter type with name int")
        .stderr_has("look-around, including look-ahead and look-behind, is not supported")
        .stderr_has(
            "steps.py:10: This Cucumber Expression has a problem at column 3:\n\na {int\n  ^\n\
             The '{' does not have a matching '}'.\n",
        )
        .stderr_has("An alternation can not be used inside an optional.\n")
        .stderr_has("unclosed group");
}

#[test]
fn a_group_of_two_parameter_types_is_ambiguous_when_a_step_matches() {
    let script = |prefer: &str, step: &str| {
        format!(
            "expressions('^a ([a-z]+) and ([a-z]+)$', '{step}')
serve(step=step, hello=lambda: send(type='hello', protocol=1, language='python', hash='h',
    definitions=DEFINITIONS, parameter_types=types(('word2', ['[a-z]+'], {{}}), ('name', ['[a-z]+'], {prefer}))))"
        )
    };
    let ambiguous = project(&script("{}", "x"));
    ambiguous.file("features/a.feature", feature("A", &["one: a b and c"]));
    run(&ambiguous, &[]).exits(5).stderr_has(
        "steps.py:10: Your Regular Expression /^a ([a-z]+) and ([a-z]+)$/\n\
         matches multiple parameter types with regexp /[a-z]+/:\n   {name}\n   {word2}\n\n\
         I couldn't decide which one to use. You have two options:\n\n\
         1) Use a Cucumber Expression instead of a Regular Expression. Try one of these:\n   {name} {name} {name} {name}\n",
    );
    let unused = project(&script("{}", "x"));
    unused.file("features/a.feature", feature("A", &["one: x"]));
    run(&unused, &[]).exits(0);
    let preferred = project(&script("{'prefer_for_regexp': True}", "x"));
    preferred.file("features/a.feature", feature("A", &["one: a b and c"]));
    run(&preferred, &[]).exits(0);
    assert!(
        preferred
            .read("arguments")
            .contains("\"parameter_type\": \"name\"")
    );
}
