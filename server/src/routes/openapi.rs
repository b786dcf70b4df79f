//! The OpenAPI document, made from the code: paths come from the handlers, shapes from `model::api`.

use utoipa::OpenApi;

/// What the document says beside its paths.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Speurkaart",
        description = "Hotspots of activity in messages. Coordinates are lon, lat (WGS 84). Times are RFC 3339; a date means \
                       midnight in the server's time zone. Filters are the same everywhere; free words and drawn polygons \
                       travel in the body of a POST to the same path. Errors are problem details (RFC 9457) with a stable `code`. \
                       Sign in by the one-time link that the server prints; the session is an HttpOnly cookie."
    ),
    tags(
        (name = "activity", description = "Counts of activity by place, region and time"),
        (name = "hotspots", description = "The ranked list and its exports"),
        (name = "density", description = "Where activity lies thick, as contours"),
        (name = "trend", description = "Activity over time: series, trend, changes of rate, week and day"),
        (name = "analyses", description = "Scan statistic, clusters, near repeats. Lengths are metres, areas km², positions lon, lat"),
        (name = "messages", description = "The messages behind a count"),
        (name = "imports", description = "Bringing messages in: uploads, import jobs, rejected input"),
        (name = "reference", description = "Regions and what the screen needs to begin"),
        (name = "home", description = "The team's own region"),
        (name = "session", description = "Signing out")
    )
)]
struct Document;

/// The document without its paths.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
