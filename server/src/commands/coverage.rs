//! `speurkaart coverage`: from when to when each source has messages. Where there are none, nothing can be said of silence.

use crate::cli::{CoverageArgs, ReportArg};
use crate::commands::opened::Opened;
use crate::config::Data;

pub(crate) async fn run(data: &Data, args: &CoverageArgs) -> anyhow::Result<()> {
    let sources = Opened::new(data, "UTC").await?.sources();
    if args.report == ReportArg::Json {
        println!("{}", serde_json::to_string_pretty(&sources)?);
        return Ok(());
    }
    for source in &sources {
        println!("{} ({}): {} messages, {} rejected", source.name, source.case, source.messages, source.rejected);
        for span in &source.spans {
            println!("  {} to {}  {:>12} messages", span.first, span.last, span.messages);
        }
    }
    println!("days are those of UTC; a pause of more than seven days ends a span");
    Ok(())
}
