//! The folder of a site: written beside its place and then put there at once, so that a failure leaves the old site.
//!
//! A folder is replaced only if it is empty or has nothing but what bdd wrote there before: a list with a hash of each
//! file says so. Anything else in it is somebody's own, and the command is refused.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use foldhash::HashSet;
use serde::{Deserialize, Serialize};

use crate::input::dangling_link;
use crate::owned_file::{abandoned, make_owned};
use crate::plan::hash;
use crate::system_error::reason;

/// The list of what bdd wrote.
const LIST: &str = ".bdd-site.json";

/// The version of the list.
const VERSION: u32 = 1;

/// What the names of unfinished and replaced sites begin with.
const TEMPORARY: &str = ".bdd-site-";

/// How many foreign entries an error names.
const MOST_NAMED: usize = 3;

/// Why a site was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteError {
    message: String,
    refused: bool,
}

impl SiteError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            refused: false,
        }
    }

    fn refusal(message: String) -> Self {
        Self {
            message,
            refused: true,
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the folder has something that bdd did not write.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.refused
    }
}

impl From<io::Error> for SiteError {
    fn from(error: io::Error) -> Self {
        Self::new(format!("cannot write the site: {}", reason(&error)))
    }
}

/// The files of a site with their hashes.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SiteList {
    bdd_site: u32,
    files: BTreeMap<String, String>,
}

/// A site that is being written.
#[derive(Debug)]
pub struct SiteFolder {
    /// Where it will be.
    target: PathBuf,
    /// How messages call it.
    shown: String,
    /// Where it is written.
    new: PathBuf,
    /// Keeps other processes from taking `new` for abandoned.
    _owner: File,
    folders: HashSet<PathBuf>,
    list: SiteList,
}

impl SiteFolder {
    /// Prepares to write a site to `folder`, which messages call `shown`. Nothing in it changes yet.
    ///
    /// # Errors
    /// When the folder has something that bdd did not write, or nothing can be written beside it.
    pub fn open(folder: &Path, shown: &str) -> Result<Self, SiteError> {
        let failed = |what: &str, error: &io::Error| {
            SiteError::new(format!("cannot {what} {shown}: {}", reason(error)))
        };
        if let Some(link) = dangling_link(folder) {
            return Err(SiteError::refusal(format!(
                "cannot write to {shown}: {link}"
            )));
        }
        // A link stays a link: the folder that it leads to is replaced.
        let target = match folder.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => folder.to_path_buf(),
            found => found.map_err(|error| failed("find", &error))?,
        };
        check(&target, shown)?;
        let parent = target
            .parent()
            .ok_or_else(|| SiteError::refusal(format!("{shown} is the root of the file system")))?;
        fs::create_dir_all(parent).map_err(|error| failed("make the folder above", &error))?;
        clear_away(parent);
        let made = make_owned(
            || new_folder(parent),
            |(path, file): &(PathBuf, File)| (file, path.as_path()),
        );
        let (new, owner) = made.map_err(|error| failed("write beside", &error))?;
        let mut site = Self {
            target,
            shown: shown.to_owned(),
            new,
            _owner: owner,
            folders: HashSet::default(),
            list: SiteList {
                bdd_site: VERSION,
                ..SiteList::default()
            },
        };
        // From here on the folder is known to be bdd's own.
        site.write_list()?;
        Ok(site)
    }

    /// Writes a file; `name` is its path in the site, with `/`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn file(&mut self, name: &str, content: &str) -> Result<(), SiteError> {
        let path = self.new.join(name);
        if let Some(folder) = path.parent()
            && self.folders.insert(folder.to_path_buf())
        {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content)?;
        self.list
            .files
            .insert(name.to_owned(), hash_of(content.as_bytes()));
        Ok(())
    }

    fn write_list(&mut self) -> Result<(), SiteError> {
        let list = serde_json::to_vec(&self.list).map_err(io::Error::from)?;
        Ok(fs::write(self.new.join(LIST), list)?)
    }

    /// Puts the site in its place. The result is a warning if something of the old one stays.
    ///
    /// # Errors
    /// When that is not possible. The old site is still there.
    pub fn finish(mut self) -> Result<Option<String>, SiteError> {
        self.write_list()?;
        // Something may have been put there since.
        let there = check(&self.target, &self.shown)?;
        if there == Place::Missing {
            self.rename_to_target()?;
            return Ok(None);
        }
        let permissions = fs::metadata(&self.target)?.permissions();
        fs::set_permissions(&self.new, permissions)?;
        if there == Place::Empty {
            self.rename_to_target()?;
            return Ok(None);
        }
        exchange(&self.new, &self.target).map_err(|error| self.cannot_replace(&error))?;
        // The old site is where the new one was.
        Ok((!remove_site(&self.new)).then(|| {
            let kept = self.new.display();
            format!("the old site could not be removed completely; the rest is in {kept}")
        }))
    }

    fn rename_to_target(&self) -> Result<(), SiteError> {
        fs::rename(&self.new, &self.target).map_err(|error| self.cannot_replace(&error))
    }

    fn cannot_replace(&self, error: &io::Error) -> SiteError {
        SiteError::new(format!(
            "cannot put the site at {}: {}",
            self.shown,
            reason(error)
        ))
    }
}

