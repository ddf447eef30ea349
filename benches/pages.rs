//! What pages cost: the main text, the whole reading, and pages made to be slow: `cargo bench --bench pages`.
//!
//! The pages are made here. Figures depend on the machine; compare two runs on one machine, or the rows of one run.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up is no bench")]

use std::{fmt::Write as _, sync::LazyLock};

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use pullquote::read::{self, Document};

fn main() {
    divan::main();
}

/// A page the way publishing systems make them: about 60 KB, most of it not the text.
fn page(paragraphs: usize, comments: usize) -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html lang='en'><head><title>Glass Harbour Review | Quiet Pages</title><meta property='og:site_name' content='Quiet Pages'>\
         <script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"Article\",\"author\":{\"name\":\"Jo Reader\"}}</script></head><body>",
    );
    html.push_str("<nav><ul>");
    for at in 0..120 {
        write!(html, "<li class='menu-item menu-item-{at}'><a href='/section/{at}'>Section {at}</a></li>").unwrap();
    }
    html.push_str("</ul></nav><div class='wrap'><main><article class='post'><h1>Glass Harbour Review</h1><div class='byline'>By Jo Reader, 3 May 2014</div><div class='entry-content'>");
    for at in 0..paragraphs {
        write!(html, "<p>The sea is grey in every frame of this film, and on day {at} the people who look at it are <em>greyer</em> still, yet the story never bores. Its director trusts the light, <a href='/x{at}'>the music</a> and the superb cast.</p>").unwrap();
    }
    html.push_str("<p>8/10</p><div class='sharedaddy'>Share this</div></div></article><section id='comments'>");
    for at in 0..comments {
        write!(html, "<div class='comment' id='c{at}'><b>Reader {at}</b><p>I saw this film as well and must say that I disagree with every word of it.</p></div>").unwrap();
    }
    html.push_str("</section></main><aside class='sidebar'>");
    for at in 0..60 {
        write!(html, "<div class='widget'><h3>More</h3><a href='/other/{at}'><img src='/i/{at}.png' alt=''>Another story of the week</a></div>").unwrap();
    }
    html.push_str("</aside></div><footer>All rights reserved</footer></body></html>");
    html
}

static PAGE: LazyLock<String> = LazyLock::new(|| page(30, 80));

fn document(html: &str) -> Document {
    Document { source: "page.html".into(), url: None, content_type: Some("text/html".into()), bytes: html.into() }
}

#[divan::bench]
fn main_text(bencher: Bencher) {
    bencher.counter(ItemsCount::new(1_usize)).bench(|| read::main_text(black_box(&PAGE)));
}

#[divan::bench]
fn whole_reading(bencher: Bencher) {
    let document = document(&PAGE);
    bencher.counter(ItemsCount::new(1_usize)).bench(|| read::read(black_box(&document)).unwrap());
}

/// Pages made to be slow: deep, wide, long, and full of look-alikes of furniture.
#[divan::bench(args = ["deep", "wide", "long", "classes"], sample_count = 3)]
fn hostile(bencher: Bencher, kind: &str) {
    let html = match kind {
        "deep" => "<div><b>".repeat(300_000),
        "wide" => "<p class='a'>x</p>".repeat(500_000),
        "long" => format!("<html><body><article>{}</article></body></html>", page(40_000, 2_000)),
        _ => "<div class='comment share related'><span class='widget'>y</span>".repeat(100_000),
    };
    let document = document(&html);
    bencher.counter(BytesCount::new(html.len())).bench(|| read::read(black_box(&document)).unwrap());
}
