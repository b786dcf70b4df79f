//! Numbers of a job in a row, each with its name under it.

use leptos::prelude::*;

/// A number, what it counts, and its name for tests.
pub(super) struct Number {
    /// The number as it is written.
    pub(super) value: String,
    /// What it counts.
    pub(super) label: &'static str,
    /// Name for tests.
    pub(super) id: &'static str,
    /// Whether it deserves a second look.
    pub(super) is_bad: bool,
}

/// The row.
pub(super) fn numbers(all: Vec<Number>) -> impl IntoView {
    let one = |number: Number| {
        view! {
            <div class="number" class:number-bad=number.is_bad>
                <dt>{number.label}</dt>
                <dd data-testid=format!("job-{}", number.id)>{number.value}</dd>
            </div>
        }
    };
    view! { <dl class="numbers">{all.into_iter().map(one).collect_view()}</dl> }
}
