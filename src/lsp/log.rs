//! What the server notes for people who look into its output. Standard output belongs to the protocol.

use std::io::{self, Write as _};

use crate::report::one_line;

/// Writes a line to standard error.
pub fn log(message: &str) {
    // Nobody may read it.
    let _ = writeln!(io::stderr(), "bdd lsp: {}", one_line(message));
}
