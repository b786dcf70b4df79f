//! The list as a `GeoPackage` (OGC 12-128r18): for QGIS and whatever else reads through GDAL.
//!
//! A table of points (of units of a grid, outlines) with every column, and two tables without geometry: what the columns mean, and where the list came from (there,
//! and as `gpkg_metadata`, the standard's extension for it). It is made in memory: nothing confidential touches a disk on the way.

use std::fmt::Write as _;
use std::str::FromStr as _;

use model::api::{Hotspot, Hotspots};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, QueryBuilder, Sqlite};

use crate::columns::{COLUMNS, Cell, Kind};
use crate::error::ExportError;
use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::report::title;

/// Tables of the standard, with the reference systems that every `GeoPackage` must define.
const SCHEMA: &str = include_str!("geopackage.sql");
/// SRS id of WGS 84.
const WGS_84: i32 = 4326;

/// The list as the bytes of a `GeoPackage`.
///
/// # Errors
/// When SQLite fails.
pub async fn geopackage(list: &Hotspots, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    // What is exported is confidential: no statement is logged.
    let options = SqliteConnectOptions::from_str("sqlite::memory:")?.disable_statement_logging();
    let mut database = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(SCHEMA).execute(&mut database).await?;
    contents(&mut database, list, provenance).await?;
    features(&mut database, list).await?;
    explained(&mut database, provenance).await?;
    said(&mut database, list, provenance).await?;
    let bytes = database.serialize(None).await?.as_ref().to_vec();
    database.close().await?;
    Ok(bytes)
}

/// What is in the file, and the table of points itself.
async fn contents(
    database: &mut SqliteConnection,
    list: &Hotspots,
    provenance: &Provenance,
) -> Result<(), ExportError> {
    let columns = COLUMNS.iter().fold(String::new(), |mut columns, column| {
        let _ = write!(columns, ", \"{}\" {}", column.name, sql_type(column.kind));
        columns
    });
    let table = format!(
        "CREATE TABLE hotspots (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {}{columns})",
        geometry_type(list)
    );
    // Made of the names of our own columns alone.
    sqlx::raw_sql(AssertSqlSafe(table)).execute(&mut *database).await?;
    let language = provenance.language;
    let moment = format!("{}.000Z", provenance.generated_at.get(..19).unwrap_or("1970-01-01T00:00:00"));
    let bounds = bounds(&list.hotspots);
    let tables = [
        ("hotspots", "features", title(provenance), Some(WGS_84)),
        (
            "hotspot_columns",
            "attributes",
            language.of(["Betekenis van de kolommen", "Meaning of the columns"]).into(),
            None,
        ),
        ("provenance", "attributes", language.of(["Herkomst", "Provenance"]).into(), None),
    ];
    for (name, kind, description, srs) in tables {
        let bounds = if srs.is_some() { bounds.map(Some) } else { [None; 4] };
        sqlx::query("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(name)
            .bind(kind)
            .bind(name)
            .bind(description)
            .bind(&moment)
            .bind(bounds[0])
            .bind(bounds[1])
            .bind(bounds[2])
            .bind(bounds[3])
            .bind(srs)
            .execute(&mut *database)
            .await?;
    }
    sqlx::query("INSERT INTO gpkg_geometry_columns VALUES ('hotspots', 'geom', ?, ?, 0, 0)")
        .bind(geometry_type(list))
        .bind(WGS_84)
        .execute(&mut *database)
        .await?;
    Ok(())
}

async fn features(database: &mut SqliteConnection, list: &Hotspots) -> Result<(), ExportError> {
    // Below SQLite's bound of 32,766 parameters.
    for some in list.hotspots.chunks(500) {
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO hotspots (geom");
        for column in COLUMNS {
            insert.push(", ").push(column.name);
        }
        insert.push(") ");
        insert.push_values(some, |mut row, hotspot| {
            row.push_bind(geometry(hotspot));
            for column in COLUMNS {
                match (column.take)(hotspot) {
                    Cell::Text(text) => row.push_bind(text.into_owned()),
                    Cell::Whole(number) => row.push_bind(number.cast_signed()),
                    Cell::Number(number) => row.push_bind(number),
                    Cell::Flag(flag) => row.push_bind(flag),
                    Cell::Nothing => row.push_bind(None::<String>),
                };
            }
        });
        insert.build().execute(&mut *database).await?;
    }
    Ok(())
}

async fn explained(database: &mut SqliteConnection, provenance: &Provenance) -> Result<(), ExportError> {
    let language = provenance.language;
    for column in COLUMNS {
        sqlx::query("INSERT INTO hotspot_columns (name, title, unit, explanation) VALUES (?, ?, ?, ?)")
            .bind(column.name)
            .bind(language.of(column.title))
            .bind(column.unit)
            .bind(language.of(column.explanation))
            .execute(&mut *database)
            .await?;
    }
    Ok(())
}

async fn said(database: &mut SqliteConnection, list: &Hotspots, provenance: &Provenance) -> Result<(), ExportError> {
    let language = provenance.language;
    let mut rows: Vec<(&str, &str, String)> =
        provenance.said(list)?.into_iter().map(|said| (said.name, language.of(said.title), said.text())).collect();
    rows.push(("rows_sha256_covers", "", language.of(ROWS_SHA256_COVERS).to_owned()));
    for (name, title, value) in rows {
        sqlx::query("INSERT INTO provenance (name, title, value) VALUES (?, ?, ?)")
            .bind(name)
            .bind(title)
            .bind(value)
            .execute(&mut *database)
            .await?;
    }
    let metadata = Value::Object(provenance.json(list)?).to_string();
    sqlx::query(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'urn:speurkaart:provenance:1', 'application/json', ?)",
    )
    .bind(metadata)
    .execute(&mut *database)
    .await?;
    sqlx::query("INSERT INTO gpkg_metadata_reference VALUES ('table', 'hotspots', NULL, NULL, ?, 1, NULL)")
        .bind(format!("{}.000Z", provenance.generated_at.get(..19).unwrap_or("1970-01-01T00:00:00")))
        .execute(&mut *database)
        .await?;
    Ok(())
}

fn sql_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Whole => "INTEGER",
        Kind::Number => "DOUBLE",
        Kind::Flag => "BOOLEAN",
    }
}

