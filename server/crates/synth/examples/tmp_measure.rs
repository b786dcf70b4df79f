use std::io::Write;
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let form = std::env::args().nth(2).unwrap();
    let path = std::env::args().nth(3).unwrap();
    let config = synth::Config { messages: n, ..synth::Config::default() };
    let t = std::time::Instant::now();
    let mut c = 0usize;
    if form == "none" { for m in synth::generate(&config) { c += m.message.text.len(); } }
    else {
        let mut out = std::io::BufWriter::with_capacity(1 << 20, std::fs::File::create(path).unwrap());
        if form == "csv" { out.write_all(synth::CSV_HEADER.as_bytes()).unwrap(); }
        for m in synth::generate(&config) { c += m.message.text.len(); if form == "csv" { synth::write_csv(&m.message, &mut out).unwrap() } else { synth::write_jsonl(&m.message, &mut out).unwrap() } }
    }
    let s = t.elapsed().as_secs_f64();
    eprintln!("{form} {n} in {s:.2}s = {:.0}/s, text bytes {c}", n as f64 / s);
}
