//! GeoPackage: an SQLite file with layers of features (OGC 12-128r19). Layers of points and of areas are read, in degrees (EPSG:4326, 4258) or
//! on the Dutch grid (EPSG:28992).

use std::path::Path;

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use geoparse::address::columns::{Columns, FIELDS, Field, Mapping, point};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use super::import::{Rows, check};
use super::outline::{self, Rings, Spot};

/// Reference systems that are read: WGS 84, ETRS 89 (less than a metre from it), the Dutch grid.
const KNOWN_SYSTEMS: [i64; 3] = [4326, 4258, 28992];

/// A layer of features.
struct Layer {
    table: String,
    geometry: String,
    system: i64,
}

pub(super) async fn read(file: &Path, mapping: &Mapping, rows: &mut Rows<'_>) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut database = options.connect().await.context("it cannot be opened")?;
    let layers = layers(&mut database).await.context("it has no table of layers")?;
    if layers.is_empty() {
        bail!("it has no layer of features");
    }
    let mut number = 0;
    let mut refused = Vec::new();
    let count = layers.len();
    for layer in layers {
        if !KNOWN_SYSTEMS.contains(&layer.system) {
            refused.push(format!("layer {:?} is in EPSG:{}, read are {KNOWN_SYSTEMS:?}", layer.table, layer.system));
            continue;
        }
        let columns = columns(&mut database, &layer, mapping).await;
        match columns.and_then(|columns| check(&columns, true).map(|()| columns)) {
            Ok(columns) => read_layer(&mut database, &layer, &columns, &mut number, rows).await?,
            Err(reason) => refused.push(format!("layer {:?}: {reason}", layer.table)),
        }
    }
    if refused.len() == count {
        bail!("{}", refused.join("; "));
    }
    for reason in refused {
        eprintln!("left out: {reason}");
    }
    Ok(())
}

async fn layers(database: &mut SqliteConnection) -> anyhow::Result<Vec<Layer>> {
    let sql = "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g \
               JOIN gpkg_contents c ON c.table_name = g.table_name WHERE c.data_type = 'features' ORDER BY g.table_name";
    let rows = sqlx::query(sql).fetch_all(database).await?;
    let layers =
        rows.iter().map(|row| Ok(Layer { table: row.try_get(0)?, geometry: row.try_get(1)?, system: row.try_get(2)? }));
    layers.collect()
}

/// Columns of a layer that mean something here.
async fn columns(database: &mut SqliteConnection, layer: &Layer, mapping: &Mapping) -> anyhow::Result<Columns> {
    let names = names(database, layer).await?;
    Columns::find(&names.iter().map(String::as_str), mapping).map_err(anyhow::Error::msg)
}

