//! Lays the live line out with `indicatif`: counts, and a message that is cut where the terminal ends.
//!
//! It does not draw with it. `indicatif` fills the line with spaces and leaves the cursor at its end, so a terminal that gets
//! narrower wraps the line and a part of it stays; and it shows nothing if `NO_COLOR` is set.

use std::io;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

/// What the line looks like.
const TEMPLATE: &str = "{pos} of {len} done{wide_msg}";

/// Lays out one line.
pub(super) struct LineLayout {
    bar: ProgressBar,
    row: Arc<Row>,
}

/// What `indicatif` takes for a terminal: a row of text.
#[derive(Debug, Default)]
struct Row {
    columns: AtomicU16,
    text: Mutex<String>,
}

impl Row {
    fn push(&self, text: &str) {
        let row = self.text.lock();
        row.unwrap_or_else(PoisonError::into_inner).push_str(text);
    }

    fn take(&self) -> String {
        let row = self.text.lock();
        std::mem::take(&mut row.unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug)]
struct RowTerminal(Arc<Row>);

impl LineLayout {
    pub(super) fn new() -> Self {
        let row = Arc::new(Row::default());
        let terminal = Box::new(RowTerminal(Arc::clone(&row)));
        let target = ProgressDrawTarget::term_like(terminal);
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template(TEMPLATE);
        Self {
            bar: bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())),
            row,
        }
    }

    /// The line in so many columns; none of its colours goes beyond it.
    pub(super) fn line(&self, columns: u16, (done, all): (u64, u64), message: String) -> String {
        self.row.columns.store(columns, Ordering::Relaxed);
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar.set_message(message);
        self.row.take();
        self.bar.force_draw();
        self.row.take().trim().to_owned()
    }
}

/// It only keeps the text: the cursor of the real terminal is elsewhere.
impl TermLike for RowTerminal {
    fn width(&self) -> u16 {
        self.0.columns.load(Ordering::Relaxed)
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.push(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_the_terminal_ends() {
        let layout = LineLayout::new();
        let line = |columns| layout.line(columns, (3, 20), ", 1 failed; now: 数字数字".to_owned());
        assert_eq!(line(80), "3 of 20 done, 1 failed; now: 数字数字");
        assert_eq!(line(31), "3 of 20 done, 1 failed; now: 数");
        assert_eq!(line(14), "3 of 20 done,");
    }
}
