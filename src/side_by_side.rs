//! Does the same with many things on several threads.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What `work` makes of each item, in their order. Up to so many threads with this name take the items one after the other, each
/// with a `state` of its own. This thread works as well: if the system has no thread left, the others do more.
pub(crate) fn map<I, S, T>(
    items: I,
    (threads, name): (usize, &str),
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I::Item) -> T + Sync,
) -> Vec<T>
where
    I: IntoIterator,
    I::IntoIter: Send,
    T: Send,
{
    let waiting = Mutex::new(items.into_iter().enumerate());
    let next = || {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next()
    };
    let run = || {
        let mut state = state();
        let mut done = Vec::new();
        while let Some((at, item)) = next() {
            done.push((at, work(&mut state, item)));
        }
        done
    };
    let mut all = thread::scope(|scope| {
        let others = (1..threads).map_while(|_| {
            let thread = thread::Builder::new().name(name.to_owned());
            thread.spawn_scoped(scope, run).ok()
        });
        let others: Vec<_> = others.collect();
        let mut all = run();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_taken_once_and_the_results_are_in_order() {
        for threads in [0, 1, 3] {
            let made = map(0..1000, (threads, "test"), Vec::new, |seen, item| {
                seen.push(item);
                (item, seen.is_sorted())
            });
            let expected: Vec<_> = (0..1000).map(|item| (item, true)).collect();
            assert_eq!(made, expected);
        }
    }
}
