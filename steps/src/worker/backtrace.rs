//! Backtraces without the frames that the author of a step did not write.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::env;
use std::fmt::Write;

/// How the symbols begin of code between that of the user: the standard library and the runtime
/// of asynchronous steps.
const MACHINERY: [&str; 11] = [
    "<alloc::",
    "<core::",
    "<std::",
    "<tokio::",
    "__rust",
    "_rust",
    "alloc::",
    "core::",
    "rust_begin_unwind",
    "std::",
    "tokio::",
];

/// The frames from a panic or a failed check to the step's function; all of them when
/// `RUST_BACKTRACE` is `full`, and none when backtraces are not asked for.
pub(crate) fn of_step(backtrace: &Backtrace) -> String {
    if backtrace.status() != BacktraceStatus::Captured {
        return String::new();
    }
    let all = backtrace.to_string();
    if env::var_os("RUST_BACKTRACE").is_some_and(|value| value == "full") {
        return all;
    }
    let frames = of_user(&all);
    // Without symbols the frames of the user cannot be recognised.
    if frames.is_empty() { all } else { frames }
}

/// The frames of the user, counted from 0: those between what bdd-steps does for the panic and
/// what it did to call the step.
fn of_user(all: &str) -> String {
    let mut shown = String::new();
    let mut count = 0;
    let mut showing = false;
    for line in all.lines() {
        if let Some(symbol) = symbol(line) {
            let own = symbol.starts_with("bdd_steps::") || symbol.starts_with("<bdd_steps::");
            if own && count > 0 {
                break;
            }
            showing = !own
                && !MACHINERY.iter().any(|prefix| symbol.starts_with(prefix))
                // What an attribute has put beside the function.
                && !symbol.contains("::__call");
            if showing {
                let _ = writeln!(shown, "{count:>4}: {symbol}");
                count += 1;
            }
        } else if showing {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    shown
}

/// The symbol of a line such as `   3: core::panicking::panic`; the place follows on its own line.
fn symbol(line: &str) -> Option<&str> {
    let (number, symbol) = line.trim_start().split_once(": ")?;
    number.parse::<u32>().ok().map(|_| symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_frames_of_the_user_are_shown() {
        let all = "\
   0: <std::backtrace::Backtrace>::create
   1: bdd_steps::worker::panics::record
             at ./steps/src/worker/panics.rs:57:20
   2: <alloc::boxed::Box<dyn for<'a, 'b> core::ops::function::Fn(&'a std::panic::PanicHookInfo<'b>)> as core::ops::function::Fn>::call
   3: __rustc[4425a7e20b4c9619]::rust_begin_unwind
   4: core::panicking::panic_fmt
   5: bdd_steps::table::record::Record::cell
             at ./steps/src/table/record.rs:40:21
   6: shop::basket::total::{{closure}}
             at ./src/basket.rs:12:9
   7: core::iter::traits::iterator::Iterator::sum
   8: <shop::basket::Basket as core::default::Default>::default
             at ./src/basket.rs:7:9
   9: tokio::runtime::scheduler::current_thread::CoreGuard::block_on
  10: shop::basket::_::__call::{{closure}}
             at ./src/basket.rs:3:1
  11: bdd_steps::worker::scenario::call
  12: shop::main
             at ./src/main.rs:4:5
";
        assert_eq!(
            of_user(all),
            "   0: shop::basket::total::{{closure}}\n             at ./src/basket.rs:12:9\n   \
             1: <shop::basket::Basket as core::default::Default>::default\n             at ./src/basket.rs:7:9\n"
        );
        assert_eq!(of_user("   0: <unknown>\n"), "   0: <unknown>\n");
        assert_eq!(of_user("   0: std::a\n"), "");
    }
}
