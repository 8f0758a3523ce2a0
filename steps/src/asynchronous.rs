//! Runs `async fn` steps, hooks and fixtures.
//!
//! A scenario, a feature and the worker each have a tokio runtime of their own from the first `async fn` on,
//! so that tasks end with what started them. It is a current-thread runtime with a thread that only drives
//! it: timers, sockets and tasks continue while a step that is not an `async fn` blocks. The functions
//! themselves run on the worker's main thread, where their fixtures are, and one may be called within another
//! (a step asks for a fixture, say).
//!
//! A step or hook can be broken off while it waits here. Its futures are dropped from the innermost to the
//! outermost, and a panic that is not reported unwinds their callers.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};

use tokio::runtime::{Builder, Handle};

use crate::worker::calls::Calls;

thread_local! {
    /// The steps and hooks that this thread calls. Only those of the worker's main thread are ever broken
    /// off.
    static CALLS: RefCell<Calls> = RefCell::default();
    /// The runtimes of what runs on this thread, innermost last.
    static CURRENT: RefCell<Vec<Tasks>> = const { RefCell::new(Vec::new()) };
}

/// The runtime of a scenario, a feature or the worker, if there is one yet.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    driver: Rc<RefCell<Option<Driver>>>,
}

impl Tasks {
    /// Runs code of the user. This is the runtime of its `async fn`s.
    pub(crate) fn within<R>(&self, code: impl FnOnce() -> R) -> R {
        struct Leave;

        impl Drop for Leave {
            fn drop(&mut self) {
                CURRENT.with_borrow_mut(Vec::pop);
            }
        }

        CURRENT.with_borrow_mut(|current| current.push(self.clone()));
        let _leave = Leave;
        // What is dropped or spawned without `async` may need the runtime as well.
        let handle = self.driver.borrow().as_ref().map(Driver::handle);
        let _entered = handle.as_ref().map(Handle::enter);
        code()
    }

    /// Whether no code has needed the runtime.
    pub(crate) fn are_none(&self) -> bool {
        self.driver.borrow().is_none()
    }

    /// Drops the remaining tasks.
    pub(crate) fn end(&self) {
        let left = |driver: &mut Driver| driver.handle.metrics().num_alive_tasks() > 0;
        let driver = self.driver.borrow_mut().take_if(left);
        // A task may use what the thread has of the runtime, so nothing is borrowed here.
        drop(driver);
    }

    /// The runtime, which is made if it does not exist.
    fn handle(&self) -> io::Result<Handle> {
        let mut driver = self.driver.borrow_mut();
        match &*driver {
            Some(driver) => Ok(driver.handle()),
            None => Ok(driver.insert(Driver::start()?).handle()),
        }
    }
}

/// Lets these calls be broken off on this thread, which is the worker's main one.
pub(crate) fn break_off_by(calls: &Calls) {
    CALLS.set(calls.clone());
}

