//! A stream that somebody may not read: what is written waits here, and the run goes on.
//!
//! A write to a full pipe blocks until somebody reads. So a thread of its own does it. What it has not got rid of is in
//! memory, and in a temporary file when it is much.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::spool_stream::{PlainStream, SpoolStream};

/// This much waits in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// The thread writes pieces of this size, so that a slow reader is noticed to read at all.
const PIECE: usize = 8 * 1024;

/// After a write the thread waits this long for more. It is woken for every quick scenario otherwise, which took
/// 10 % of the time of a run of 10,000 scenarios.
const GATHER: Duration = Duration::from_millis(10);

/// This much does not wait for more.
const GATHERED: usize = 64 * 1024;

/// The pause between two questions whether there is still patience with a reader.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a reader may read nothing before a stream is given up; none: for ever.
pub type Patience<'a> = dyn FnMut() -> Option<Duration> + 'a;

/// The end of a stream that a report is written to. It never blocks, unless the system refused a thread.
pub(super) struct SpoolWriter {
    spool: Spool,
    /// Where to write without a thread.
    direct: Option<Box<dyn SpoolStream>>,
}

/// What is on its way to a reader.
#[derive(Clone)]
pub(super) struct Spool {
    shared: Arc<SpoolShared>,
}

struct SpoolShared {
    state: Mutex<SpoolState>,
    changed: Condvar,
}

struct SpoolState {
    /// What was written first.
    memory: Vec<u8>,
    /// What was written after it.
    rest: Option<SpoolFile>,
    /// Whether the thread waits for something to write.
    idle: bool,
    /// Whether nothing more is written.
    ended: bool,
    /// Whether the thread is over.
    over: bool,
    /// Why nothing more can be written, until that is reported.
    error: Option<io::Error>,
    /// When something was last read, or written into nothing.
    progress: Instant,
}

/// What the thread does next.
enum Next {
    Bytes(Vec<u8>),
    /// There is nothing to write for a while.
    Nothing,
    End,
}

/// A file of what does not fit into memory.
struct SpoolFile {
    file: File,
    read: u64,
    written: u64,
}

impl Spool {
    /// A stream that is already open. Where the system refuses a thread, it is written to at once, as well as it goes.
    pub(super) fn of_stream(stream: Box<dyn Write + Send>) -> SpoolWriter {
        Self::of(Self::plain(stream))
    }

    /// A stream without needs of its own.
    pub(super) fn plain(stream: Box<dyn Write + Send>) -> Box<dyn SpoolStream> {
        Box::new(PlainStream(stream))
    }

    /// The same for a stream with needs of its own.
    pub(super) fn of(stream: Box<dyn SpoolStream>) -> SpoolWriter {
        let stream = Arc::new(Mutex::new(Some(stream)));
        let take = {
            let stream = Arc::clone(&stream);
            move || {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                stream.take()
            }
        };
        let of_thread = take.clone();
        Self::start(move || of_thread().ok_or_else(|| io::ErrorKind::BrokenPipe.into()))
            .unwrap_or_else(|_| Self::without_thread(take()))
    }

    fn without_thread(mut stream: Option<Box<dyn SpoolStream>>) -> SpoolWriter {
        let spool = Self::new();
        spool.state().over = true;
        // Nobody would call it while nothing is written. What fails here fails again with the first write.
        let _ = stream.as_mut().map(|stream| stream.end());
        SpoolWriter {
            spool,
            direct: stream,
        }
    }

    fn new() -> Self {
        Spool {
            shared: Arc::new(SpoolShared {
                state: Mutex::new(SpoolState {
                    memory: Vec::new(),
                    rest: None,
                    idle: false,
                    ended: false,
                    over: false,
                    error: None,
                    progress: Instant::now(),
                }),
                changed: Condvar::new(),
            }),
        }
    }

