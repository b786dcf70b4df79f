//! What `serve` was told, checked: where to listen, how the traffic is protected, which basemap.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use store::{DatabaseUrl, Store};

/// Where data are: everything in a directory, or messages in a database and the rest in the directory.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// Gazetteers, addresses and nicknames of the team, the snapshot of the index, and messages unless there is a database.
    pub(crate) directory: PathBuf,
    pub(crate) database: Option<DatabaseUrl>,
}

impl Data {
    /// Opens the store, and makes it when it is not there.
    ///
    /// # Errors
    /// When the directory or the database cannot be used.
    pub(crate) async fn open(&self) -> anyhow::Result<Arc<dyn Store>> {
        Ok(store::open(self.database.as_ref(), &self.directory).await?)
    }

    /// Opens the store where there is one, and makes nothing.
    ///
    /// # Errors
    /// When the directory or the database cannot be used.
    pub(crate) async fn open_if_there(&self) -> anyhow::Result<Option<Arc<dyn Store>>> {
        Ok(store::open_if_there(self.database.as_ref(), &self.directory).await?)
    }
}

/// How a server is run.
#[derive(Debug, Clone)]
pub(crate) struct ServeConfig {
    /// Where data lives.
    pub(crate) data: PathBuf,
    /// Whether messages are in a database elsewhere: how much room it has is not known here.
    pub(crate) has_database: bool,
    pub(crate) listen: SocketAddr,
    pub(crate) protection: Protection,
    pub(crate) basemap: Option<PathBuf>,
    /// Free space on the disk of `data` under which the server calls itself degraded.
    pub(crate) low_space_bytes: u64,
    pub(crate) timezone: jiff::tz::TimeZone,
    /// Most bytes of an upload.
    pub(crate) upload_limit: u64,
}

/// What keeps others on the network from reading along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Protection {
    /// Only this machine can connect.
    Loopback,
    /// The server speaks TLS itself.
    Tls { certificate: PathBuf, key: PathBuf },
    /// A proxy in front speaks TLS; people come in by this address.
    Proxy { public_url: String },
}

impl Protection {
    /// Works out the protection, and refuses to listen to a network without one.
    ///
    /// # Errors
    /// When the flags contradict each other, or a network could listen along.
    pub(crate) fn decide(
        listen: SocketAddr,
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
        public_url: Option<String>,
    ) -> anyhow::Result<Self> {
        match (certificate, key, public_url) {
            (Some(_), Some(_), Some(_)) => bail!("give either --tls-cert with --tls-key, or --behind-proxy, not both"),
            (Some(certificate), Some(key), None) => Ok(Self::Tls { certificate, key }),
            (Some(_), None, _) => bail!("--tls-cert needs --tls-key beside it"),
            (None, Some(_), _) => bail!("--tls-key needs --tls-cert beside it"),
            (None, None, Some(public_url)) => {
                if !public_url.starts_with("https://") {
                    bail!("--behind-proxy takes the https:// address that people open, not {public_url:?}");
                }
                Ok(Self::Proxy { public_url: public_url.trim_end_matches('/').to_owned() })
            }
            (None, None, None) if listen.ip().is_loopback() => Ok(Self::Loopback),
            (None, None, None) => bail!(
                "refusing to listen on {listen}: others on that network could read messages and sessions on the wire.\n\
                 Either give --tls-cert FILE --tls-key FILE, or say which TLS proxy stands in front with \
                 --behind-proxy https://NAME, or listen on 127.0.0.1"
            ),
        }
    }

    /// The address that people open.
    pub(crate) fn public_url(&self, listen: SocketAddr) -> String {
        match self {
            Self::Loopback => format!("http://{listen}"),
            Self::Tls { .. } => format!("https://{listen}"),
            Self::Proxy { public_url } => public_url.clone(),
        }
    }

    /// Whether people's browsers speak TLS, so that cookies may insist on it.
    pub(crate) fn is_encrypted(&self) -> bool {
        !matches!(self, Self::Loopback)
    }
}

/// Reads an IANA time zone name.
///
/// # Errors
/// When there is no such zone.
pub(crate) fn timezone(name: &str) -> anyhow::Result<jiff::tz::TimeZone> {
    jiff::tz::TimeZone::get(name).with_context(|| format!("no time zone is called {name:?}; try Europe/Amsterdam"))
}

/// Reads a number of bytes: `500000`, `800 MiB`, `8GiB`.
///
/// # Errors
/// A sentence that says which forms are understood.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(0),
        "k" | "kib" => Some(10),
        "m" | "mib" => Some(20),
        "g" | "gib" => Some(30),
        "t" | "tib" => Some(40),
        _ => None,
    };
    let bytes = number.parse::<u64>().ok().zip(shift).and_then(|(number, shift)| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| format!("{text:?} is no number of bytes: write 500000, 800MiB or 8GiB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn loopback_needs_no_protection() {
        assert_eq!(Protection::decide(address("127.0.0.1:1"), None, None, None).unwrap(), Protection::Loopback);
        assert_eq!(Protection::decide(address("[::1]:1"), None, None, None).unwrap(), Protection::Loopback);
    }

    #[test]
    fn a_network_without_protection_is_refused_with_the_ways_out() {
        let error = Protection::decide(address("0.0.0.0:80"), None, None, None).unwrap_err().to_string();
        for way in ["--tls-cert", "--behind-proxy", "127.0.0.1"] {
            assert!(error.contains(way), "{error}");
        }
    }

    #[test]
    fn a_proxy_must_be_reached_by_https() {
        let plain = Some("http://kaart.local".to_owned());
        assert!(Protection::decide(address("0.0.0.0:80"), None, None, plain).is_err());
        let tls = Some("https://kaart.local/".to_owned());
        let protection = Protection::decide(address("0.0.0.0:80"), None, None, tls).unwrap();
        assert_eq!(protection.public_url(address("0.0.0.0:80")), "https://kaart.local");
    }

    #[test]
    fn bytes_are_read_with_and_without_a_unit() {
        assert_eq!(
            [bytes("0"), bytes("500000"), bytes("800 MiB"), bytes("8g")],
            [Ok(0), Ok(500_000), Ok(800 << 20), Ok(8 << 30)]
        );
        for wrong in ["", "GiB", "-1", "8GB8", "99999999999TiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn half_a_key_pair_is_refused() {
        assert!(Protection::decide(address("127.0.0.1:1"), Some("a".into()), None, None).is_err());
        assert!(Protection::decide(address("127.0.0.1:1"), None, Some("a".into()), None).is_err());
    }
}
