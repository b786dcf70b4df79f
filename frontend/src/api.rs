//! The way to the server: requests under `/api/v1` and what can go wrong with them.
//!
//! Never here: what is on the screen. Free words only ever travel in a body.

pub(crate) mod analyses;
pub(crate) mod imports;

use gloo_net::http::{Request, RequestBuilder, Response};
use model::api::{DecisionBody, DecisionView, FilterBody, Home, HomeBody, Meta, Problem};
use model::{Place, RegionKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::url::{Lang, encode};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// 401: no session.
    SignedOut,
    /// The server said what was wrong.
    Problem(Problem),
    /// No connection.
    Network,
    /// An answer of another shape than agreed.
    Unreadable,
}

/// A region, without its shape.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct RegionInfo {
    /// Region id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Other names that the search finds it by.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// Its layer.
    pub(crate) kind: RegionKind,
    /// Province, for a municipality.
    #[serde(default)]
    pub(crate) province: Option<String>,
    /// Inhabitants.
    #[serde(default)]
    pub(crate) population: Option<f64>,
    /// Land in km².
    #[serde(default)]
    pub(crate) area_km2: Option<f64>,
    /// West, south, east, north.
    #[serde(default)]
    pub(crate) bbox: Option<[f64; 4]>,
}

/// The regions of a kind: what they are, and their shapes as the GeoJSON text that the map takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RegionLayer {
    /// Which kind.
    pub(crate) kind: RegionKind,
    /// What they are.
    pub(crate) regions: Vec<RegionInfo>,
    /// The whole GeoJSON document.
    pub(crate) geojson: String,
}

/// `GET /meta`.
pub(crate) async fn meta() -> Result<Meta, ApiError> {
    read(Request::get("/api/v1/meta")).await
}

/// `GET /regions`.
pub(crate) async fn regions(kind: RegionKind) -> Result<RegionLayer, ApiError> {
    #[derive(Deserialize)]
    struct Feature {
        properties: RegionInfo,
    }
    #[derive(Deserialize)]
    struct Collection {
        features: Vec<Feature>,
    }
    let request = Request::get(&format!("/api/v1/regions?kind={}", kind.as_str()));
    let geojson = text(checked(request.send().await).await?).await?;
    let collection: Collection = serde_json::from_str(&geojson).map_err(|_| ApiError::Unreadable)?;
    let regions = collection.features.into_iter().map(|feature| feature.properties).collect();
    Ok(RegionLayer { kind, regions, geojson })
}

/// Asks `/activity`, `/hotspots` or `/messages`.
pub(crate) async fn ask<T: DeserializeOwned>(path: &str, filter: &FilterBody) -> Result<T, ApiError> {
    parsed(send(path, filter).await?).await
}

/// The bytes of the list as a file, as JavaScript holds them.
pub(crate) async fn download(format: &str, lang: Lang, filter: &FilterBody) -> Result<js_sys::Uint8Array, ApiError> {
    let lang = if lang == Lang::En { "en" } else { "nl" };
    let path = format!("hotspots?format={format}&lang={lang}");
    let bytes = send(&path, filter).await?.binary().await.map_err(|_| ApiError::Network)?;
    Ok(js_sys::Uint8Array::from(bytes.as_slice()))
}

/// `POST /decisions`.
pub(crate) async fn decide(body: &DecisionBody) -> Result<DecisionView, ApiError> {
    let body = serde_json::to_string(body).map_err(|_| ApiError::Unreadable)?;
    let request = Request::post("/api/v1/decisions").header("Content-Type", "application/json").body(body);
    parsed(checked(request.map_err(|_| ApiError::Network)?.send().await).await?).await
}

/// `DELETE /decisions/{number}`.
pub(crate) async fn undo(number: u64) -> Result<DecisionView, ApiError> {
    read(Request::delete(&format!("/api/v1/decisions/{number}"))).await
}

/// `GET /decisions`.
pub(crate) async fn decisions() -> Result<Vec<DecisionView>, ApiError> {
    read(Request::get("/api/v1/decisions")).await
}

/// `GET /places`.
pub(crate) async fn places(text: &str, limit: usize) -> Result<Vec<Place>, ApiError> {
    read(Request::get(&format!("/api/v1/places?q={}&limit={limit}", encode(text)))).await
}

/// `GET /home`.
pub(crate) async fn home() -> Result<Home, ApiError> {
    read(Request::get("/api/v1/home")).await
}

/// `PUT /home`.
pub(crate) async fn set_home(region: Option<String>) -> Result<Home, ApiError> {
    let body = serde_json::to_string(&HomeBody { region }).map_err(|_| ApiError::Unreadable)?;
    let request = Request::put("/api/v1/home").header("Content-Type", "application/json").body(body);
    parsed(checked(request.map_err(|_| ApiError::Network)?.send().await).await?).await
}

/// `DELETE /session`.
pub(crate) async fn sign_out() -> Result<(), ApiError> {
    checked(Request::delete("/api/v1/session").send().await).await.map(drop)
}

async fn send(path: &str, filter: &FilterBody) -> Result<Response, ApiError> {
    let url = format!("/api/v1/{path}");
    let answer = if filter.words.is_some() || filter.polygon.is_some() {
        let body = serde_json::to_string(filter).map_err(|_| ApiError::Unreadable)?;
        let request = Request::post(&url).header("Content-Type", "application/json").body(body);
        request.map_err(|_| ApiError::Network)?.send().await
    } else {
        let query = query(filter);
        let joined = if url.contains('?') { query.replacen('?', "&", 1) } else { query };
        Request::get(&(url + &joined)).send().await
    };
    checked(answer).await
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ApiError> {
    parsed(checked(request.send().await).await?).await
}

async fn parsed<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    serde_json::from_str(&text(response).await?).map_err(|_| ApiError::Unreadable)
}

async fn checked(answer: Result<Response, gloo_net::Error>) -> Result<Response, ApiError> {
    let response = answer.map_err(|_| ApiError::Network)?;
    match response.status() {
        200..=299 => Ok(response),
        401 => Err(ApiError::SignedOut),
        _ => {
            let problem = serde_json::from_str(&text(response).await?);
            Err(problem.map_or(ApiError::Unreadable, ApiError::Problem))
        }
    }
}

async fn text(response: Response) -> Result<String, ApiError> {
    response.text().await.map_err(|_| ApiError::Network)
}

/// The filter as a query string: its fields that are set, which are all plain values here.
fn query(filter: &FilterBody) -> String {
    let Ok(Value::Object(fields)) = serde_json::to_value(filter) else {
        return String::new();
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(key, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{key}={}", encode(&value))
        })
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_becomes_a_query_of_its_set_fields_only() {
        let filter = FilterBody {
            region: Some("province/drenthe".into()),
            from: Some("2020-05-01".into()),
            source: Some("a&b".into()),
            limit: Some(50),
            layer: Some(RegionKind::PoliceUnit),
            ..FilterBody::default()
        };
        let query = query(&filter);
        for part in ["region=province/drenthe", "from=2020-05-01", "source=a%26b", "limit=50", "layer=police_unit"] {
            assert!(query.contains(part), "{query}");
        }
        assert_eq!(query.matches('&').count(), 4, "{query}");
    }
}
