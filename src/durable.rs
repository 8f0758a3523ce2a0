//! Files that outlive a crash of the machine: what they hold is on the disk before they get their name.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::num::NonZeroU64;
use std::ops::Range;

/// Waits until what was written to a file is on its disk, so that after a crash of the machine no file with the name
/// it then gets is empty. Files in memory are gone then anyway: nothing is waited for.
///
/// # Errors
/// When it cannot be written there. A file system that does not know the question is not an error.
pub(crate) fn sync(file: &File) -> io::Result<()> {
    if is_in_memory(file) {
        return Ok(());
    }
    match file.sync_data() {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Asks the system to begin writing a part of a file to its disk, so that [`sync`] waits less for it. Nothing is lost if it
/// does not.
pub(crate) fn begin_sync(file: &File, part: Range<u64>) {
    use rustix::fs::{Advice, fadvise};

    // Of what is not needed, Linux keeps what is not on the disk, and begins to write it there.
    let length = NonZeroU64::new(part.end.saturating_sub(part.start));
    let _ = fadvise(file, part.start, length, Advice::DontNeed);
}

#[cfg(target_os = "linux")]
fn is_in_memory(file: &File) -> bool {
    /// The numbers of `tmpfs` and `ramfs` in the kernel; their type differs between machines.
    const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
    let found = rustix::fs::fstatfs(file);
    found.is_ok_and(|found| IN_MEMORY.contains(&(found.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn is_in_memory(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Seek, Write};

    use super::*;

    #[test]
    fn any_file_can_be_synced() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"report").unwrap();
        sync(&file).unwrap();
        // It is not known what a device is in.
        sync(&File::open("/dev/null").unwrap()).unwrap();
    }

    #[test]
    fn a_file_that_begins_to_be_synced_stays_what_it_is() {
        let mut file = tempfile::tempfile().unwrap();
        let text = b"report\n".repeat(100_000);
        file.write_all(&text).unwrap();
        begin_sync(&file, 0..text.len() as u64);
        file.rewind().unwrap();
        let mut read = Vec::new();
        file.read_to_end(&mut read).unwrap();
        assert!(read == text);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_in_memory_are_known() {
        let file = File::open("/dev/shm").unwrap();
        assert!(is_in_memory(&file));
        assert!(!is_in_memory(&File::open("/proc").unwrap()));
    }
}
