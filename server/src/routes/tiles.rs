//! Places with activity as vector tiles, for maps other than ours and for more places than a page should carry at once.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use model::Filter;
use model::api::Problem;
use tile::{Feature, TileId, Value};

use crate::answers::{Answer, Question};
use crate::error::ApiError;
use crate::extract::{Actor, Asked, Held};
use crate::state::{App, Live};

/// The layer of places.
const LAYER: &str = "activity";
/// The layer that says what the other one leaves out.
const LEFT_OUT: &str = "left_out";
/// Places of a tile, at most: whoever looks at the whole country sees no more of them, and a tile is to be there at once.
const MOST_PLACES: usize = 2_000;

/// The places of a tile that pass the filter: layer `activity`, points with `id`, `name`, `kind`, `radius_m` and the four counts; at most the
/// 2,000 with most conversations. Where there are more, the layer `left_out` has one point, in the middle of the tile, with how many `places`
/// and `mentions` are not shown: closer, they are.
#[utoipa::path(get, path = "/tiles/activity/{z}/{x}/{y}", tag = "activity",
    params(("z" = u8, Path, description = "Zoom, 0 to 22"), ("x" = u32, Path, description = "Column from west"),
        ("y" = String, Path, description = "Row from north, then `.mvt`"), crate::extract::FilterParams),
    responses((status = 200, content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    actor: Actor,
    held: Held,
    Path((z, x, file)): Path<(u8, u32, String)>,
    Asked(asked): Asked,
) -> Result<Response, ApiError> {
    let bad = |why: String| ApiError::bad_request("bad_tile", why);
    let row = file.strip_suffix(".mvt").and_then(|row| row.parse().ok());
    let row = row.ok_or_else(|| bad("the address of a tile is /tiles/activity/{z}/{x}/{y}.mvt".into()))?;
    let tile = TileId::new(z, x, row).map_err(|error| bad(error.to_string()))?;
    let live = app.live();
    let asker = app.asker(&live, actor.scope());
    let question = Question::new(&format!("tile {z}/{x}/{row}"), &asker.scope, &asked, &live);
    let answer = app.answers.get(question, &live, async || {
        let filter = asker.filter(&asked).await?;
        let bytes = asker.work(|| encoded(&live, filter, tile)).await;
        Ok(Answer::new(bytes, "application/vnd.mapbox-vector-tile"))
    });
    Ok(answer.await?.to(&held))
}

/// Only places that can show in the tile are counted.
fn encoded(live: &Live, mut filter: Filter, tile: TileId) -> Vec<u8> {
    let reach = tile.reach();
    let asked = filter.bbox.replace(reach);
    let mut selection = live.index.query(&filter);
    if let Some(bbox) = asked {
        selection = selection.of_places(|place| bbox.contains(place.point()));
    }
    let (places, left_out) = selection.most_mentioned(MOST_PLACES);
    let number = Value::Number;
    let features = places.iter().map(|found| Feature {
        point: found.place.point(),
        properties: vec![
            ("id", Value::Text(&found.place.id)),
            ("name", Value::Text(&found.place.name)),
            ("kind", Value::Text(found.place.kind.as_str())),
            ("radius_m", number(found.place.radius_m.into())),
            ("mentions", number(found.counts.mentions)),
            ("messages", number(found.counts.messages)),
            ("conversations", number(found.counts.conversations)),
            ("senders", number(found.counts.senders)),
        ],
    });
    let left_out = (left_out.places > 0).then(|| Feature {
        point: tile.middle(),
        properties: vec![("places", number(left_out.places)), ("mentions", number(left_out.mentions))],
    });
    tile::encode(tile, [(LAYER, features.collect::<Vec<_>>()), (LEFT_OUT, left_out.into_iter().collect())])
}
