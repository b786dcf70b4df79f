//! What is asked for as a file: the filter as everywhere, and beside it, always in the query, the form and the language.

use axum::extract::{FromRequest, Request};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use export::Language;
use model::api::FilterBody;

use super::Asked;
use crate::error::ApiError;
use crate::exporting::Format;

/// The parameters, for the OpenAPI document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone")]
pub(crate) struct FileParams {
    /// A file of this form instead of JSON.
    format: Option<Format>,
    /// `nl` (default) or `en`: the language of reports and of titles in other forms.
    lang: Option<String>,
}

/// The filter of a request, and as what it is to be answered.
#[derive(Debug)]
pub(crate) struct AskedFile {
    pub(crate) filter: FilterBody,
    /// `None` is JSON.
    pub(crate) format: Option<Format>,
    pub(crate) language: Language,
}

impl<S: Send + Sync> FromRequest<S> for AskedFile {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (format, language, rest) = split(request.uri().query().unwrap_or_default())?;
        // The name in the address, as in `/hotspots.csv`, comes before one in the query.
        let format = named(request.uri().path()).or(format);
        let (mut parts, body) = request.into_parts();
        parts.uri = with_query(&parts.uri, &rest);
        let Asked(filter) = Asked::from_request(Request::from_parts(parts, body), state).await?;
        Ok(Self { filter, format, language })
    }
}

/// Takes form and language out of a query.
fn split(query: &str) -> Result<(Option<Format>, Language, String), ApiError> {
    let (mut format, mut language, mut rest) = (None, Language::Nl, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("format", "json")) => format = None,
            Some(("format", name)) => format = Some(known(name)?),
            Some(("lang", "nl")) => language = Language::Nl,
            Some(("lang", "en")) => language = Language::En,
            Some(("lang", _)) => return Err(ApiError::bad_request("bad_lang", "`lang` is nl or en")),
            _ => rest.push(pair),
        }
    }
    Ok((format, language, rest.join("&")))
}

/// The form that the end of an address names.
fn named(path: &str) -> Option<Format> {
    let (_, name) = path.rsplit_once('.')?;
    Format::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
}

fn known(name: &str) -> Result<Format, ApiError> {
    Format::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|(name, _)| *name).collect();
        ApiError::bad_request("bad_format", format!("`format` is json, {}", names.join(", ")))
    })
}

/// The same address with another query; unchanged when that makes no address.
fn with_query(uri: &Uri, query: &str) -> Uri {
    let path = uri.path();
    let text = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut parts = uri.clone().into_parts();
    match text.parse::<PathAndQuery>() {
        Ok(path_and_query) => parts.path_and_query = Some(path_and_query),
        Err(_) => return uri.clone(),
    }
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_language_are_taken_out_and_the_filter_stays() {
        let (format, language, rest) = split("region=Drenthe&format=pdf&lang=en&limit=5").unwrap();
        assert_eq!((format, language, rest.as_str()), (Some(Format::Pdf), Language::En, "region=Drenthe&limit=5"));
        let (format, language, rest) = split("").unwrap();
        assert_eq!((format, language, rest.as_str()), (None, Language::Nl, ""));
        assert!(split("format=docx").is_err());
        assert!(split("lang=de").is_err());
    }

    #[test]
    fn the_end_of_an_address_may_name_a_form() {
        assert_eq!(
            (named("/hotspots.geojson"), named("/hotspots"), named("/a.b")),
            (Some(Format::Geojson), None, None)
        );
    }

    #[test]
    fn an_address_keeps_its_path() {
        let uri: Uri = "http://localhost/api/v1/hotspots?format=csv&region=Assen".parse().unwrap();
        assert_eq!(with_query(&uri, "region=Assen"), "http://localhost/api/v1/hotspots?region=Assen");
        assert_eq!(with_query(&"/hotspots?format=csv".parse().unwrap(), ""), "/hotspots");
    }
}