impl Drop for SiteFolder {
    fn drop(&mut self) {
        // After a success it is gone already, or it is the rest of the old site.
        remove_site(&self.new);
    }
}

/// What is at the place of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Missing,
    Empty,
    /// A site that bdd wrote, and nothing else.
    Site,
}

/// Looks at the place of a site.
///
/// # Errors
/// When there is something that bdd did not write.
fn check(target: &Path, shown: &str) -> Result<Place, SiteError> {
    let unreadable =
        |error: &io::Error| SiteError::new(format!("cannot read {shown}: {}", reason(error)));
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::Missing),
        Err(error) => return Err(unreadable(&error)),
        Ok(found) if !found.is_dir() => {
            return Err(SiteError::refusal(format!("{shown} is not a folder")));
        }
        Ok(_) => {}
    }
    let list = fs::read(target.join(LIST)).ok();
    let list = list.and_then(|bytes| serde_json::from_slice::<SiteList>(&bytes).ok());
    let list = list
        .filter(|list| list.bdd_site == VERSION)
        .unwrap_or_default();
    let is_site = list.bdd_site == VERSION;
    let mut foreign = Vec::new();
    let found = foreign_entries(target, "", &list, &mut foreign);
    let count = found.map_err(|error| unreadable(&error))?;
    if foreign.is_empty() {
        return Ok(if count == 0 {
            Place::Empty
        } else {
            Place::Site
        });
    }
    foreign.sort();
    let more = foreign.len().saturating_sub(MOST_NAMED);
    foreign.truncate(MOST_NAMED);
    let mut named = foreign.join(", ");
    if more > 0 {
        named += &format!(" and {more} more");
    }
    Err(SiteError::refusal(match is_site {
        true => {
            format!("{shown} has files that bdd did not write, or that were changed since: {named}")
        }
        false => format!("{shown} is not empty, and no site that bdd wrote: it has {named}"),
    }))
}

/// Adds what is not on the list. The result is the number of entries of the folder itself.
fn foreign_entries(
    folder: &Path,
    prefix: &str,
    list: &SiteList,
    foreign: &mut Vec<String>,
) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += 1;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        let below = format!("{name}/");
        let is_known_folder = || {
            let mut after = list.files.range(below.clone()..);
            after
                .next()
                .is_some_and(|(file, _)| file.starts_with(&below))
        };
        if kind.is_dir() && is_known_folder() {
            foreign_entries(&entry.path(), &below, list, foreign)?;
        } else if !kind.is_file() || !is_own(&entry.path(), &name, list)? {
            foreign.push(name);
        }
    }
    Ok(count)
}

/// Whether a file is as bdd wrote it.
fn is_own(path: &Path, name: &str, list: &SiteList) -> io::Result<bool> {
    if name == LIST {
        return Ok(list.bdd_site == VERSION);
    }
    match list.files.get(name) {
        Some(hash) => Ok(hash_of(&fs::read(path)?) == *hash),
        None => Ok(false),
    }
}

fn hash_of(content: &[u8]) -> String {
    format!("{:016x}", hash::of_bytes(content.iter().copied()))
}

fn new_folder(parent: &Path) -> io::Result<(PathBuf, File)> {
    for number in 0.. {
        let path = parent.join(format!("{TEMPORARY}{}-{number}", std::process::id()));
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                made?;
                let file = File::open(&path)?;
                return Ok((path, file));
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Removes what killed commands have left beside the site.
fn clear_away(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with(TEMPORARY) || !entry.path().join(LIST).is_file() {
            continue;
        }
        // It must not be claimed while it is removed.
        if let Some(_held) = abandoned(&entry.path(), fs::Metadata::is_dir) {
            remove_site(&entry.path());
        }
    }
}

/// Removes what can be of a site, and nothing else; whether nothing is left.
fn remove_site(folder: &Path) -> bool {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                remove_site(&path);
            }
            Ok(kind) if kind.is_file() && (name.ends_with(".html") || name == LIST) => {
                let _ = fs::remove_file(&path);
            }
            _ => {}
        }
    }
    // It fails if something is left.
    let _ = fs::remove_dir(folder);
    !folder.exists()
}

