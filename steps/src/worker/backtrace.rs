//! Backtraces without the frames that the author of a step did not write.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::env;

/// How the symbols begin that lie between a panic and what is told of it.
const MACHINERY: [&str; 13] = [
    "bdd_steps::checks::",
    "bdd_steps::worker::panics",
    "<alloc::boxed::Box<dyn",
    "alloc::boxed::",
    "core::ops::function::",
    "core::option::",
    "core::panicking::",
    "core::result::",
    "rust_begin_unwind",
    "__rustc::",
    "std::panic::",
    "std::panicking::",
    "std::sys::",
];

/// The frames from the panic to the step's function; all of them when `RUST_BACKTRACE` is `full`,
/// and none when backtraces are not asked for.
pub(crate) fn of_step(backtrace: &Backtrace) -> String {
    if backtrace.status() != BacktraceStatus::Captured {
        return String::new();
    }
    let all = backtrace.to_string();
    if env::var_os("RUST_BACKTRACE").is_some_and(|value| value == "full") {
        return all;
    }
    let mut shown = String::new();
    let mut begun = false;
    let mut showing = false;
    for line in all.lines() {
        if let Some(symbol) = symbol(line) {
            begun = begun || !MACHINERY.iter().any(|prefix| symbol.starts_with(prefix));
            if begun && symbol.starts_with("bdd_steps::") {
                break;
            }
            // What an attribute has put beside the function.
            showing = begun && !symbol.ends_with("::__call");
        }
        if showing {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    if shown.is_empty() { all } else { shown }
}

/// The symbol of a line such as `   3: core::panicking::panic`; the place follows on its own line.
fn symbol(line: &str) -> Option<&str> {
    let (number, symbol) = line.trim_start().split_once(": ")?;
    number.parse::<u32>().ok().map(|_| symbol)
}
