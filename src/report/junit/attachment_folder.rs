//! The folder beside a report that has its attached files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::links::address;

/// The file that says that bdd has written the folder. A folder without it is not touched.
const MARK: &str = ".written-by-bdd";
/// What is in that file.
const MARKED: &str = "written by bdd; the next run removes this folder\n";

/// A folder that is made with its first file.
pub(super) struct AttachmentFolder {
    path: PathBuf,
    /// As the path of the report was given.
    shown: PathBuf,
    is_there: bool,
}

impl AttachmentFolder {
    /// A folder with the path `path`, or one with a number if there is another folder. What an earlier run left is
    /// removed.
    pub(super) fn new(path: &Path, shown: &Path) -> io::Result<Self> {
        clear(path)?;
        let numbers = std::iter::once(None).chain((2..).map(Some));
        let mut all =
            numbers.map(|number: Option<u32>| (numbered(path, number), numbered(shown, number)));
        let free = all.find(|(path, _)| fs::symlink_metadata(path).is_err());
        let (path, shown) = free.unwrap_or_default();
        Ok(Self {
            path,
            shown,
            is_there: false,
        })
    }

    /// Makes a file of the folder.
    pub(super) fn create(&mut self, path: &Path) -> io::Result<File> {
        if !self.is_there {
            fs::create_dir_all(&self.path)?;
            fs::write(self.path.join(MARK), MARKED)?;
            self.is_there = true;
        }
        let path = self.path.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create_new(path)
    }

    /// The link to a file from the folder that this one is in.
    pub(super) fn link(&self, path: &Path) -> String {
        let name = self.path.file_name().unwrap_or_default();
        address(&Path::new(name).join(path))
    }

    /// The path of a file as that of the report was given.
    pub(super) fn shown(&self, path: &Path) -> String {
        self.shown.join(path).display().to_string()
    }
}

/// Removes what earlier runs left.
///
/// # Errors
/// When it cannot be removed.
pub(super) fn clear(path: &Path) -> io::Result<()> {
    let numbers = std::iter::once(None).chain((2..).map(Some));
    for folder in numbers.map(|number| numbered(path, number)) {
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() && folder.join(MARK).is_file() => {
                fs::remove_dir_all(&folder)?;
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Ok(())
}

fn numbered(path: &Path, number: Option<u32>) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    if let Some(number) = number {
        path.push(format!("-{number}"));
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn only_what_bdd_wrote_is_removed() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("r.xml.attachments");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("mine"), "").unwrap();
        for _ in 0..2 {
            let mut folder = AttachmentFolder::new(&path, Path::new("r.xml.attachments")).unwrap();
            let file = Path::new("s/a.txt");
            folder.create(file).unwrap().write_all(b"a").unwrap();
            assert_eq!(folder.shown(file), "r.xml.attachments-2/s/a.txt");
            assert_eq!(folder.link(file), "r.xml.attachments-2/s/a.txt");
        }
        assert!(path.join("mine").exists());
        clear(&path).unwrap();
        assert_eq!(fs::read_dir(here.path()).unwrap().count(), 1);
    }
}
