//! Many scenarios, in seconds of processor time: `cargo test --release --test tests speed -- --ignored --nocapture`.

use std::fs;

use bdd::event::Event;
use bdd::plan::PlannedFeature;

use super::stream::*;

/// Features of 100 scenarios with 8 passing steps each.
fn many(scenarios: u32) -> Vec<Event> {
    let steps = [
        "Given I have entered 50 into the calculator",
        "And I press the button",
    ]
    .repeat(4);
    let features = (0..scenarios / 100).map(|number| PlannedFeature {
        scenarios: (0..100)
            .map(|line| scenario("A scenario with a name as long as usual", line, &steps))
            .collect(),
        ..feature(
            &format!("features/group/number_{number}.feature"),
            &format!("Feature number {number}"),
        )
    });
    let stream = Stream::new().start(features.collect());
    let results = || {
        [matched(0, &[("50", 15)]), passed(1, 0)]
            .into_iter()
            .cycle()
            .take(8)
            .collect()
    };
    (0..scenarios)
        .fold(stream, |stream, index| stream.run(index, results()))
        .finish()
}

fn seconds(events: &[Event], formats: &[&str]) -> f64 {
    let here = tempfile::tempdir().unwrap();
    let begin = busy();
    let finished = feed(
        events,
        formats,
        report_context(std::io::sink(), here.path()),
    );
    let seconds = busy() - begin;
    assert!(finished.errors.is_empty());
    seconds
}

/// The time that the processor was busy for this thread, so far.
fn busy() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos: f64 = text
        .split(' ')
        .next()
        .and_then(|nanos| nanos.parse().ok())
        .unwrap_or(0.0);
    nanos / 1e9
}

fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default()
        .to_owned()
}

#[test]
#[ignore = "a measurement"]
fn speed() {
    for scenarios in [12_500, 100_000] {
        let events = many(scenarios);
        println!(
            "{scenarios} scenarios, {} events; before: {}",
            events.len(),
            peak()
        );
        for formats in [
            &["progress"][..],
            &["pretty"],
            &["junit:r.xml"],
            &["junit:d/"],
            &["events:e"],
            &["progress", "junit:r.xml"],
        ] {
            println!(
                "  {:5.3} s  {formats:?}; {}",
                seconds(&events, formats),
                peak()
            );
        }
    }
}
