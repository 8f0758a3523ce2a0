//! Adds a run that has ended to the record, and those that were killed.

use std::fs;
use std::io;
use std::path::Path;

use foldhash::HashSet;

use super::super::entry::{self, Block, Line};
use super::super::folder::{Folder, Lock};
use super::super::past::{self, NewBlock, PastFile, PastRun, Record};
use super::super::revision::revision;
use super::super::{FOLDER, History};
use super::journal::OpenJournal;
use super::{RecordedRun, RecordedScenario};
use crate::event::Timestamp;
use crate::system_error::reason;

/// What a run adds to both files.
#[derive(Default)]
struct Additions {
    lines: Vec<u8>,
    blocks: Vec<NewBlock>,
}

impl RecordedRun {
    /// Adds the results of this run. Returns a line for each problem.
    pub(super) fn add(self, journal: OpenJournal) -> Vec<String> {
        let mut warnings = Vec::new();
        let added = self.add_results(&journal.path, &journal.lines, &mut warnings);
        warnings.extend(added.err().as_ref().map(not_kept));
        warnings
    }

    /// Adds the calls of steps that came after the results were complete. Returns the warnings with its own.
    pub(super) fn add_late_calls(&self, mut warnings: Vec<String>) -> Vec<String> {
        let added = self.add_calls();
        warnings.extend(added.err().as_ref().map(not_kept));
        warnings
    }

    fn add_calls(&self) -> io::Result<()> {
        if !self.calls.any() {
            return Ok(());
        }
        let folder = Folder::make(&self.recording.root)?;
        self.calls.record(&folder, &folder.lock()?, self.now)
    }

    /// Adds the results, of which there is a line for each. The journal has them, too.
    fn add_results(
        &self,
        journal: &Path,
        results: &[u8],
        warnings: &mut Vec<String>,
    ) -> io::Result<()> {
        // A scenario may have deleted the folder.
        let folder = Folder::make(&self.recording.root)?;
        // Without the lock the journal stays, and the next run adds it.
        let Ok(lock) = folder.lock() else {
            return Ok(());
        };
        let written = self.add_blocks(&folder, &lock, results, warnings);
        let timed = self.calls.record(&folder, &lock, self.now);
        // Both files may have been read for it.
        warnings.dedup();
        // The journal is removed even if adding it failed: otherwise journals would pile up.
        written.and(timed).and(remove(journal))
    }

    /// Adds this run and those that were killed.
    fn add_blocks(
        &self,
        folder: &Folder,
        lock: &Lock,
        results: &[u8],
        warnings: &mut Vec<String>,
    ) -> io::Result<()> {
        let mut additions = Additions::default();
        let (past, missed) = past_file(folder, lock, warnings)?;
        additions.blocks.extend(missed);
        let dead = folder.dead_journals(lock)?;
        for journal in &dead {
            add_journal(journal, &mut additions)?;
        }
        self.add_block(results, &mut additions)?;
        if !folder.append(lock, &additions.lines)? {
            self.compact(folder, lock, &additions.lines, warnings)?;
        }
        let stamp = folder.stamp()?;
        if past::append(folder, lock, past, additions.blocks, stamp)? {
            let history = History::read(folder, Some(lock), warnings)?.finish();
            let live = history.results().map(|(id, _)| past::key(id)).collect();
            past::merge(folder, lock, &live, stamp)?;
        }
        dead.iter().try_for_each(|path| remove(path))
    }

