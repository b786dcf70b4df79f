//! From the paths of a command line to the files of messages under them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ingest::{Found, IngestError, Options, Source};

/// A file that will be read, and the name of the source its messages go to.
pub(super) struct Chosen {
    pub(super) source: Source,
    pub(super) source_name: String,
}

/// What will be read, and what is passed over with the reason.
pub(super) struct Choice {
    pub(super) chosen: Vec<Chosen>,
    pub(super) passed_over: Vec<(PathBuf, String)>,
}

/// Looks under the paths and opens everything once, so that what cannot be read is known before anything is stored.
///
/// # Errors
/// When a file that was named itself cannot be read, or there is no room to unpack one. One that was found in a folder or an archive is passed over.
pub(super) fn choose(
    paths: &[PathBuf],
    source_name: Option<&str>,
    options: impl Fn(&str) -> Options,
) -> anyhow::Result<Choice> {
    let mut choice = Choice { chosen: Vec::new(), passed_over: Vec::new() };
    for path in paths {
        let name = source_name.map(str::to_owned).or_else(|| name_of(path));
        let name = name.context("a source needs a name: give --source")?;
        let mut options = options(&name);
        options.resume = None;
        for found in ingest::find(path)? {
            match found {
                Found::PassedOver { name, reason } if name == *path => anyhow::bail!("{}: {reason}", name.display()),
                Found::PassedOver { name, reason } => choice.passed_over.push((name, reason)),
                Found::Source(source) => match ingest::open_source(&source, &options) {
                    Ok(_) => choice.chosen.push(Chosen { source, source_name: name.clone() }),
                    Err(error) if source.name() == path || error.is_want_of_room() => return Err(error.into()),
                    Err(error) => choice.passed_over.push((source.name().to_path_buf(), reason(&error))),
                },
            }
        }
    }
    if choice.chosen.is_empty() {
        let first = choice.passed_over.first().map(|(name, reason)| format!("; {}: {reason}", name.display()));
        anyhow::bail!("there is no file of messages{}", first.unwrap_or_default());
    }
    Ok(choice)
}

/// The last part of the path, also of `.` and `..`.
fn name_of(path: &Path) -> Option<String> {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    path.file_name().or_else(|| full.file_name()).map(|name| name.to_string_lossy().into_owned())
}

/// Why, without the name that is said beside it.
fn reason(error: &IngestError) -> String {
    match error {
        IngestError::Empty(_) => "empty".to_owned(),
        IngestError::Unsupported { found, .. } => (*found).to_owned(),
        IngestError::NoColumn { missing, .. } => format!("no {missing} found in it"),
        other => other.to_string(),
    }
}
