#!/usr/bin/env python3
"""Make a step crate from the definitions of the benchmark corpus.

    gen_corpus.py defs --count 30 | benches/steps-crate.py DIR

DIR becomes a crate with its own workspace. It depends on the bdd-steps of this checkout. Build
it with `cargo build` or `cargo build --release` in DIR.
"""
import json
import pathlib
import sys

WORLD = """\
#[derive(Default, Fixture)]
struct World {
    a: i64,
    b: i64,
    items: i64,
    text: i64,
    name: String,
}

fn cells(table: &Table) -> i64 {
    (table.height() * table.width()) as i64
}

fn characters(text: &DocString) -> i64 {
    text.chars().count() as i64
}
"""

SLEEP = "thread::sleep(Duration::from_millis(n as u64)); w.a += 1;"
BODIES = {
    "fresh": "*w = World::default();",
    "signed_in": "w.name = name;",
    "starts_at": "w.a = n;",
    "balance_is": "w.b = n;",
    "items": "w.items += cells(table);",
    "document": "w.text += characters(text);",
    "account": "let _ = name; w.b += n;",
    "fruit": "w.a += n; w.b += m;",
    "flag_is": 'let _ = flag; if state == "on" { w.a += 1; }',
    "price": "w.b += n * 100 + m;",
    "inc": "w.a += 1;",
    "inc_by": "w.a += n;",
    "dec_by": "w.a -= n;",
    "deposit": "w.b += n;",
    "withdraw": "w.b -= n;",
    "swap": "let World { a, b, .. } = w; std::mem::swap(a, b);",
    "add_items": "w.items += cells(table);",
    "append_text": "w.text += characters(text);",
    "pays": "let _ = (name, to); w.b -= n;",
    "responds": SLEEP,
    "blocks": SLEEP,
    "counter_is": "assert_eq!(w.a, n);",
    "balance_should": "assert_eq!(w.b, n);",
    "user_is": "assert_eq!(w.name, name);",
    "n_items": "assert_eq!(w.items, n);",
    "n_chars": "assert_eq!(w.text, n);",
    "sum_is": "assert_eq!(w.a + w.b, n);",
    "counter_not": "assert_ne!(w.a, n);",
    "table_eq": "let _ = w; assert_eq!(cells(table), 16);",
    "at_least": "assert!(w.a >= n);",
}
BLOCKS = {"table": "table: &Table", "doc": "text: &DocString"}


def function(definition):
    """Returns a step definition as Rust code."""
    names, block = definition["args"], definition["block"]
    body = BODIES.get(definition["id"])
    if body is None:
        body = ("let _ = name; " if "name" in names else "") + "w.a += n;"
    parameters = ["w: &mut World"] + [f"{name}: {'i64' if name in 'nm' else 'String'}" for name in names]
    if block:
        parameters.append(BLOCKS[block])
    attribute = f'#[{definition["keyword"]}(r#"{definition["regex"]}"#)]'
    return f'\n{attribute}\nfn {definition["id"]}({", ".join(parameters)}) {{\n    {body}\n}}\n'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    definitions = json.load(sys.stdin)
    steps = pathlib.Path(__file__).resolve().parent.parent / "steps"
    crate = pathlib.Path(sys.argv[1])
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "corpus-steps"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f"[dependencies]\nbdd-steps = {{ path = {json.dumps(str(steps))} }}\n\n[workspace]\n\n"
        # As `bdd init` writes it.
        "[profile.dev.package]\nbdd-steps.opt-level = 1\nbdd-protocol.opt-level = 1\n")
    (crate / "src/main.rs").write_text(
        "//! Made by benches/steps-crate.py.\n\nuse std::thread;\nuse std::time::Duration;\n\n"
        "use bdd_steps::{DocString, Fixture, Table, given, then, when};\n\n" + WORLD
        + "".join(map(function, definitions)) + "\nfn main() {\n    bdd_steps::worker()\n}\n")


if __name__ == "__main__":
    main()
