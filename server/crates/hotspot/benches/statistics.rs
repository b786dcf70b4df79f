//! What follows a dragged window must be quick: Gi* of a grid, a screen of density, classes of all municipalities; and the scan.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on fails")]

use criterion::{Criterion, criterion_group, criterion_main};
use hotspot::density::{Grid, Spot, surface, together};
use hotspot::emerging::{Cube, emerging};
use hotspot::local::gi_star;
use hotspot::scan::{Options, Study, scan};
use hotspot::{Metres, Neighbours};
use model::api::Kernel;

/// The next number of a linear congruential generator (Knuth, MMIX).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// A sheet of hexagons: six neighbours each.
fn sheet(columns: u32, rows: u32) -> Neighbours {
    let pairs = (0..columns * rows).flat_map(move |unit| {
        let (column, row) = (unit % columns, unit / columns);
        let shift = if row.is_multiple_of(2) { column.checked_sub(1) } else { Some(column + 1) };
        let right = (column + 1 < columns).then_some((unit, unit + 1));
        let above = (row + 1 < rows).then_some((unit, unit + columns));
        let aslant = shift.filter(|c| *c < columns && row + 1 < rows).map(|c| (unit, (row + 1) * columns + c));
        [right, above, aslant].into_iter().flatten()
    });
    Neighbours::from_pairs((columns * rows) as usize, pairs)
}

fn points(count: usize, side_m: u64) -> Vec<Metres> {
    let mut state = 3;
    (0..count)
        .map(|_| Metres { x: (next(&mut state) % side_m) as f64, y: (next(&mut state) % side_m) as f64 })
        .collect()
}

fn statistics(criterion: &mut Criterion) {
    let mut state = 7;
    let near = sheet(200, 100);
    let values: Vec<f64> = (0..20_000).map(|_| (next(&mut state) % 40) as f64).collect();
    criterion.bench_function("Gi* of 20,000 cells", |b| b.iter(|| gi_star(&values, &near)));

    let grid = Grid::over(Metres { x: 0.0, y: 0.0 }, Metres { x: 300_000.0, y: 300_000.0 }, 256);
    let spots: Vec<Spot> =
        points(40_000, 300_000).into_iter().map(|at| Spot { at, weight: 3.0, radius_m: 900.0 }).collect();
    for (kernel, bandwidth_m) in [(Kernel::Quartic, 40_000.0), (Kernel::Gaussian, 14_400.0)] {
        criterion.bench_function(&format!("density of a screen, {kernel:?}, each by itself"), |b| {
            b.iter(|| surface(&spots, kernel, bandwidth_m, grid, None));
        });
        criterion.bench_function(&format!("density of a screen, {kernel:?}, together"), |b| {
            b.iter(|| surface(&together(&spots, kernel, bandwidth_m), kernel, bandwidth_m, grid, None));
        });
    }

    let near = sheet(18, 19);
    let series: Vec<Vec<f64>> = (0..342).map(|_| (0..40).map(|_| (next(&mut state) % 9) as f64).collect()).collect();
    let cube = Cube::new(40, &series);
    criterion.bench_function("classes of 342 municipalities over 40 weeks", |b| b.iter(|| emerging(&cube, &near)));

    let points = points(342, 250_000);
    let cases: Vec<Vec<u32>> = (0..342).map(|_| (0..40).map(|_| (next(&mut state) % 3) as u32).collect()).collect();
    let usual = vec![vec![1.0; 40]; 342];
    let study = Study { points: &points, cases: &cases, usual: &usual };
    let options = Options { most_bins: 12, ..Options::default() };
    let mut slow = criterion.benchmark_group("slow");
    slow.sample_size(10);
    slow.bench_function("scan of 342 municipalities, 999 replicas", |b| b.iter(|| scan(&study, &options, &|_| true)));
    // As many as millions of messages make: a hundred cases a cell.
    let cases: Vec<Vec<u32>> =
        (0..342).map(|_| (0..40).map(|_| 90 + (next(&mut state) % 20) as u32).collect()).collect();
    let study = Study { cases: &cases, ..study };
    slow.bench_function("scan of 342 municipalities with a million cases, 999 replicas", |b| {
        b.iter(|| scan(&study, &options, &|_| true));
    });
    slow.finish();
}

criterion_group!(benches, statistics);
criterion_main!(benches);
