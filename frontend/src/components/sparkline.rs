//! A line of activity in equal steps, small enough to stand in a list.

use leptos::prelude::*;

const WIDTH: f64 = 72.0;
const HEIGHT: f64 = 20.0;

/// The line, with the area under it.
#[component]
pub(crate) fn Sparkline(
    /// What [`line`] makes of the values.
    line: String,
) -> impl IntoView {
    let area = if line.is_empty() { String::new() } else { format!("{line}L{WIDTH},{HEIGHT}L0,{HEIGHT}Z") };
    view! {
        <svg class="sparkline" viewBox=format!("0 0 {WIDTH} {HEIGHT}") width=WIDTH height=HEIGHT aria-hidden="true">
            <path class="sparkline-area" d=area />
            <path class="sparkline-line" d=line />
        </svg>
    }
}

/// The path of a line over the values, which stand in the middle of their steps.
pub(crate) fn line(values: &[u32]) -> String {
    let most = f64::from(values.iter().copied().max().unwrap_or(0)).max(1.0);
    let step = WIDTH / (values.len().max(2) - 1) as f64;
    let points = values.iter().enumerate().map(|(at, value)| {
        let y = (HEIGHT - 1.5) - f64::from(*value) / most * (HEIGHT - 3.0);
        format!("{:.1},{y:.1}", at as f64 * step)
    });
    let joined = points.collect::<Vec<_>>().join("L");
    if joined.is_empty() { joined } else { format!("M{joined}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_runs_from_edge_to_edge_and_its_peak_touches_the_top() {
        assert_eq!(line(&[0, 10, 0]), "M0.0,18.5L36.0,1.5L72.0,18.5");
        assert_eq!(line(&[]), "");
    }
}