    /// A stream that is opened as soon as somebody reads it.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(super) fn start(
        open: impl FnOnce() -> io::Result<Box<dyn SpoolStream>> + Send + 'static,
    ) -> io::Result<SpoolWriter> {
        let spool = Self::new();
        let of_thread = spool.clone();
        thread::Builder::new()
            .name("report".to_owned())
            .spawn(move || {
                let written = open().and_then(|mut stream| of_thread.pass_on(&mut *stream));
                let mut state = of_thread.state();
                state.error = written.err();
                state.over = true;
                of_thread.shared.changed.notify_all();
            })?;
        Ok(SpoolWriter {
            spool,
            direct: None,
        })
    }

    /// A thread that panicked while it held the state would leave it as it is: plain values.
    fn state(&self) -> MutexGuard<'_, SpoolState> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what comes until nothing more does.
    fn pass_on(&self, stream: &mut dyn SpoolStream) -> io::Result<()> {
        loop {
            let bytes = match self.next(stream.pause())? {
                Next::Bytes(bytes) => bytes,
                Next::Nothing => {
                    stream.idle()?;
                    continue;
                }
                Next::End => return stream.end(),
            };
            let gathered = Instant::now() + stream.gather().unwrap_or(GATHER);
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let piece = &rest[..piece(rest)];
                stream.write_all(piece)?;
                stream.flush()?;
                rest = &rest[piece.len()..];
                self.state().progress = Instant::now();
            }
            self.gather(gathered);
        }
    }

    /// Waits until then, unless there is much to write or nothing more comes.
    fn gather(&self, until: Instant) {
        let mut state = self.state();
        while !state.ended && state.memory.len() < GATHERED {
            let rest = until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            let woken = self.shared.changed.wait_timeout(state, rest);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What is to be written next, as soon as there is something, and nothing after the `pause`.
    fn next(&self, pause: Option<Duration>) -> io::Result<Next> {
        let mut state = self.state();
        loop {
            if !state.memory.is_empty() {
                return Ok(Next::Bytes(std::mem::take(&mut state.memory)));
            }
            if let Some(rest) = &mut state.rest {
                let bytes = rest.take()?;
                if rest.read == rest.written {
                    state.rest = None;
                }
                return Ok(Next::Bytes(bytes));
            }
            if state.ended {
                return Ok(Next::End);
            }
            state.idle = true;
            let Some(pause) = pause else {
                let woken = self.shared.changed.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
                state.idle = false;
                continue;
            };
            let woken = self.shared.changed.wait_timeout(state, pause);
            let (woken, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle = false;
            if timeout.timed_out() && state.memory.is_empty() && !state.ended {
                return Ok(Next::Nothing);
            }
        }
    }

    /// Waits until everything is written that was, as long as there is patience with the reader.
    ///
    /// # Errors
    /// When it could not be written, or nobody reads it. A reader that has gone wants no more, which is no error.
    pub(super) fn finish(&self, patience: &mut Patience<'_>) -> io::Result<()> {
        let ended = Instant::now();
        let mut state = self.state();
        state.ended = true;
        self.shared.changed.notify_all();
        while !state.over {
            let silence = state.progress.max(ended).elapsed();
            if patience().is_some_and(|limit| silence >= limit) {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "nobody reads it, and not all of it is written",
                ));
            }
            let woken = self.shared.changed.wait_timeout(state, PAUSE);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        match state.error.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

/// The length of the next piece: whole lines, where they are not too long, so that nothing of another writer gets
/// between.
fn piece(bytes: &[u8]) -> usize {
    let most = &bytes[..bytes.len().min(PIECE)];
    if most.len() == bytes.len() {
        return most.len();
    }
    let end = most.iter().rposition(|byte| *byte == b'\n');
    end.map_or(most.len(), |end| end + 1)
}

impl SpoolFile {
    fn new() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            read: 0,
            written: 0,
        })
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.written)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Reads the next part.
    fn take(&mut self) -> io::Result<Vec<u8>> {
        let length = (self.written - self.read).min(IN_MEMORY as u64);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(IN_MEMORY)];
        self.file.read_exact_at(&mut bytes, self.read)?;
        self.read += length;
        Ok(bytes)
    }
}

