use bdd_steps::{ParameterType, parameter_type, step};

struct Flight;

#[parameter_type(regex = "(a)-(b)")]
fn too_few(from: &str) -> Flight { Flight }

#[parameter_type(regex = "(a)-((b)c)")]
fn too_many(from: &str, to: &str, via: &str) -> Flight { Flight }

#[parameter_type(regexes = ["a", "(b)", "(?:c(d)|(?<e>e))"])]
fn of_all(b: Option<&str>, d: Option<&str>) -> Flight { Flight }

#[parameter_type(regex = "a")]
fn whole_text() -> Flight { Flight }

#[parameter_type(regex = "(a")]
fn broken(text: &str) -> Flight { Flight }

#[parameter_type(regexes = ["a", "b{2,1}"])]
fn second_broken(text: &str) -> Flight { Flight }

#[parameter_type(name = "a/b", regex = "a")]
fn bad_name(text: &str) -> Flight { Flight }

#[parameter_type(name = "", regex = "a")]
fn no_name(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a")]
fn int(text: &str) -> Flight { Flight }

#[parameter_type(name = "twice", regex = "a", name = "again")]
fn name_twice(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a", regexes = ["b"])]
fn both(text: &str) -> Flight { Flight }

#[parameter_type(regexes = [])]
fn none(text: &str) -> Flight { Flight }

#[parameter_type(name = "missing")]
fn missing(text: &str) -> Flight { Flight }

#[parameter_type("a")]
fn unnamed(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a", colour = "red")]
fn unknown(text: &str) -> Flight { Flight }

#[parameter_type(regex = a)]
fn no_literal(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a", use_for_snippets = 1)]
fn no_switch(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a")]
#[parameter_type(name = "second", regex = "b")]
fn attribute_twice(text: &str) -> Flight { Flight }

#[parameter_type(regex = "a")]
fn nothing(text: &str) {}

#[parameter_type(regex = "a")]
fn rows(text: &str) -> Result<Vec<Flight>, String> { Ok(Vec::new()) }

#[parameter_type(regex = "a")]
fn perhaps(text: &str) -> Option<Flight> { None }

#[parameter_type(regex = "a")]
fn pair(text: &str) -> (Flight, Flight) { (Flight, Flight) }

#[parameter_type(regex = "a")]
fn fixture(text: &mut Flight) -> Flight { Flight }

#[parameter_type(regex = "a")]
fn not_from_text(text: NotShown) -> f64 { 0.0 }

#[parameter_type(regex = "a")]
fn generic<T>(text: T) -> Flight { Flight }

#[parameter_type(regex = "a")]
async fn asynchronous(text: &str) -> Flight { Flight }

struct NotShown;

#[parameter_type(regex = "a")]
fn error_not_shown(text: &str) -> Result<Flight, NotShown> { Ok(Flight) }

#[derive(ParameterType)]
#[parameter_type(regex = "red|green")]
struct NotFromText;

#[derive(ParameterType)]
struct NoExpression;

#[derive(ParameterType)]
#[parameter_type(regex = "a")]
#[parameter_type(regex = "b")]
struct AttributeTwice;

#[derive(ParameterType)]
#[parameter_type(regex = "a", by_name_only = true)]
struct OnlyByName;

#[derive(ParameterType)]
#[parameter_type(regex = "a")]
struct Generic<T>(T);

#[parameter_type(regex = "a")]
struct NoDerive;

fn main() {}
