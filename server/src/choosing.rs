//! From the paths of a command line, or an upload, to the files of messages under them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ingest::{Description, Found, IngestError, Options, Source};

/// A file that will be read, and the name of the source its messages go to.
pub(crate) struct Chosen {
    pub(crate) source: Source,
    pub(crate) source_name: String,
    /// How it will be read.
    pub(crate) description: Description,
    /// How much there is to be read.
    pub(crate) total_bytes: u64,
    /// Its place among everything that stands under its path.
    pub(crate) part: usize,
}

/// Something that is not read.
pub(crate) struct PassedOver {
    pub(crate) name: PathBuf,
    pub(crate) reason: String,
    /// What was wrong, where it was opened.
    pub(crate) error: Option<IngestError>,
}

/// What will be read, and what is passed over with the reason.
#[derive(Default)]
pub(crate) struct Choice {
    pub(crate) chosen: Vec<Chosen>,
    pub(crate) passed_over: Vec<PassedOver>,
}

/// Looks under the paths and opens everything once, so that what cannot be read is known before anything is stored.
///
/// # Errors
/// When a file that was named itself cannot be read, or there is no room to unpack one. Another that was found in a folder or an
/// archive is passed over.
pub(crate) fn choose(
    paths: &[PathBuf],
    source_name: Option<&str>,
    options: impl Fn(&str) -> Options,
) -> anyhow::Result<Choice> {
    let mut choice = Choice::default();
    for path in paths {
        let name = source_name.map(str::to_owned).or_else(|| name_of(path));
        let name = name.context("a source needs a name: give --source")?;
        let found = look(path, path, &name, &options(&name))?;
        for passed in found.passed_over {
            match passed.error {
                Some(error) if passed.name == *path || error.is_want_of_room() => return Err(error.into()),
                None if passed.name == *path => anyhow::bail!("{}: {}", passed.name.display(), passed.reason),
                error => choice.passed_over.push(PassedOver { error, ..passed }),
            }
        }
        choice.chosen.extend(found.chosen);
    }
    if choice.chosen.is_empty() {
        let first = choice.passed_over.first().map(|passed| format!("; {}: {}", passed.name.display(), passed.reason));
        anyhow::bail!("there is no file of messages{}", first.unwrap_or_default());
    }
    Ok(choice)
}

/// Everything under a path, which is called otherwise in names.
///
/// # Errors
/// When the path itself cannot be read.
pub(crate) fn look(path: &Path, called: &Path, source_name: &str, options: &Options) -> Result<Choice, IngestError> {
    let mut choice = Choice::default();
    for (part, source) in parts(path, called, &mut choice.passed_over)?.into_iter().enumerate() {
        match ingest::open_source(&source, &Options { resume: None, ..options.clone() }) {
            Ok(reader) => choice.chosen.push(Chosen {
                source_name: source_name.to_owned(),
                description: reader.description().clone(),
                total_bytes: reader.total_bytes(),
                source,
                part,
            }),
            Err(error) => {
                let (name, reason) = (source.name().to_path_buf(), reason(&error));
                choice.passed_over.push(PassedOver { name, reason, error: Some(error) });
            }
        }
    }
    Ok(choice)
}

/// What may be a file of messages under a path, always in the same order.
///
/// # Errors
/// When the path itself cannot be read.
pub(crate) fn parts(path: &Path, called: &Path, passed_over: &mut Vec<PassedOver>) -> Result<Vec<Source>, IngestError> {
    let mut sources = Vec::new();
    for found in ingest::find(path)? {
        match found {
            Found::Source(source) => sources.push(source.renamed(path, called)),
            Found::PassedOver { name, reason } => {
                let name = match name.strip_prefix(path) {
                    Ok(rest) if rest.as_os_str().is_empty() => called.to_path_buf(),
                    Ok(rest) => called.join(rest),
                    Err(_) => name,
                };
                passed_over.push(PassedOver { name, reason, error: None });
            }
        }
    }
    Ok(sources)
}

/// The last part of the path, also of `.` and `..`.
pub(crate) fn name_of(path: &Path) -> Option<String> {
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
