//! Two hooks of every kind.

use std::error::Error;

use bdd_steps::{
    Context, after_all, after_feature, after_rule, after_run, after_scenario, after_step,
    before_all, before_feature, before_rule, before_run, before_scenario, before_step,
};

use crate::trouble;

/// Prints which hook runs, and all that its context knows.
fn said(hook: &str, cx: &Context) -> Result<(), Box<dyn Error>> {
    let mut line = hook.to_owned();
    for text in [
        cx.feature_name().unwrap_or_default(),
        cx.rule().unwrap_or_default(),
        cx.scenario_name().unwrap_or_default(),
        cx.step_text().unwrap_or_default(),
    ] {
        if !text.is_empty() {
            line.push_str(&format!(" / {text}"));
        }
    }
    if let Some(attempt) = cx.attempt() {
        line.push_str(&format!(" / {attempt} {}", cx.status()));
    }
    println!("{line}");
    trouble::of_hook(hook, cx)
}

/// Makes two hooks of a kind: one that is called like its kind and has a name, and one after it that is to
/// run earlier among opening hooks.
macro_rules! hooks {
    ($($kind:ident $second:ident $name:literal)*) => {$(
        #[$kind(name = $name)]
        fn $kind(cx: &Context) -> Result<(), Box<dyn Error>> {
            said(stringify!($kind), cx)
        }

        #[$kind(order = -1)]
        fn $second(cx: &Context) -> Result<(), Box<dyn Error>> {
            said(stringify!($second), cx)
        }
    )*};
}

hooks! {
    before_run before_run_2 "open the run"
    after_run after_run_2 "close the run"
    before_all before_all_2 "open the worker"
    after_all after_all_2 "close the worker"
    before_feature before_feature_2 "open the feature"
    after_feature after_feature_2 "close the feature"
    before_rule before_rule_2 "open the rule"
    after_rule after_rule_2 "close the rule"
    before_scenario before_scenario_2 "open the scenario"
    after_scenario after_scenario_2 "close the scenario"
    before_step before_step_2 "open the step"
    after_step after_step_2 "close the step"
}

#[before_run]
fn exports(cx: &Context) -> Result<(), Box<dyn Error>> {
    cx.export("GREETING", "first")?;
    cx.export("GREETING", "hello")?;
    for (name, value) in [("A=B", "x"), ("", "x"), ("A", "x\0")] {
        if let Err(error) = cx.export(name, value) {
            println!("{error}");
        }
    }
    Ok(())
}

#[before_all]
fn exports_too_late(cx: &Context) -> Result<(), Box<dyn Error>> {
    if trouble::wanted("exports_too_late") {
        cx.export("LATE", "x")?;
    }
    Ok(())
}

#[before_scenario(tags = "@slow", order = 7)]
fn plain() {}

#[before_scenario("@slow and @big", order = 8, name = "three of them")]
fn all_options() {}

#[before_scenario]
fn prints_tags(cx: &Context) {
    println!("tags {:?}", cx.tags());
}

#[before_rule]
fn prints_tags_of_rule(cx: &Context) {
    println!("tags {:?}, line {:?}", cx.tags(), cx.rule_line());
}

#[before_feature]
fn prints_tags_of_feature(cx: &Context) {
    println!(
        "tags {:?}, line {}",
        cx.tags(),
        cx.feature_line().unwrap_or_default()
    );
}
