//! Flags that choose messages and say what is counted of them, as the API's filter does.

use clap::Args;
use model::api::FilterBody;

use super::polygon::Polygon;

#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    /// Only places in this region.
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// Only places in the outline in this GeoJSON file: one polygon without holes, lon, lat. With a region, in both.
    #[arg(long, value_name = "FILE", value_parser = Polygon::read)]
    pub(crate) polygon: Option<Polygon>,
    /// From this date or time, inclusive.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// To this date or time, exclusive.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Only this case.
    #[arg(long, value_name = "NAME")]
    pub(crate) case: Option<String>,
    /// Only this source.
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Only messages about this topic: drugs, waste, weapons, money, transport, violence, or one of your own. Given several times,
    /// messages about any of them.
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Vec<String>,
    /// Only mentions this sure (0 to 1).
    #[arg(long, value_name = "P")]
    pub(crate) min_confidence: Option<f32>,
    /// What is counted.
    #[arg(long, default_value = "senders", value_parser = ["conversations", "senders", "messages", "mentions", "weighted"])]
    pub(crate) count: String,
    /// Zone in which dates are meant.
    #[arg(long, default_value = "Europe/Amsterdam", value_name = "ZONE")]
    pub(crate) timezone: String,
}

impl FilterArgs {
    /// The filter, as the API takes it.
    pub(crate) fn body(&self) -> FilterBody {
        FilterBody {
            region: self.region.clone(),
            polygon: self.polygon.clone().map(|polygon| polygon.0),
            from: self.from.clone(),
            to: self.to.clone(),
            case: self.case.clone(),
            source: self.source.clone(),
            topics: (!self.topic.is_empty()).then(|| self.topic.join(",")),
            min_confidence: self.min_confidence,
            count: Some(self.count.clone()),
            ..FilterBody::default()
        }
    }
}
