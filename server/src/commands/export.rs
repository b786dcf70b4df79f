//! `speurkaart export verify`: does an export that came back still agree with its sums?

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::cli::ExportCommand;

pub(crate) fn run(command: &ExportCommand) -> anyhow::Result<()> {
    match command {
        ExportCommand::Verify { file } => verify(file),
    }
}

fn verify(path: &Path) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("{name}: cannot be read"))?;
    let verified = export::verify(file).with_context(|| name.clone())?;
    for what in &verified.agree {
        println!("agrees: {what}");
    }
    for problem in &verified.problems {
        println!("DIFFERS: {problem}");
    }
    if let Some(sum) = &verified.manifest_sha256 {
        println!("SHA-256 of the manifest: {sum}");
    }
    match verified.problems.len() {
        0 => Ok(()),
        1 => bail!("{name}: one thing does not agree"),
        many => bail!("{name}: {many} things do not agree"),
    }
}
