//! The cost of a document on the way of a call: a ring group of three, written and read back.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cxml::{Dial, Endpoints, Invalid, Number, Response, Text, Url};

fn ring_group() -> Result<Response, Invalid> {
    let mut endpoints = Endpoints::new(Number::try_from("1001")?);
    endpoints.push(Number::try_from("1002")?);
    endpoints.push(Number::try_from("+12125550100")?);
    let mut response = Response::new();
    response.push(Dial {
        action: Some(Url::new("https://pbx.example.org/voice/next?group=7&turn=1&token=0f3c2a")?),
        caller_name: Some(Text::lossy("O'Hara & Sons")),
        timeout: Some(20),
        ..Dial::new(endpoints)
    });
    Ok(response)
}

fn documents(criterion: &mut Criterion) {
    let Ok(response) = ring_group() else { return };
    let xml = response.to_xml();
    let mut group = criterion.benchmark_group("ring group of three");
    group.throughput(Throughput::Bytes(xml.len() as u64));
    group.bench_function("write", |bencher| {
        let mut out = String::with_capacity(xml.len());
        bencher.iter(|| {
            out.clear();
            black_box(&response).write_into(&mut out);
            black_box(out.len())
        });
    });
    group.bench_function("read", |bencher| bencher.iter(|| Response::read(black_box(&xml))));
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
