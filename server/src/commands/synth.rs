//! `speurkaart synth`: synthetic chats on stdout.

use std::io::{BufWriter, Write};

use anyhow::{Context, bail};

use crate::cli::{SynthArgs, SynthFormat};

pub(crate) fn run(args: &SynthArgs) -> anyhow::Result<()> {
    if args.from >= args.to {
        bail!("--from must lie before --to");
    }
    let config = synth::Config { messages: args.messages, seed: args.seed, from: args.from, to: args.to };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut generator = synth::generate(&config);
    if args.format == SynthFormat::Csv {
        writeln!(out, "{}", synth::CSV_HEADER)?;
    }
    for message in generator.by_ref() {
        match args.format {
            SynthFormat::Jsonl => synth::write_jsonl(&message.message, &mut out)?,
            SynthFormat::Csv => synth::write_csv(&message.message, &mut out)?,
        }
    }
    out.flush()?;
    if let Some(file) = &args.truth {
        let truth = serde_json::to_string_pretty(&generator.truth())?;
        std::fs::write(file, truth).with_context(|| format!("{}: cannot be written", file.display()))?;
    }
    Ok(())
}