impl SpoolWriter {
    /// What is on its way, to wait for its end.
    pub(super) fn spool(&self) -> Spool {
        self.spool.clone()
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(direct) = &mut self.direct {
            direct.write_all(bytes)?;
            direct.flush()?;
            return Ok(bytes.len());
        }
        let mut state = self.spool.state();
        let before = state.memory.len();
        if state.over {
            let error = state.error.take();
            return Err(error.unwrap_or_else(|| io::ErrorKind::BrokenPipe.into()));
        }
        if let Some(rest) = &mut state.rest {
            rest.append(bytes)?;
        } else if state.memory.len() + bytes.len() <= IN_MEMORY {
            state.memory.extend(bytes);
        } else {
            let mut rest = SpoolFile::new()?;
            rest.append(bytes)?;
            state.rest = Some(rest);
        }
        let much = before < GATHERED && state.memory.len() >= GATHERED;
        if state.idle || much || state.rest.is_some() {
            self.spool.shared.changed.notify_all();
        }
        Ok(bytes.len())
    }

    /// Nobody waits for the reader.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for SpoolWriter {
    fn drop(&mut self) {
        self.spool.state().ended = true;
        self.spool.shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{PipeWriter, Read, pipe};

    use super::*;

    fn numbered(count: usize) -> Vec<u8> {
        let lines = (0..count).map(|number| format!("line {number}\n"));
        lines.collect::<String>().into_bytes()
    }

    fn spool_of(writer: PipeWriter) -> SpoolWriter {
        Spool::of_stream(Box::new(writer))
    }

    #[test]
    fn what_nobody_reads_yet_waits_and_arrives_in_order() {
        let (mut reader, writer) = pipe().unwrap();
        let mut writer = spool_of(writer);
        let text = numbered(500_000);
        assert!(text.len() > 4 * IN_MEMORY);
        // No pipe holds this much: it would block.
        for part in text.chunks(10_000) {
            writer.write_all(part).unwrap();
        }
        let spool = writer.spool();
        drop(writer);
        let reading = thread::spawn(move || {
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            read
        });
        spool.finish(&mut || None).unwrap();
        assert!(reading.join().unwrap() == text);
    }

    #[test]
    fn without_a_thread_it_is_written_at_once() {
        let (mut reader, writer) = pipe().unwrap();
        let mut writer = Spool::without_thread(Some(Spool::plain(Box::new(writer))));
        writer.write_all(b"line\n").unwrap();
        let mut read = [0; 5];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"line\n");
        writer.spool().finish(&mut || None).unwrap();
    }

    #[test]
    fn nobody_waits_for_a_reader_that_reads_nothing() {
        let (reader, writer) = pipe().unwrap();
        let mut writer = spool_of(writer);
        writer.write_all(&numbered(500_000)).unwrap();
        let error = writer.spool().finish(&mut || Some(Duration::ZERO));
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(reader);
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let (reader, writer) = pipe().unwrap();
        let mut writer = spool_of(writer);
        writer.write_all(&numbered(500_000)).unwrap();
        drop(reader);
        writer.spool().finish(&mut || None).unwrap();
        let error = writer.write_all(b"more").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn a_stream_that_cannot_be_opened_is_an_error() {
        let writer = Spool::start(|| Err(io::ErrorKind::PermissionDenied.into())).unwrap();
        let error = writer.spool().finish(&mut || None).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn pieces_are_whole_lines_where_they_can_be() {
        assert_eq!(piece(b"a\nb"), 3);
        let long = [b"x".repeat(PIECE - 2), b"\nyy\n".to_vec()].concat();
        assert_eq!(piece(&long), PIECE - 1);
        assert_eq!(piece(&b"x".repeat(PIECE + 1)), PIECE);
    }
}
