fn main() {
    for path in std::env::args().skip(1) {
        let options = ingest::Options { timezone: jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap(), ..Default::default() };
        let t = std::time::Instant::now();
        let (mut n, mut r) = (0u64, 0u64);
        let mut reader = ingest::open(path.as_ref(), &options).unwrap();
        for i in reader.by_ref() { match i.unwrap() { ingest::Item::Message(_) => n += 1, ingest::Item::Rejected(x) => { r += 1; if r < 5 { eprintln!("{} {}", x.line, x.code); } } } }
        let s = t.elapsed().as_secs_f64();
        let rss = std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned();
        eprintln!("{path}: {n} + {r} rejected in {s:.2}s = {:.0}/s, {:.0} MB/s {rss} {:?}", (n + r) as f64 / s, reader.total_bytes() as f64 / 1e6 / s, reader.notes());
    }
}
