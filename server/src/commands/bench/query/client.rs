//! One client: a connection that is kept, one request at a time.

use anyhow::{Context, bail};
use axum::body::Bytes;
use axum::http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// What is asked: a path for a GET, and a body for a POST.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

pub(super) struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

impl Client {
    pub(super) async fn new(host: &str, cookie: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).await.with_context(|| format!("{host} does not answer"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: host.to_owned(), cookie: cookie.to_owned() })
    }

    /// A new connection of the same client.
    pub(super) async fn again(&self) -> anyhow::Result<Self> {
        Self::new(&self.host, &self.cookie).await
    }

    /// Asks, reads the answer to its end, and gives its status.
    pub(super) async fn ask(&mut self, asked: Asked) -> anyhow::Result<u16> {
        let (status, _, _) = self.answer(asked).await?;
        Ok(status)
    }

    pub(super) async fn json(&mut self, path: &str) -> anyhow::Result<Value> {
        let (status, body, _) = self.answer(Asked { path: path.to_owned(), body: None }).await?;
        if status != 200 {
            bail!("{path} answers {status}");
        }
        Ok(serde_json::from_slice(&body)?)
    }

    /// Status, body, and the cookies that were set.
    pub(super) async fn answer(&mut self, asked: Asked) -> anyhow::Result<(u16, Bytes, Vec<String>)> {
        let request = Request::builder()
            .method(if asked.body.is_some() { "POST" } else { "GET" })
            .uri(asked.path)
            .header(header::HOST, &self.host)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(asked.body.map_or_else(Bytes::new, |body| body.to_string().into())))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok()).map(str::to_owned).collect();
        Ok((status, response.into_body().collect().await?.to_bytes(), cookies))
    }
}
