//! scratch
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
#[path = "../tests/shipped/mod.rs"]
mod shipped;
fn main() {
    let g = shipped::geoparser();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        println!("{line}");
        for m in g.mentions(&line) {
            println!(
                "   {} {:?} {} {:.2} {:?} {:?}",
                if m.accepted { "+" } else { "-" },
                m.text,
                m.place.id,
                m.confidence,
                m.reasons,
                m.alternatives.first().map(|a| (&a.id, a.confidence))
            );
        }
    }
}
