//! The events that are known before the first step runs.

use std::io;

use super::super::Exit;
use super::super::event_sinks::EventSinks;
use super::super::prepare::Prepared;
use super::now;
use crate::config::{Config, Flaky, Reporting};
use crate::event::{Event, FORMAT_VERSION, RunErrorKind, SourceLocation};
use crate::plan::SourceText;
use crate::report::FormatName;
use crate::system_error::reason;

/// Emits the events that are known before the first step runs.
pub(super) fn announce(
    sinks: &mut EventSinks,
    config: &Config,
    (prepared, sources): (&Prepared, Vec<SourceText>),
    warnings: &[String],
) {
    sinks.event(Event::RunStarted {
        format: FORMAT_VERSION,
        bdd: env!("CARGO_PKG_VERSION").to_owned(),
        at: now(),
        jobs: config.run.jobs.get(),
        dry_run: config.run.dry_run,
        strict: config.run.strict,
        retries: config.run.retries,
        flaky_fails: config.run.flaky == Flaky::Fail,
        selected_nothing: prepared.exit() == Exit::Nothing,
        order: config.run.order.to_string(),
        shard: prepared.shard.clone(),
    });
    if let Some(options) = report_options(&config.reporting) {
        sinks.event(options);
    }
    for notice in prepared.notices.iter().chain(warnings) {
        sinks.event(Event::Warning {
            message: notice.clone(),
            place: None,
            rule: None,
        });
    }
    let language = config.selection.language.dialect().code;
    for error in &prepared.unparsed {
        if let Some(text) = &error.source {
            sinks.event(Event::FeatureSource {
                uri: error.uri.clone(),
                language: language.to_owned(),
                flavor: config.selection.flavor,
                text: text.clone(),
            });
        }
        sinks.event(Event::ParseError {
            uri: error.uri.clone(),
            location: error.location,
            message: error.message.clone(),
            diagnostic: error.diagnostic.clone(),
            follows: error.follows,
        });
    }
    for warning in &prepared.warnings {
        let (line, column) = (warning.location.line, warning.location.column);
        let place = Some(SourceLocation {
            file: warning.uri.to_string(),
            line,
            column,
        });
        sinks.event(Event::Warning {
            message: warning.message.clone(),
            place,
            rule: Some(warning.rule.name().to_owned()),
        });
    }
    // Each text is given back when it is emitted.
    let mut sources = sources.into_iter();
    for feature in &prepared.plan.features {
        match sources.next().map(|text| text.read()) {
            Some(Ok(text)) => sinks.event(Event::FeatureSource {
                uri: feature.uri.clone(),
                language: language.to_owned(),
                flavor: config.selection.flavor,
                text,
            }),
            Some(Err(error)) => sinks.event(lost_source(&feature.uri, &error)),
            None => {}
        }
        sinks.event(Event::FeaturePlanned {
            feature: feature.clone(),
        });
    }
}

/// What the settings say about reports, for those that are made of the events later.
fn report_options(reporting: &Reporting) -> Option<Event> {
    let mut formats = reporting.formats.iter();
    let html = formats.find(|format| format.name == FormatName::Html && format.file.is_some());
    let html = html.and_then(|format| format.file.as_ref());
    let html = html.map(|file| file.display().to_string());
    let options = reporting.options.named();
    let says_something = html.is_some() || !options.is_empty();
    says_something.then_some(Event::ReportOptions { options, html })
}

/// The reports lack the text of a file.
fn lost_source(uri: &str, error: &io::Error) -> Event {
    Event::RunError {
        kind: RunErrorKind::Report,
        message: format!(
            "cannot read the text of {uri} from its temporary copy: {}",
            reason(error)
        ),
        detail: "reports that need the text are not complete".to_owned(),
    }
}
