//! Many objects, and many parts of one: more than one statement can insert.

use crate::bench::{Bench, on_both};
use crate::furnished::{ALL, apply, parse, print, text};

on_both! { many_objects_and_parts; }

async fn many_objects_and_parts(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let numbers: Vec<String> = (20_000..20_700).map(|number| number.to_string()).collect();
    let mut large = text('a').replace("except 1900", &format!("except 1900 {}", numbers.join(" ")));
    for number in &numbers {
        large.push_str(&format!("extension {number} \"Person {number}\"\n  voicemail\n  busy -> extension 1001\n"));
    }
    apply(&tenant, &large, ALL).await;
    let (_, loaded) = tenant.load_plan().await.unwrap();
    assert_eq!(loaded.ivr_menus[0].direct_dial_exclude.len(), 701);
    assert_eq!(print(&loaded), print(&parse(&large)));
    assert_eq!(apply(&tenant, &large, ALL).await.changes, []);
}