    /// Appends the block of this run.
    fn add_block(&self, results: &[u8], out: &mut Additions) -> io::Result<()> {
        let whole = self.recording.whole_files.iter();
        let mut block = Block {
            whole: whole.map(|uri| uri.to_string()).collect(),
            now: Some(self.now),
            elsewhere: Vec::new(),
        };
        if !block.whole.is_empty() && !self.recording.selected.is_empty() {
            let here: HashSet<&str> = self.scenarios.values().map(|one| &*one.id).collect();
            let selected = self.recording.selected.iter().map(|id| id.to_string());
            block.elsewhere = selected.filter(|id| !here.contains(&**id)).collect();
        }
        entry::write_block(&block, &mut out.lines)?;
        out.lines.extend_from_slice(results);
        let keys = |texts: &[String]| texts.iter().map(|text| past::key(text)).collect();
        let mut added = NewBlock {
            runs: vec![PastRun {
                id: format!("{:x}-{:x}", self.started, std::process::id()),
                start: Timestamp(self.started),
                revision: revision(&self.recording.root),
            }],
            whole: keys(&block.whole),
            elsewhere: keys(&block.elsewhere),
            now: block.now,
            ..NewBlock::default()
        };
        for RecordedScenario { id, outcome } in self.scenarios.values() {
            let entry = match outcome {
                Some(outcome) => outcome.entry,
                None => {
                    let entry = self.not_run_entry();
                    entry::write(id, entry, &mut out.lines);
                    entry
                }
            };
            let mut record = Record::of_entry(id, entry);
            record.run = Some(0);
            if let Some(outcome) = outcome {
                record.status = outcome.status;
                record.attempts = outcome.attempts;
            }
            added.push(id, record);
        }
        out.blocks.push(added);
        Ok(())
    }

    /// Writes the history anew with what is added, without what is out of date.
    fn compact(
        &self,
        folder: &Folder,
        lock: &Lock,
        blocks: &[u8],
        warnings: &mut Vec<String>,
    ) -> io::Result<()> {
        let mut reading = History::read(folder, Some(lock), warnings)?;
        reading.blocks(blocks);
        let mut history = reading.finish();
        let here = self.scenarios.values().map(|one| &*one.id).collect();
        history.forget_files(&self.recording.root, &here);
        let mut results: Vec<_> = history.results().collect();
        results.sort_unstable_by_key(|(id, _)| *id);
        let mut lines = Vec::new();
        for (id, entry) in results {
            entry::write(id, entry, &mut lines);
        }
        let mut content = Vec::new();
        entry::write_head(lines.len() as u64, &mut content);
        folder.replace(lock, &[content, lines].concat())
    }
}

/// The file for quick searches, and what it lacks, if something else than this bdd has changed the history since, or if it
/// is missing.
fn past_file(
    folder: &Folder,
    lock: &Lock,
    warnings: &mut Vec<String>,
) -> io::Result<(Option<PastFile>, Option<NewBlock>)> {
    let past = match PastFile::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            warnings.push(folder.set_past_aside(lock));
            None
        }
        opened => opened?,
    };
    let stamp = folder.stamp()?;
    if (past.as_ref()).is_some_and(|past| past.belongs_to(stamp)) {
        return Ok((past, None));
    }
    let history = History::read(folder, Some(lock), warnings)?.finish();
    let mut block = NewBlock {
        complete: true,
        ..NewBlock::default()
    };
    for (id, entry) in &history.entries {
        block.push(id, Record::of_entry(id, *entry));
    }
    let lacks = past.is_some() || !block.ids.is_empty();
    Ok((past, lacks.then_some(block)))
}

/// Appends the journal of a run that was killed as a block.
fn add_journal(path: &Path, out: &mut Additions) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let Ok((_, rest)) = entry::head(&bytes) else {
        return Ok(());
    };
    entry::write_block(&Block::default(), &mut out.lines)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let run = name.strip_prefix("run-").unwrap_or(&name);
    let start = run.split('-').next().unwrap_or_default();
    let mut added = NewBlock {
        runs: vec![PastRun {
            id: run.to_owned(),
            start: Timestamp(u64::from_str_radix(start, 16).unwrap_or_default()),
            revision: None,
        }],
        ..NewBlock::default()
    };
    // It begins with each scenario as not run, and ends where the run was killed.
    let _ = entry::read(rest, 2, |line| {
        if let Line::Result(id, entry) = line {
            entry::write(&id, entry, &mut out.lines);
            let mut record = Record::of_entry(&id, entry);
            record.run = Some(0);
            added.push(&id.into(), record);
        }
    });
    out.blocks.push(added);
    Ok(())
}

/// The warning that the results of a run are lost.
pub(super) fn not_kept(error: &io::Error) -> String {
    format!(
        "cannot keep the results of this run in {FOLDER}: {}",
        reason(error)
    )
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
