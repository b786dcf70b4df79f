//! Flags that say what is counted together.

use clap::Args;
use model::api::FilterBody;

#[derive(Debug, Args)]
pub(crate) struct ByArgs {
    /// What is counted together: places, regions, hexagons of H3 (`cell`), or squares of the Dutch national grid.
    #[arg(long, default_value = "place", value_parser = ["place", "municipality", "police_unit", "province", "cell", "square"])]
    pub(crate) by: String,
    /// Resolution of cells: edges of 22.6 km (4) to 175 m (9).
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(4..=9))]
    pub(crate) resolution: u8,
    /// Length of the sides of squares, in metres.
    #[arg(long, value_name = "METRES", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(125..=10_000))]
    pub(crate) side: u32,
}

impl ByArgs {
    /// A filter with what is said here, as the API takes it.
    pub(crate) fn put(&self, filter: FilterBody) -> FilterBody {
        let by = Some(self.by.clone());
        let resolution = (self.by == "cell").then_some(self.resolution);
        let side_m = (self.by == "square").then_some(self.side);
        FilterBody { by, resolution, side_m, ..filter }
    }
}
