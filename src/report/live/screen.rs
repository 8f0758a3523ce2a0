//! A terminal with the live line below everything else.
//!
//! The line is gone while anything is written, and drawn again after it. The cursor waits at the start of what is drawn, not
//! at its end: a terminal that gets narrower may wrap the line, and from its start everything can be erased, also the `^C`
//! of a person. What was written after the last line break, such as the marks of `progress`, belongs to the drawing.

use std::io::{self, Write};
use std::time::Duration;

use super::layout::LineLayout;
use super::line::LiveLine;
use crate::report::spool_stream::SpoolStream;
use crate::report::text;

/// How often the line is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// How long the screen waits for more to write. Nobody sees more pictures in a second.
const GATHER: Duration = Duration::from_millis(40);

/// The longest unfinished line that is drawn again and again, in bytes.
const LONGEST: usize = 8 * 1024;

/// A terminal whose last line is the live line.
pub(in crate::report) struct LiveScreen {
    terminal: Box<dyn Write + Send>,
    color: bool,
    line: LiveLine,
    layout: LineLayout,
    /// What was written after the last line break.
    unfinished: Vec<u8>,
    /// The live line on the terminal, with the columns for which it was drawn.
    drawn: Option<(u16, String)>,
    /// The unfinished line is too long: nothing is drawn until it ends.
    is_overlong: bool,
}

impl LiveScreen {
    pub(in crate::report) fn new(
        terminal: Box<dyn Write + Send>,
        line: LiveLine,
        color: bool,
    ) -> Self {
        line.set_drawn(true);
        Self {
            terminal,
            color,
            line,
            layout: LineLayout::new(),
            unfinished: Vec::new(),
            drawn: None,
            is_overlong: false,
        }
    }

    /// The live line as it is to be; `None` if there is none now.
    fn wanted(&self) -> Option<(u16, String)> {
        // A `^C` must not wrap.
        const MARGIN: u16 = 3;
        const NARROWEST: u16 = 12;
        let columns = (self.line.columns)();
        if self.is_overlong || columns < NARROWEST {
            return None;
        }
        let room = columns - MARGIN;
        let (done, all, rest) = self.line.content(usize::from(room), self.color)?;
        Some((columns, self.layout.line(room, (done, all), rest)))
    }

    /// Erases the live line and the unfinished line above it.
    fn erase(&mut self, out: &mut Vec<u8>) {
        if self.drawn.take().is_none() {
            // The cursor is at the end of the unfinished line.
            let rows = self.rows((self.line.columns)());
            if rows > 1 {
                out.extend(format!("\x1b[{}A", rows - 1).bytes());
            }
        }
        out.extend(b"\r\x1b[J");
    }

    /// How many rows the unfinished line takes.
    fn rows(&self, columns: u16) -> usize {
        let width = text::width(&String::from_utf8_lossy(&self.unfinished));
        width.div_ceil(usize::from(columns.max(1)))
    }

    /// Writes the unfinished line and the live line, if there is one.
    fn draw(&mut self, out: &mut Vec<u8>, wanted: Option<(u16, String)>) {
        out.extend(&self.unfinished);
        let Some((columns, line)) = wanted else {
            return;
        };
        let rows = self.rows(columns);
        if rows > 0 {
            out.extend(b"\r\n");
        }
        out.extend(line.bytes());
        if rows > 0 {
            out.extend(format!("\x1b[{rows}A").bytes());
        }
        out.push(b'\r');
        self.drawn = Some((columns, line));
    }

    fn pass_on(&mut self, out: &[u8]) -> io::Result<()> {
        self.terminal.write_all(out)?;
        self.terminal.flush()
    }

    /// Writes what the user is to be told, where standard error is on the same terminal.
    fn show_notices(&mut self) -> io::Result<()> {
        let notices = self.line.take_notices();
        if notices.is_empty() {
            return Ok(());
        }
        let mut out = Vec::new();
        self.erase(&mut out);
        if !self.unfinished.is_empty() {
            out.extend(&self.unfinished);
            out.push(b'\n');
            self.unfinished.clear();
        }
        self.pass_on(&out)?;
        for notice in notices {
            // Nobody can be told that it cannot be told.
            let _ = writeln!(io::stderr(), "{notice}");
        }
        Ok(())
    }
}

impl Write for LiveScreen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.show_notices()?;
        let wanted = self.wanted();
        if self.drawn.is_none() && wanted.is_none() {
            self.keep(bytes);
            self.drop_overlong();
            self.pass_on(bytes)?;
            return Ok(bytes.len());
        }
        let mut out = Vec::with_capacity(bytes.len() + 256);
        self.erase(&mut out);
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            out.extend(&self.unfinished);
            out.extend(&bytes[..=end]);
        }
        self.keep(bytes);
        let wanted = wanted.filter(|_| !self.is_overlong);
        self.draw(&mut out, wanted);
        self.drop_overlong();
        self.pass_on(&out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.terminal.flush()
    }
}

impl LiveScreen {
    /// Keeps what follows the last line break.
    fn keep(&mut self, bytes: &[u8]) {
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                self.is_overlong = false;
                self.unfinished.clear();
                self.unfinished.extend(&bytes[end + 1..]);
            }
            None if self.is_overlong => {}
            None => self.unfinished.extend(bytes),
        }
        self.is_overlong |= self.unfinished.len() > LONGEST;
    }

    /// An unfinished line that is too long is on the terminal, and is not drawn again.
    fn drop_overlong(&mut self) {
        if self.is_overlong {
            self.unfinished.clear();
        }
    }
}

impl SpoolStream for LiveScreen {
    fn pause(&self) -> Option<Duration> {
        Some(PAUSE)
    }

    fn gather(&self) -> Option<Duration> {
        Some(GATHER)
    }

    /// Draws the line again if it is another one.
    fn idle(&mut self) -> io::Result<()> {
        self.show_notices()?;
        let wanted = self.wanted();
        if self.drawn != wanted {
            let mut out = Vec::new();
            self.erase(&mut out);
            self.draw(&mut out, wanted);
            self.pass_on(&out)?;
        }
        if self.drawn.is_none() && self.line.is_over() {
            self.line.set_drawn(false);
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.show_notices()?;
        if self.drawn.is_some() {
            let mut out = Vec::new();
            self.erase(&mut out);
            self.draw(&mut out, None);
            self.pass_on(&out)?;
        }
        self.line.set_drawn(false);
        Ok(())
    }
}

impl Drop for LiveScreen {
    /// An error of the terminal ends its thread, too.
    fn drop(&mut self) {
        self.line.set_drawn(false);
    }
}
