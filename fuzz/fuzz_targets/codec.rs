//! No bytes make the codec of the worker protocol panic, and it reads what it writes.

#![no_main]

use bdd_protocol::{FromWorker, ToWorker};
use libfuzzer_sys::fuzz_target;

macro_rules! check {
    ($type:ident, $line:expr) => {
        if let Ok(message) = $type::parse($line) {
            assert_eq!($type::parse(&message.to_line()), Ok(message));
        }
    };
}

fuzz_target!(|line: &[u8]| {
    check!(ToWorker, line);
    check!(FromWorker, line);
});
