//! `speurkaart bench query`: how long a running server takes to answer, as a client sees it.
//!
//! Every client has a connection of its own and asks again as soon as it has its answer. Filters are drawn from what the server
//! says there is (regions, time span), so that few are asked twice; what the screen begins with, which everybody asks, is a kind
//! of request by itself.

mod client;
mod draw;
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use self::client::Client;
use self::draw::{Drawer, Kind};
use self::server::Server;
use crate::cli::{BenchQueryArgs, ReportArg};

/// Shares of the answers that a row of the table tells.
const SHARES: [f64; 4] = [0.5, 0.9, 0.99, 1.0];

pub(crate) async fn run(data: &Path, args: &BenchQueryArgs) -> anyhow::Result<()> {
    let server = match &args.url {
        Some(link) => Server::at(link).await?,
        None => Server::started(data).await?,
    };
    let mut first = server.connect().await?;
    let meta: Value = first.json("/api/v1/meta").await?;
    let (messages, mentions) = (meta["messages"].as_u64(), meta["mentions"].as_u64());
    let mut regions = Vec::new();
    for kind in ["province", "municipality", "police_unit"] {
        regions.push(first.json(&format!("/api/v1/regions?kind={kind}")).await?);
    }
    let drawer = Drawer::new(&meta, &regions)?;
    if args.report == ReportArg::Text {
        println!("{} messages, {} mentions placed", messages.unwrap_or(0), mentions.unwrap_or(0));
        if let Some(start) = server.first_answer {
            println!("from start to first answer: {:.2} s", start.as_secs_f64());
        }
        if let Some(index) = server.index_figures(&mut first).await? {
            println!("{index}");
        }
    }
    let mut rounds = Vec::new();
    for clients in &args.clients {
        if *clients == 0 {
            bail!("--clients names numbers of clients from 1");
        }
        let round = Round::measure(&server, &drawer, *clients, Duration::from_secs(args.seconds)).await?;
        if args.report == ReportArg::Text {
            round.print();
        }
        rounds.push(round.json());
    }
    if args.report == ReportArg::Json {
        let start = server.first_answer.map(|start| start.as_secs_f64());
        println!(
            "{}",
            json!({ "messages": messages, "mentions": mentions, "first_answer_s": start, "rounds": rounds })
        );
    }
    server.stop().await
}

/// What one number of clients met.
struct Round {
    clients: usize,
    seconds: f64,
    /// Milliseconds of every answer, ascending.
    took: BTreeMap<Kind, Vec<f64>>,
    errors: BTreeMap<Kind, u64>,
}

impl Round {
    async fn measure(server: &Server, drawer: &Drawer, clients: usize, length: Duration) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut asking = Vec::new();
        for number in 0..clients {
            let (client, drawer) = (server.connect().await?, drawer.seeded((clients * 1000 + number) as u64));
            asking.push(tokio::spawn(ask(client, drawer, begun + length)));
        }
        let mut round = Self { clients, seconds: 0.0, took: BTreeMap::new(), errors: BTreeMap::new() };
        for one in asking {
            for (kind, took, good) in one.await.context("a client")? {
                round.took.entry(kind).or_default().push(took.as_secs_f64() * 1000.0);
                *round.errors.entry(kind).or_default() += u64::from(!good);
            }
        }
        round.seconds = begun.elapsed().as_secs_f64();
        round.took.values_mut().for_each(|took| took.sort_by(f64::total_cmp));
        Ok(round)
    }

    fn print(&self) {
        println!("\n{} at once, {:.0} s", self.clients, self.seconds);
        println!(
            "{:<26}{:>9}{:>10}{:>10}{:>10}{:>10}{:>8}",
            "milliseconds", "answers", "p50", "p90", "p99", "most", "errors"
        );
        for (kind, took) in &self.took {
            let [p50, p90, p99, most] = SHARES.map(|share| at_share(took, share));
            let errors = self.errors.get(kind).copied().unwrap_or(0);
            println!("{:<26}{:>9}{p50:>10.1}{p90:>10.1}{p99:>10.1}{most:>10.1}{errors:>8}", kind.name(), took.len());
        }
        let answers: usize = self.took.values().map(Vec::len).sum();
        println!("{:<26}{:>9.0}", "answers a second", answers as f64 / self.seconds);
    }

    fn json(&self) -> Value {
        let kinds: serde_json::Map<String, Value> = self
            .took
            .iter()
            .map(|(kind, took)| {
                let [p50, p90, p99, most] = SHARES.map(|share| at_share(took, share));
                let errors = self.errors.get(kind);
                let row = json!({ "answers": took.len(), "p50_ms": p50, "p90_ms": p90, "p99_ms": p99, "most_ms": most, "errors": errors });
                (kind.name().to_owned(), row)
            })
            .collect();
        json!({ "clients": self.clients, "seconds": self.seconds, "kinds": kinds })
    }
}

/// The value that so many of all are not above (nearest rank).
fn at_share(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

async fn ask(mut client: Client, mut drawer: Drawer, until: Instant) -> Vec<(Kind, Duration, bool)> {
    let mut answers = Vec::new();
    while Instant::now() < until {
        let (kind, request) = drawer.draw();
        let begun = Instant::now();
        let good = client.ask(request).await.is_ok_and(|status| status == 200);
        answers.push((kind, begun.elapsed(), good));
        if !good {
            // The connection may be gone.
            let Ok(again) = client.again().await else { break };
            client = again;
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_nearest_ranks() {
        let sorted: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!(SHARES.map(|share| at_share(&sorted, share)).map(|at| at as u32), [100, 180, 198, 200]);
        assert!(at_share(&[], 0.5).is_nan());
    }
}