/// Exchanges two folders: in one step where the system can do that, otherwise in three.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
            // Some file systems do not know it.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
            done => return Ok(done?),
        }
    }
    let mut aside = new.as_os_str().to_owned();
    aside.push("-old");
    let aside = PathBuf::from(aside);
    fs::rename(old, &aside)?;
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::rename(aside, new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(folder: &Path, pages: &[(&str, &str)]) -> Result<Option<String>, SiteError> {
        let mut site = SiteFolder::open(folder, "DIR")?;
        for (name, content) in pages {
            site.file(name, content)?;
        }
        site.finish()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_site_replaces_an_earlier_one_as_a_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/site");
        assert_eq!(
            written(&folder, &[("index.html", "1"), ("x/y/z.html", "2")]),
            Ok(None)
        );
        assert_eq!(written(&folder, &[("index.html", "3")]), Ok(None));
        assert_eq!(names(&folder), [LIST, "index.html"]);
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "3");
        // Nothing stays beside it.
        assert_eq!(names(&place.path().join("a")), ["site"]);
    }

    #[test]
    fn what_bdd_did_not_write_is_never_replaced() {
        type Change = fn(&Path);
        let changes: [(&str, Change); 6] = [
            ("mine.txt", |folder| {
                fs::write(folder.join("mine.txt"), "").unwrap()
            }),
            ("index.html", |folder| {
                fs::write(folder.join("index.html"), "edited").unwrap()
            }),
            ("f/mine", |folder| {
                fs::create_dir(folder.join("f/mine")).unwrap()
            }),
            ("f/a.html", |folder| {
                fs::remove_file(folder.join("f/a.html")).unwrap();
                std::os::unix::fs::symlink("/etc/passwd", folder.join("f/a.html")).unwrap();
            }),
            (".hidden", |folder| {
                fs::write(folder.join(".hidden"), "").unwrap()
            }),
            ("index.html", |folder| {
                fs::remove_file(folder.join(LIST)).unwrap()
            }),
        ];
        for (named, change) in changes {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path().join("site");
            written(&folder, &[("index.html", "1"), ("f/a.html", "2")]).unwrap();
            change(&folder);
            let before = names(&folder);
            let error = written(&folder, &[("index.html", "3")]).unwrap_err();
            assert!(
                error.is_refusal() && error.message().contains(named),
                "{error:?}"
            );
            assert_eq!(names(&folder), before);
            assert_eq!(names(place.path()), ["site"]);
        }
    }

    #[test]
    fn what_appears_while_the_site_is_written_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("site");
        written(&folder, &[("index.html", "1")]).unwrap();
        let mut site = SiteFolder::open(&folder, "DIR").unwrap();
        site.file("index.html", "2").unwrap();
        fs::write(folder.join("mine.html"), "mine").unwrap();
        assert!(site.finish().unwrap_err().is_refusal());
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "1");
        assert_eq!(names(place.path()), ["site"]);
    }

    #[test]
    fn a_site_that_is_given_up_leaves_the_old_one() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("site");
        written(&folder, &[("index.html", "1")]).unwrap();
        let mut site = SiteFolder::open(&folder, "DIR").unwrap();
        site.file("index.html", "2").unwrap();
        drop(site);
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "1");
        assert_eq!(names(place.path()), ["site"]);
    }

    #[test]
    fn an_empty_folder_becomes_a_site_and_a_link_stays_one() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("site");
        fs::create_dir(&folder).unwrap();
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        written(&link, &[("index.html", "1")]).unwrap();
        written(&link, &[("index.html", "2")]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "2");
        let file = place.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(written(&file, &[]).unwrap_err().is_refusal());
        let nowhere = place.path().join("nowhere");
        std::os::unix::fs::symlink("/not/there", &nowhere).unwrap();
        assert!(written(&nowhere, &[]).unwrap_err().is_refusal());
    }

    #[test]
    fn the_rest_of_a_killed_command_is_removed_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let killed = place.path().join(".bdd-site-1-0");
        let own = place.path().join(".bdd-site-mine");
        for folder in [&killed, &own] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("index.html"), "").unwrap();
        }
        fs::write(killed.join(LIST), "{}").unwrap();
        let alive = SiteFolder::open(&place.path().join("other"), "DIR").unwrap();
        written(&place.path().join("site"), &[("index.html", "1")]).unwrap();
        assert!(!killed.exists() && own.exists() && alive.new.exists());
    }
}
