//! A step that hangs is reported soon; how soon is measured by `benches/latency.py`.

use super::*;

#[test]
fn a_hung_step_is_reported_while_it_would_still_hang() {
    for step in [
        "a step that hangs and ignores SIGTERM",
        "a step that stops its process",
        "an async step that computes for 3600000 ms",
    ] {
        let project = with_faults("");
        let hangs = format!("hangs: {step}");
        let scenarios = [
            "before: a step that passes",
            &hangs,
            "behind: a step that passes",
        ];
        project.file("root/features/a.feature", feature("A", &scenarios));
        let limits = ["-j", "2", "--step-timeout", "1s", "--grace", "200ms"];
        let outcome = run_beside(&project, &limits).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(
            results.statuses(),
            "before passed, behind passed, hangs failed"
        );
        let nanos = results.finals["hangs"]["nanos"].as_u64().unwrap();
        let took = Duration::from_nanos(nanos);
        // The step would hang for a minute or longer.
        assert!(took >= Duration::from_secs(1), "{step}: {took:?}");
        assert!(took < Duration::from_secs(60), "{step}: {took:?}");
    }
}
