//! `file:` URIs and the paths that they name.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use crate::paths::normalized;

const SCHEME: &str = "file://";

/// The path that a URI names; `None` for a document that is no file.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix(SCHEME)?;
    // Between the slashes may be the name of this machine.
    let path = &rest[rest.find('/')?..];
    let bytes = decoded(path.as_bytes());
    Some(normalized(Path::new(&OsString::from_vec(bytes))))
}

/// The URI of an absolute path.
pub fn uri_of(path: &Path) -> Uri {
    let mut uri = SCHEME.to_owned();
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    Uri(uri)
}

/// The bytes with `%XX` replaced. A percent sign without two digits stays.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3);
        let code = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) if text[at] == b'%' => {
                bytes.push(byte);
                at += 3;
            }
            _ => {
                bytes.push(text[at]);
                at += 1;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["/a b/ü/100%.feature", "/a/[x]#?:.feature"] {
            assert_eq!(
                path_of(&uri_of(Path::new(path))).as_deref(),
                Some(Path::new(path))
            );
        }
        assert_eq!(uri_of(Path::new("/a b/é")).0, "file:///a%20b/%C3%A9");
    }

    #[test]
    fn clients_write_uris_in_many_ways() {
        for (uri, path) in [
            ("file:///a/./b/../c", Some("/a/c")),
            ("file://localhost/a", Some("/a")),
            ("file:///c%3A/x%2fy", Some("/c:/x/y")),
            ("file:///100%/%zz", Some("/100%/%zz")),
            ("untitled:Untitled-1", None),
            ("file://", None),
        ] {
            assert_eq!(
                path_of(&Uri(uri.to_owned())).as_deref(),
                path.map(Path::new),
                "{uri}"
            );
        }
    }
}
