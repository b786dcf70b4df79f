//! The server that is asked: one that runs already, or one of our own on the data directory.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use store::Store;
use store::sqlite::SqliteStore;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::client::{Asked, Client};
use crate::clock::{Clock, SystemClock};
use crate::extract::SESSION_COOKIE;
use crate::secret;

const SESSION_MS: i64 = 60 * 60 * 1000;
/// Who asks when we start the server ourselves.
const USER: &str = "bench";

pub(super) struct Server {
    host: String,
    cookie: String,
    child: Option<Child>,
    /// From starting the process to the first answer with counts; `None` of a server that ran already.
    pub(super) first_answer: Option<Duration>,
}

impl Server {
    /// A running server, signed in to by a link as `speurkaart user link` prints it.
    pub(super) async fn at(link: &str) -> anyhow::Result<Self> {
        let rest = link.strip_prefix("http://").context("--url is a sign-in link that begins with http://")?;
        let (host, path) = rest.split_once('/').context("--url is a sign-in link: see `speurkaart user link`")?;
        let mut client = Client::new(host, "").await?;
        let (_, _, cookies) = client.answer(Asked { path: format!("/{path}"), body: None }).await?;
        let cookie = cookies.iter().find(|cookie| cookie.starts_with(SESSION_COOKIE));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        let cookie =
            cookie.context("the sign-in link was used or is too old: `speurkaart user link` prints another")?;
        Ok(Self { host: host.to_owned(), cookie: cookie.to_owned(), child: None, first_answer: None })
    }

    /// Starts one on a free port.
    pub(super) async fn started(data: &Path) -> anyhow::Result<Self> {
        if !SqliteStore::is_there(data) {
            bail!("{} holds no messages: see `speurkaart bench import --keep`", data.display());
        }
        let session = secret::hex(32)?;
        let cookie = format!("{SESSION_COOKIE}={session}");
        {
            let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data).await?);
            let (user, now_ms) = (store.ensure_user(USER).await?, SystemClock.now_ms());
            store.create_session(&secret::hash(&session), user.user_no, now_ms, now_ms + SESSION_MS).await?;
        }
        let begun = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server cannot be started")?;
        let out = child.stdout.take().context("the server has no output")?;
        let line = BufReader::new(out).lines().next_line().await?.context("the server ended at once")?;
        let (_, host) = line.split_once("http://").with_context(|| format!("no address in {line:?}"))?;
        let host = host.split('/').next().unwrap_or(host).to_owned();
        let body = Some(serde_json::json!({ "from": "2020-06-01", "to": "2020-06-08" }));
        let status = Client::new(&host, &cookie).await?.ask(Asked { path: "/api/v1/activity".into(), body }).await?;
        if status != 200 {
            bail!("the first question was answered with {status}");
        }
        Ok(Self { host, cookie, child: Some(child), first_answer: Some(begun.elapsed()) })
    }

    pub(super) async fn connect(&self) -> anyhow::Result<Client> {
        Client::new(&self.host, &self.cookie).await
    }

    /// What the index takes, by the server's own metrics; `None` where they are not shown.
    pub(super) async fn index_figures(&self, client: &mut Client) -> anyhow::Result<Option<String>> {
        let (_, body, _) = client.answer(Asked { path: "/metrics".into(), body: None }).await?;
        let text = String::from_utf8_lossy(&body);
        let figure = |name: &str| {
            let line = text.lines().find(|line| line.split(' ').next() == Some(name))?;
            line.split(' ').nth(1)?.parse::<f64>().ok()
        };
        let figures = figure("speurkaart_index_bytes").zip(figure("speurkaart_index_mentions"));
        Ok(figures
            .filter(|(_, mentions)| *mentions > 0.0)
            .map(|(bytes, mentions)| format!("index: {mentions:.0} mentions, {:.1} bytes each", bytes / mentions)))
    }

    /// Ends a server of our own as a service manager would.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        let Some(mut child) = self.child else { return Ok(()) };
        if let Some(id) = child.id() {
            Command::new("kill").arg(id.to_string()).status().await.context("the server cannot be ended")?;
        }
        child.wait().await?;
        Ok(())
    }
}
