-- OGC 12-128r18 (GeoPackage 1.3.1). "GPKG" in ASCII and 10301.
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10301;

CREATE TABLE gpkg_spatial_ref_sys (
    srs_name                 TEXT NOT NULL,
    srs_id                   INTEGER PRIMARY KEY,
    organization             TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition               TEXT NOT NULL,
    description              TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
    ('WGS 84 geodetic', 4326, 'EPSG', 4326,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]',
     'longitude and latitude in degrees, longitude first');

CREATE TABLE gpkg_contents (
    table_name  TEXT PRIMARY KEY NOT NULL,
    data_type   TEXT NOT NULL,
    identifier  TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x       DOUBLE,
    min_y       DOUBLE,
    max_x       DOUBLE,
    max_y       DOUBLE,
    srs_id      INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
    table_name         TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name),
    column_name        TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL,
    srs_id             INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
    z                  TINYINT NOT NULL,
    m                  TINYINT NOT NULL,
    PRIMARY KEY (table_name, column_name)
);

CREATE TABLE gpkg_extensions (
    table_name     TEXT,
    column_name    TEXT,
    extension_name TEXT NOT NULL,
    definition     TEXT NOT NULL,
    scope          TEXT NOT NULL,
    UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO gpkg_extensions VALUES
    ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec131/#extension_metadata', 'read-write'),
    ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec131/#extension_metadata', 'read-write');

CREATE TABLE gpkg_metadata (
    id              INTEGER PRIMARY KEY NOT NULL,
    md_scope        TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL,
    mime_type       TEXT NOT NULL DEFAULT 'text/xml',
    metadata        TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL,
    table_name      TEXT,
    column_name     TEXT,
    row_id_value    INTEGER,
    timestamp       DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    md_file_id      INTEGER NOT NULL REFERENCES gpkg_metadata (id),
    md_parent_id    INTEGER REFERENCES gpkg_metadata (id)
);

CREATE TABLE hotspot_columns (
    id          INTEGER PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    title       TEXT NOT NULL,
    unit        TEXT NOT NULL,
    explanation TEXT NOT NULL
);
CREATE TABLE provenance (
    id    INTEGER PRIMARY KEY NOT NULL,
    name  TEXT NOT NULL,
    title TEXT NOT NULL,
    value TEXT NOT NULL
);