/// Runs the future of an `async fn` to its end.
///
/// # Panics
/// If the step or hook is broken off. Also if the system has no thread or descriptor left for a runtime,
/// which fails the step.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let tasks = CURRENT.with_borrow(|current| current.last().cloned());
    let tasks = tasks.unwrap_or_default();
    let handle = match tasks.handle() {
        Ok(handle) => handle,
        Err(error) => panic!("cannot start the runtime of `async fn`s: {error}"),
    };
    let _entered = handle.enter();
    let calls = CALLS.with_borrow(Calls::clone);
    let mut future = pin!(Some(future));
    let call = Arc::new(AsyncCall {
        thread: thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(call.clone());
    let mut context = Context::from_waker(&waker);
    let _waits = calls.wait(waker.clone());
    loop {
        if calls.broken().is_some() {
            future.set(None);
            calls.unwind_if_broken();
        }
        let polled = future.as_mut().as_pin_mut();
        if let Some(Poll::Ready(output)) = polled.map(|future| future.poll(&mut context)) {
            return output;
        }
        while !call.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

/// An `async fn` that runs. Each remembers that it was woken: the thread is unparked for any of those
/// that are called within each other.
struct AsyncCall {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for AsyncCall {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// A runtime and the thread that drives it.
struct Driver {
    handle: Handle,
    end: Arc<EndSignal>,
    thread: Option<JoinHandle<()>>,
}

impl Driver {
    fn handle(&self) -> Handle {
        self.handle.clone()
    }

    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let end = Arc::new(EndSignal::default());
        let ended = end.clone();
        let thread = thread::Builder::new()
            .name("bdd async".to_owned())
            .spawn(move || {
                runtime.block_on(poll_fn(|context| ended.poll(context)));
                // Tasks are dropped; what `spawn_blocking` runs cannot be and is not waited for.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            handle,
            end,
            thread: Some(thread),
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end.come();
        if let Some(thread) = self.thread.take() {
            // It has no result, and a panic of it has been printed.
            let _ = thread.join();
        }
    }
}

/// Something that a thread waits for in its runtime.
#[derive(Default)]
struct EndSignal(Mutex<(bool, Option<Waker>)>);

impl EndSignal {
    fn state(&self) -> MutexGuard<'_, (bool, Option<Waker>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn come(&self) {
        let mut state = self.state();
        state.0 = true;
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;
    use crate::worker::calls::BrokenOff;

    /// Whether code ends without being broken off.
    fn ends(code: impl FnOnce() + Send + 'static) -> bool {
        let (done, end) = mpsc::channel();
        thread::spawn(move || {
            code();
            done.send(())
        });
        end.recv_timeout(Duration::from_secs(20)).is_ok()
    }

    #[test]
    fn a_call_within_another_does_not_take_its_wake_up() {
        let ended = ends(|| {
            let tasks = Tasks::default();
            tasks.within(|| {
                block_on(async {
                    let mut quick = pin!(tokio::spawn(sleep(Duration::from_millis(1))));
                    let polled = poll_fn(|context| Poll::Ready(quick.as_mut().poll(context)));
                    assert!(polled.await.is_pending());
                    // This call is woken while the inner one waits, and nothing wakes it later.
                    block_on(sleep(Duration::from_millis(50)));
                    let mut waited = false;
                    poll_fn(|_| match std::mem::replace(&mut waited, true) {
                        true => Poll::Ready(()),
                        false => Poll::Pending,
                    })
                    .await;
                });
            });
        });
        assert!(ended);
    }

    /// Has the call with this number broken off as soon as it waits.
    fn break_off(calls: &Calls, call: u64) -> JoinHandle<()> {
        let calls = calls.clone();
        thread::spawn(move || {
            let why = || BrokenOff {
                kind: "Timeout".to_owned(),
                message: "too long".to_owned(),
                cancelled: false,
            };
            while !calls.break_off(call, why(), |can| can) {
                thread::sleep(Duration::from_millis(1));
            }
        })
    }

    /// Runs code that is broken off. Returns whether that ended it, and the result if it did.
    fn broken_off(calls: &Calls, code: impl FnOnce()) -> (bool, Option<BrokenOff>) {
        let call = calls.start();
        calls.enter(call);
        let breaker = break_off(calls, call);
        let code = AssertUnwindSafe(|| Tasks::default().within(code));
        let payload = panic::catch_unwind(code).err();
        breaker.join().unwrap();
        let unwound = payload.is_some_and(|payload| payload.is::<BrokenOff>());
        (unwound, calls.leave())
    }

    #[test]
    fn what_is_broken_off_is_dropped_from_the_inside_out() {
        struct Dropped(&'static str, mpsc::Sender<(&'static str, bool)>);

        impl Drop for Dropped {
            fn drop(&mut self) {
                self.1.send((self.0, thread::panicking())).unwrap();
            }
        }

        let ended = ends(|| {
            let calls = Calls::default();
            break_off_by(&calls);
            let (sender, receiver) = mpsc::channel();
            let (outer, inner) = (
                Dropped("outer", sender.clone()),
                Dropped("inner", sender.clone()),
            );
            let (unwound, broken) = broken_off(&calls, || {
                block_on(async move {
                    let _outer = outer;
                    block_on(async move {
                        let _inner = inner;
                        sleep(Duration::from_secs(3600)).await;
                    });
                });
            });
            assert!(unwound && broken.is_some());
            drop(sender);
            let dropped: Vec<_> = receiver.iter().collect();
            // No lock that the innermost holds is poisoned.
            assert_eq!(dropped, [("inner", false), ("outer", true)]);
            // The next call knows nothing of it.
            calls.enter(calls.start());
            Tasks::default().within(|| block_on(async { sleep(Duration::from_millis(1)).await }));
            assert_eq!(calls.leave(), None);
        });
        assert!(ended);
    }

    #[test]
    fn a_step_that_catches_it_is_broken_off_again() {
        let ended = ends(|| {
            let calls = Calls::default();
            break_off_by(&calls);
            let hang = || block_on(async { sleep(Duration::from_secs(3600)).await });
            let (unwound, broken) = broken_off(&calls, || {
                assert!(panic::catch_unwind(hang).is_err());
                hang();
            });
            assert!(unwound && broken.is_some());
        });
        assert!(ended);
    }

    #[test]
    fn tasks_end_with_their_place() {
        let tasks = Tasks::default();
        let (sender, receiver) = mpsc::channel::<()>();
        tasks.within(|| {
            block_on(async {
                tokio::spawn(async move {
                    sleep(Duration::from_secs(3600)).await;
                    drop(sender);
                });
            });
        });
        assert_eq!(receiver.try_recv(), Err(mpsc::TryRecvError::Empty));
        tasks.end();
        assert_eq!(receiver.try_recv(), Err(mpsc::TryRecvError::Disconnected));
        // There is a new runtime when one is needed.
        tasks.within(|| block_on(async { sleep(Duration::from_millis(1)).await }));
    }
}
