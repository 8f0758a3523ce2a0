//! Runs with letters that are two columns wide, emoji, long paths, and what earlier runs say.

use bdd::event::*;
use bdd::plan::*;

use super::stream::*;

pub fn all() -> Vec<(&'static str, Vec<Event>)> {
    vec![("wide", wide()), ("trends", trends())]
}

fn table(rows: &[&[&str]]) -> StepArgument {
    StepArgument::Table(rows.iter().copied().collect())
}

fn wide() -> Vec<Event> {
    let uri = "features/商店/購物車/checkout-of-a-large-basket.feature";
    let mut shop = feature(uri, "購物車 🛒 with all that a customer may put into it");
    shop.tags = vec![
        "@購物".into(),
        "@a-tag-that-is-long".into(),
        "@another-one".into(),
    ];
    let steps = [
        "Given these goods 商品",
        "When 顧客 pays 一千二百円 with the card of somebody else 💳",
        "Then the receipt in features/商店/receipts/2026/receipt.txt has each",
    ];
    let mut pays = scenario("顧客 pays 👩‍👩‍👧 with a card that the bank refuses", 4, &steps);
    pays.steps[0].arguments = vec![table(&[
        &["商品", "price", "emoji"],
        &["りんご", "120円", "🍎"],
        &["tea", "1", "👩‍👩‍👧"],
        &["é and e\u{301}", "数字数字", "♥️"],
    ])];
    shop.scenarios = vec![pays, scenario("短い", 9, &["Given these goods 商品"])];
    let refused = StepError {
        trace: "".into(),
        location: Some(source("features/steps/src/購物/checkout.rs", 41)),
        ..error(
            "Refused",
            "the bank 銀行 refused the card of 顧客 in features/商店/cards/2026/card-of-somebody-else.json",
        )
    };
    Stream::new()
        .start(vec![shop])
        .run(0, vec![passed(0, 2), failed(1, 1200, refused), skipped(2)])
        .run(1, vec![passed(0, 0)])
        .finish()
}

fn trends() -> Vec<Event> {
    let mut shop = feature("features/shop.feature", "Shop");
    let step = ["Given I have entered 1"];
    shop.scenarios = vec![
        scenario("Has always passed", 3, &step),
        scenario("Is flaky", 6, &step),
        scenario("Is broken for long", 9, &step),
        scenario("Broke now", 12, &step),
        scenario("Works again, but takes longer", 15, &step),
        scenario("Is new", 18, &step),
    ];
    let trend = |scenario: u32, last: &str, flaky: u32, failing_since: Option<u64>| {
        let marks = last.chars().map(|letter| match letter {
            'p' => PastMark::Passed,
            'r' => PastMark::Retried,
            _ => PastMark::Failed,
        });
        let trend = ScenarioTrend {
            last: marks.collect(),
            results: last.len() as u32,
            flaky,
            nanos: 4_000_000,
            failing_since: failing_since.map(Timestamp),
        };
        Event::Trend { scenario, trend }
    };
    let wrong = || vec![failed(0, 3, error("AssertionError", "1 is not 2"))];
    Stream::new()
        .start(vec![shop])
        .event(trend(0, "pppppppppppppppppppp", 0, None))
        .event(trend(1, "pprppfppr", 4, None))
        .event(trend(2, "pffff", 0, Some(1_767_000_000_000_000)))
        .event(trend(3, "ppp", 0, None))
        .event(trend(4, "pf", 0, Some(1_767_000_000_000_000)))
        .run(0, vec![passed(0, 2)])
        .run(1, vec![passed(0, 2)])
        .run(2, wrong())
        .run(3, wrong())
        .run(4, vec![passed(0, 40)])
        .run(5, vec![passed(0, 2)])
        .finish()
}
