//! Backtraces without the frames that the author of a step did not write.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::env;
use std::fmt::Write;

/// The beginnings of symbols between the frames of the user: the standard library and the runtime of `async`
/// steps.
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

/// The folder of the source files of this package. A symbol is not enough to recognise its functions: with
/// `debug = "line-tables-only"`, the names of inlined functions have no path, such as `check_values`.
const OWN_SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");

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
    let directory = env::current_dir().unwrap_or_default();
    let frames = of_user(&all, &directory.to_string_lossy());
    // Without symbols the frames of the user cannot be recognised.
    if frames.is_empty() { all } else { frames }
}

/// The frames of the user, counted from 0: those between what bdd-steps does for the panic and
/// what it did to call the step. Places that begin with `./` are relative to `directory`.
fn of_user(all: &str, directory: &str) -> String {
    let mut shown = String::new();
    let mut count = 0;
    let mut lines = all.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(symbol) = symbol(line) else {
            continue;
        };
        let place = lines.next_if(|line| line.trim_start().starts_with("at "));
        let file = place.map_or_else(String::new, |place| absolute(place, directory));
        if is_own(symbol, &file) {
            if count > 0 {
                break;
            }
        } else if !is_machinery(symbol, &file) {
            let _ = writeln!(shown, "{count:>4}: {symbol}");
            if let Some(place) = place {
                let _ = writeln!(shown, "{place}");
            }
            count += 1;
        }
    }
    shown
}

/// Whether a frame is of bdd-steps.
fn is_own(symbol: &str, file: &str) -> bool {
    symbol.starts_with("bdd_steps::")
        || symbol.starts_with("<bdd_steps::")
        // Its traits of functions, for any type. An implementation of another trait may be the user's.
        || symbol.starts_with('<') && symbol.contains(" as bdd_steps::function::")
        || file.starts_with(OWN_SOURCES)
}

/// Whether a frame is of the standard library, of tokio, or of the code that an attribute generates.
fn is_machinery(symbol: &str, file: &str) -> bool {
    MACHINERY.iter().any(|prefix| symbol.starts_with(prefix))
        // The standard library, without and with the component `rust-src`.
        || file.starts_with("/rustc/")
        || file.contains("/rustlib/src/rust/library/")
        || (file.contains("/registry/src/") && file.contains("/tokio-"))
        || symbol.contains("::__call")
        || symbol.starts_with("__call")
}

/// The symbol of a line such as `   3: core::panicking::panic`; the place follows on its own line.
fn symbol(line: &str) -> Option<&str> {
    let (number, symbol) = line.trim_start().split_once(": ")?;
    number.parse::<u32>().ok().map(|_| symbol)
}

/// The absolute path in a line such as `   at ./src/basket.rs:12:9`, with its line and column.
fn absolute(place: &str, directory: &str) -> String {
    let path = place.trim_start().trim_start_matches("at ");
    match path.strip_prefix("./") {
        Some(path) => format!("{directory}/{path}"),
        None => path.to_owned(),
    }
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
  10: shop::basket::_::__INVENTORY::__DEFINITION::__call
             at ./src/basket.rs:3:1
  11: <(A,B) as bdd_steps::function::parameters::Parameters>::call::{{closure}}
  12: bdd_steps::worker::scenario::call
  13: shop::main
             at ./src/main.rs:4:5
";
        assert_eq!(
            of_user(all, "/shop"),
            "   0: shop::basket::total::{{closure}}\n             at ./src/basket.rs:12:9\n   \
             1: <shop::basket::Basket as core::default::Default>::default\n             at ./src/basket.rs:7:9\n"
        );
        let fixture = "   0: <shop::Till as bdd_steps::fixture::Fixture>::setup\n";
        let without_places =
            "   1: <A as bdd_steps::function::parameter::Parameter>::give\n   2: shop::main\n";
        assert_eq!(of_user(&format!("{fixture}{without_places}"), ""), fixture);
        assert_eq!(of_user("   0: <unknown>\n", ""), "   0: <unknown>\n");
        assert_eq!(of_user("   0: std::a\n", ""), "");
    }

    /// As with `debug = "line-tables-only"`.
    #[test]
    fn inlined_functions_are_recognised_by_their_files() {
        let own = env!("CARGO_MANIFEST_DIR");
        let (directory, package) = own.rsplit_once('/').unwrap();
        let all = format!(
            "   0: bdd_steps::checks::failed
             at {own}/src/checks.rs:166:25
   1: check_values
             at ./{package}/src/checks.rs:142:9
   2: shop::basket::total
             at /shop/src/basket.rs:12:9
   3: unwrap<u32, shop::Missing>
             at /rustc/5980/library/core/src/result.rs:1493:22
   4: map<u32>
             at /home/ada/.rustup/toolchains/stable/lib/rustlib/src/rust/library/core/src/option.rs:9:1
   5: block_on<shop::Total>
             at /home/ada/.cargo/registry/src/index/tokio-1.54.1/src/runtime/handle.rs:1:1
   6: add
             at /shop/tokio-demo/src/basket.rs:8:5
   7: within<(), shop::Stop>
             at {own}/src/asynchronous.rs:56:9
   8: shop::main
"
        );
        assert_eq!(
            of_user(&all, directory),
            "   0: shop::basket::total\n             at /shop/src/basket.rs:12:9\n   \
             1: add\n             at /shop/tokio-demo/src/basket.rs:8:5\n"
        );
    }
}
