//! `speurkaart user`: people who may sign in.

use std::sync::Arc;

use store::Store;

use crate::cli::UserCommand;
use crate::clock::{Clock, SystemClock};
use crate::config::Data;
use crate::secret;

/// Name of the first person.
pub(crate) const ADMINISTRATOR: &str = "admin";
/// A link that nobody opened for a day is worth nothing.
const LINK_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) async fn run(data: &Data, command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Link { url } = command;
    let store = data.open().await?;
    println!("{}", sign_in_link(&store, &SystemClock, &url).await?);
    Ok(())
}

/// A link that signs the administrator in, once.
///
/// # Errors
/// When the store fails or the system gives no random bytes.
pub(crate) async fn sign_in_link(store: &Arc<dyn Store>, clock: &dyn Clock, url: &str) -> anyhow::Result<String> {
    let user = store.ensure_user(ADMINISTRATOR).await?;
    let token = secret::hex(32)?;
    store.create_sign_in_token(&secret::hash(&token), user.user_no, clock.now_ms() + LINK_MS).await?;
    Ok(format!("{}/sign-in?token={token}", url.trim_end_matches('/')))
}
