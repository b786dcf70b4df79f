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

/// The one layer of a tile.
const LAYER: &str = "activity";

/// The places of a tile that pass the filter: layer `activity`, points with `id`, `name`, `kind`, `radius_m` and the four counts.
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
        let mut filter = asker.filter(&asked).await?;
        // The R-tree of places finds those of the tile; where a box is asked for, it finds those of that.
        filter.bbox.get_or_insert(tile.reach());
        let bytes = asker.work(|| encoded(&live, &filter, tile)).await;
        Ok(Answer::new(bytes, "application/vnd.mapbox-vector-tile"))
    });
    Ok(answer.await?.to(&held))
}

/// Only places that can show in the tile are counted.
fn encoded(live: &Live, filter: &Filter, tile: TileId) -> Vec<u8> {
    let places = live.index.query(filter).places_where(|place| tile.keeps(place.point()));
    let features = places.into_iter().map(|found| Feature {
        point: found.place.point(),
        properties: vec![
            ("id", Value::Text(found.place.id.clone())),
            ("name", Value::Text(found.place.name.clone())),
            ("kind", Value::Text(found.place.kind.to_string())),
            ("radius_m", Value::Number(found.place.radius_m.into())),
            ("mentions", Value::Number(found.counts.mentions)),
            ("messages", Value::Number(found.counts.messages)),
            ("conversations", Value::Number(found.counts.conversations)),
            ("senders", Value::Number(found.counts.senders)),
        ],
    });
    tile::encode(tile, LAYER, features)
}