async fn names(database: &mut SqliteConnection, layer: &Layer) -> anyhow::Result<Vec<String>> {
    let rows =
        sqlx::query("SELECT name FROM pragma_table_info(?)").bind(layer.table.as_str()).fetch_all(database).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

async fn read_layer(
    database: &mut SqliteConnection,
    layer: &Layer,
    columns: &Columns,
    number: &mut u64,
    rows: &mut Rows<'_>,
) -> anyhow::Result<()> {
    let names = names(database, layer).await?;
    let mut wanted = vec![quoted(&layer.geometry)];
    // Where each field stands in the answer.
    let mut at: [Option<usize>; FIELDS] = [None; FIELDS];
    for (field, name) in Field::ALL.into_iter().filter_map(|field| Some((field, names.get(columns.position(field)?)?)))
    {
        at[field as usize] = Some(wanted.len());
        wanted.push(format!("CAST({} AS TEXT)", quoted(name)));
    }
    let sql = format!("SELECT {} FROM {}", wanted.join(", "), quoted(&layer.table));
    let mut answers = sqlx::query(AssertSqlSafe(sql)).fetch(database);
    while let Some(answer) = answers.try_next().await.context("a row cannot be read")? {
        *number += 1;
        let spot = match geometry(&answer).and_then(Shape::spot) {
            Ok(spot) => spot,
            Err(reason) => {
                rows.addresses.reject(*number, reason);
                continue;
            }
        };
        let cells =
            at.map(|at| at.and_then(|at| answer.try_get::<Option<&str>, _>(at).ok().flatten()).unwrap_or("").trim());
        take(rows, columns, *number, &cells, spot);
    }
    Ok(())
}

fn take(rows: &mut Rows<'_>, columns: &Columns, number: u64, cells: &[&str; FIELDS], spot: Spot) {
    if columns.has(Field::Street) {
        rows.addresses.add(number, cells, Some(spot.point));
    } else {
        rows.place(number, columns, cells, Ok(spot));
    }
}

fn geometry(row: &SqliteRow) -> Result<Shape, String> {
    let blob = row.try_get::<Option<&[u8]>, _>(0).ok().flatten().ok_or("it has no geometry")?;
    shape(blob).ok_or_else(|| "its geometry is neither a point nor an area".to_owned())
}

/// Coordinates as they are written.
#[derive(Debug, PartialEq)]
enum Shape {
    Point(f64, f64),
    Polygons(Vec<Rings>),
}

impl Shape {
    fn spot(self) -> Result<Spot, String> {
        match self {
            Self::Point(x, y) => point(x, y).map(Spot::from),
            Self::Polygons(polygons) => outline::of_polygons(polygons),
        }
    }
}

/// Name of a table or column as SQL takes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The shape of a GeoPackage geometry: its header, then well-known binary.
fn shape(blob: &[u8]) -> Option<Shape> {
    let header: &[u8; 8] = blob.first_chunk()?;
    if &header[..2] != b"GP" {
        return None;
    }
    let flags = header[3];
    let is_empty = flags & 0b1_0000 != 0;
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    let mut binary = Binary { left: blob.get(8 + envelope..).filter(|_| !is_empty)?, is_little: true };
    let (kind, numbers) = binary.kind()?;
    match kind {
        1 => Some(binary.position(numbers)?).map(|(x, y)| Shape::Point(x, y)),
        3 => Some(Shape::Polygons(vec![binary.rings(numbers)?])),
        6 => {
            let count = binary.count()?;
            let polygon = |_| match binary.kind()? {
                (3, numbers) => binary.rings(numbers),
                _ => None,
            };
            Some(Shape::Polygons((0..count).map(polygon).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// Well-known binary, read from its front.
struct Binary<'b> {
    left: &'b [u8],
    is_little: bool,
}

impl Binary<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, left) = self.left.split_first_chunk()?;
        self.left = left;
        Some(*first)
    }

    /// What begins here, and how many numbers a position has: also height and measure.
    fn kind(&mut self) -> Option<(u32, usize)> {
        self.is_little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        let kind = self.count()?;
        let numbers = match kind / 1_000 {
            0 => 2,
            1 | 2 => 3,
            3 => 4,
            _ => return None,
        };
        Some((kind % 1_000, numbers))
    }

    fn count(&mut self) -> Option<u32> {
        let bytes = self.take()?;
        Some(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn position(&mut self, numbers: usize) -> Option<(f64, f64)> {
        let mut written = [0.0; 4];
        for number in &mut written[..numbers] {
            let bytes = self.take()?;
            *number = if self.is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
        }
        Some((written[0], written[1]))
    }

    /// Counts are believed as far as there are bytes for them.
    fn rings(&mut self, numbers: usize) -> Option<Rings> {
        let rings = self.count()?;
        (0..rings)
            .map(|_| {
                let positions = self.count()?;
                (0..positions).map(|_| self.position(numbers)).collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(flags: u8, envelope: usize, kind: u32, x: f64, y: f64) -> Vec<u8> {
        let mut blob = vec![b'G', b'P', 0, flags, 0, 0, 0, 0];
        blob.extend(std::iter::repeat_n(0, envelope));
        blob.push(1);
        blob.extend(kind.to_le_bytes());
        blob.extend(x.to_le_bytes());
        blob.extend(y.to_le_bytes());
        blob
    }

    #[test]
    fn points_are_read_behind_any_envelope() {
        for (flags, envelope) in [(1, 0), (0b11, 32), (0b101, 48), (0b1001, 64)] {
            assert_eq!(shape(&blob(flags, envelope, 1, 6.5, 52.7)), Some(Shape::Point(6.5, 52.7)));
        }
        let whole = blob(1, 0, 1, 6.5, 52.7);
        assert_eq!(shape(&blob(1, 0, 2, 6.5, 52.7)), None, "a line");
        assert_eq!(shape(&blob(0b1_0001, 0, 1, f64::NAN, f64::NAN)), None, "an empty point");
        for end in 0..whole.len() {
            assert_eq!(shape(&whole[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn areas_are_read_and_cut_off_ones_are_not() {
        let ring = vec![(6.5, 52.7), (6.6, 52.7), (6.6, 52.8), (6.5, 52.7)];
        let mut polygon = vec![1];
        polygon.extend(1003_u32.to_le_bytes());
        polygon.extend(1_u32.to_le_bytes());
        polygon.extend((ring.len() as u32).to_le_bytes());
        for (x, y) in &ring {
            polygon.extend([*x, *y, 12.0].map(f64::to_le_bytes).concat());
        }
        let mut several = vec![1];
        several.extend(6_u32.to_le_bytes());
        several.extend(2_u32.to_le_bytes());
        several.extend([polygon.clone(), polygon.clone()].concat());
        let header = [b'G', b'P', 0, 1, 0, 0, 0, 0];
        assert_eq!(shape(&[&header, &polygon[..]].concat()), Some(Shape::Polygons(vec![vec![ring.clone()]])));
        let whole = [&header, &several[..]].concat();
        assert_eq!(shape(&whole), Some(Shape::Polygons(vec![vec![ring.clone()], vec![ring]])));
        for end in 0..whole.len() {
            assert_eq!(shape(&whole[..end]), None, "cut at {end}");
        }
        // More positions than there can be.
        let lie = [&header, &polygon[..9], &u32::MAX.to_le_bytes()[..]].concat();
        assert_eq!(shape(&lie), None);
    }
}
