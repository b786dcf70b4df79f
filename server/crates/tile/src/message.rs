//! The messages of the Mapbox Vector Tile specification 2.1 that points need; field numbers are the specification's.

/// A tile.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Tile {
    #[prost(message, repeated, tag = "3")]
    pub(crate) layers: Vec<Layer>,
}

/// A layer.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Layer {
    #[prost(uint32, required, tag = "15")]
    pub(crate) version: u32,
    #[prost(string, required, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) features: Vec<Feature>,
    #[prost(string, repeated, tag = "3")]
    pub(crate) keys: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) values: Vec<Value>,
    #[prost(uint32, optional, tag = "5")]
    pub(crate) extent: Option<u32>,
}

/// A feature: tags are pairs of positions in `keys` and `values`; geometry is a list of drawing commands.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Feature {
    #[prost(uint64, optional, tag = "1")]
    pub(crate) id: Option<u64>,
    #[prost(uint32, repeated, tag = "2")]
    pub(crate) tags: Vec<u32>,
    #[prost(enumeration = "GeometryKind", optional, tag = "3")]
    pub(crate) kind: Option<i32>,
    #[prost(uint32, repeated, tag = "4")]
    pub(crate) geometry: Vec<u32>,
}

/// What a feature draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum GeometryKind {
    Unknown = 0,
    Point = 1,
}

/// A property's value; one of the fields is set.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Value {
    #[prost(string, optional, tag = "1")]
    pub(crate) text: Option<String>,
    #[prost(uint64, optional, tag = "5")]
    pub(crate) number: Option<u64>,
}