/// West, south, east, north; zeros for an empty list.
fn bounds(hotspots: &[Hotspot]) -> [f64; 4] {
    let positions = || hotspots.iter().flat_map(|one| one.outline.iter().copied().chain([[one.lon, one.lat]]));
    let Some([lon, lat]) = positions().next() else { return [0.0; 4] };
    positions().fold([lon, lat, lon, lat], |[west, south, east, north], [lon, lat]| {
        [west.min(lon), south.min(lat), east.max(lon), north.max(lat)]
    })
}

/// What is drawn of a list: points, or the outlines of units of a grid.
fn geometry_type(list: &Hotspots) -> &'static str {
    if list.hotspots.first().is_some_and(|hotspot| !hotspot.outline.is_empty()) { "POLYGON" } else { "POINT" }
}

/// A point or outline as the standard's geometry blob (clause 2.1.3): header without envelope, little-endian, then well-known binary.
fn geometry(hotspot: &Hotspot) -> Vec<u8> {
    const LITTLE_ENDIAN: u8 = 1;
    const WKB_POINT: u32 = 1;
    const WKB_POLYGON: u32 = 3;
    let mut blob = Vec::with_capacity(29 + 16 * hotspot.outline.len());
    blob.extend_from_slice(b"GP");
    blob.extend_from_slice(&[0, LITTLE_ENDIAN]);
    blob.extend_from_slice(&WGS_84.to_le_bytes());
    blob.push(LITTLE_ENDIAN);
    let mut positions = |kind: u32, counts: &[u32], positions: &[[f64; 2]]| {
        for number in [kind].iter().chain(counts) {
            blob.extend_from_slice(&number.to_le_bytes());
        }
        for degrees in positions.as_flattened() {
            blob.extend_from_slice(&degrees.to_le_bytes());
        }
    };
    if hotspot.outline.is_empty() {
        positions(WKB_POINT, &[], &[[hotspot.lon, hotspot.lat]]);
    } else {
        // One ring.
        positions(WKB_POLYGON, &[1, hotspot.outline.len() as u32], &hotspot.outline);
    }
    blob
}
