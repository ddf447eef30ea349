//! The promise: every field that review feeds carry is kept. A row names the source, the field, and what is kept of it.

use super::tests::only;
use crate::model::{Line, Review};

const LETTERBOXD: &str = "<item><title>Salt, Wind, 2024 - ★★★½ (contains spoilers)</title>\
    <link>https://boxd.example/ann/film/salt-wind/2/</link><guid isPermaLink='false'>letterboxd-review-81</guid>\
    <pubDate>Sun, 10 May 2026 21:05:00 +1200</pubDate><letterboxd:watchedDate>2026-05-09</letterboxd:watchedDate>\
    <letterboxd:rewatch>Yes</letterboxd:rewatch><letterboxd:filmTitle>Salt, Wind</letterboxd:filmTitle>\
    <letterboxd:filmYear>2024</letterboxd:filmYear><letterboxd:memberRating>3.5</letterboxd:memberRating>\
    <letterboxd:memberLike>No</letterboxd:memberLike><tmdb:movieId>4711</tmdb:movieId>\
    <description><![CDATA[ <p><img src='https://img.example/salt.jpg'/></p>\
    <p><em>This review may contain spoilers.</em></p> <p>The gulls win.</p> ]]></description><dc:creator>Ann</dc:creator></item>";

const GOODREADS: &str = "<item><guid><![CDATA[https://books.example/review/show/7?utm_medium=api&utm_source=rss]]></guid>\
    <pubDate><![CDATA[Wed, 06 May 2026 14:51:25 -0700]]></pubDate><title>Salt &amp;amp; Wind (Tides, #2)</title>\
    <link><![CDATA[https://books.example/review/show/7?utm_medium=api&utm_source=rss]]></link><book_id>2418</book_id>\
    <book_image_url><![CDATA[https://img.example/50.jpg]]></book_image_url>\
    <book_large_image_url><![CDATA[https://img.example/475.jpg]]></book_large_image_url>\
    <book_description>The publisher's words.</book_description><book id='2418'><num_pages>143</num_pages></book>\
    <author_name>Maria   Santos</author_name><isbn>306406152</isbn><user_name>Ann</user_name><user_rating>4</user_rating>\
    <user_read_at><![CDATA[Tue, 05 May 2026 00:00:00 -0700]]></user_read_at><user_shelves>sea, favourites</user_shelves>\
    <user_review><![CDATA[Fine.<br/>Read it.]]></user_review><average_rating>2.10</average_rating>\
    <book_published>1999</book_published><description>The publisher's words.</description></item>";

const BACKLOGGD: &str = "<item><title>Tidal Wars (2019) - ★★★½</title><link>https://games.example/u/ann/review/5/</link>\
    <guid isPermaLink='false'>backloggd-review-5</guid><pubDate>Sat, 9 May 2026 20:30:00 +0000</pubDate>\
    <description>Waves of it.</description><image><url>https://img.example/tidal.jpg</url></image>\
    <backloggd:user_rating>7</backloggd:user_rating><backloggd:reviewer>ann</backloggd:reviewer></item>";

const OKU: &str = "<item><title>Salt</title><dc:creator>Maria Santos</dc:creator><link>https://shelf.example/salt</link>\
    <oku:cover>https://img.example/salt.png</oku:cover><oku:rating>4</oku:rating><oku:review>Dry and good.</oku:review>\
    <description>The publisher's words.</description></item>";

const WORDPRESS: &str = "<item><title>Low Tide (2013) – Review</title><link>https://ann.example/2026/05/low-tide/</link>\
    <dc:creator>Ann Lee</dc:creator><guid isPermaLink='false'>https://ann.example/?p=31</guid>\
    <pubDate>Sat, 09 May 2026 20:30:00 +0000</pubDate><category>Film reviews</category><category>Sea</category>\
    <description>The sea […]</description><content:encoded><![CDATA[<p>The sea is the star, and it knows. Nobody else gets a line in \
    edgewise, which is the joke.</p><p>Rating: 4/5</p><p>The post Low Tide appeared first on Ann.</p>]]></content:encoded>\
    <slash:comments>3</slash:comments><media:content url='https://1.host.example/avatar/ab?s=96' medium='image'/>\
    <media:content url='https://ann.example/cover.jpg' medium='image'><media:title>Cover</media:title></media:content></item>";

const SUBSTACK: &str = "<item><title>Review: Low Tide</title><link>https://ann.example/p/low-tide</link>\
    <guid isPermaLink='false'>https://ann.example/p/low-tide</guid><dc:creator>Ann Lee</dc:creator>\
    <enclosure url='https://img.example/tide.png' length='0' type='image/png'/><content:encoded><![CDATA[<p>The sea is the \
    star, and it knows. Nobody else gets a line in edgewise.</p><p><a href='https://ann.example/p/low-tide'>Read more</a></p>\
    ]]></content:encoded></item>";

const HREVIEW: &str = "<item><title>At the pictures</title><link>https://ann.example/9</link><content:encoded><![CDATA[\
    <div class='hreview'><a class='item fn url' href='https://www.imdb.com/title/tt0137523/'>Low Tide</a> \
    <abbr class='dtreviewed' title='2026-05-08'>on Friday</abbr> <span class='rating'><span class='value'>3</span>/\
    <span class='best'>4</span></span> <span class='reviewer vcard'><b class='fn'>Ann Lee</b></span>\
    <div class='description'>Salt and wind.</div></div>]]></content:encoded></item>";

/// A feed's title, an item, and what is kept of each field of it.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What is kept of a review under a name.
fn kept(review: &Review, field: &str) -> String {
    let (work, details) = (&review.work, &review.details);
    let ids = || work.ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let listed = |lines: &[Line]| lines.iter().map(Line::as_str).collect::<Vec<_>>().join(", ");
    let said = |value: Option<bool>| value.map(|said| said.to_string()).unwrap_or_default();
    match field {
        "identity" => review.identity.clone(),
        "link" => text(review.url.as_deref()),
        "title" => text(work.title.as_deref()),
        "year" => work.year.map(|year| year.to_string()).unwrap_or_default(),
        "kind" => work.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        "creators" => listed(&work.creators),
        "ids" => ids(),
        "reviewer" => text(review.reviewer.as_deref()),
        "rating" => text(review.rating.as_ref().map(|rating| rating.printed.as_str())),
        "liked" => said(details.liked),
        "again" => said(details.again),
        "consumed" => details.consumed.map(|day| day.to_string()).unwrap_or_default(),
        "published" => review.published.map(|published| published.to_string()).unwrap_or_default(),
        "updated" => details.updated.map(|updated| updated.to_string()).unwrap_or_default(),
        "image" => text(details.image.as_deref()),
        "series" => text(details.series.as_deref()),
        "truncated" => details.truncated.to_string(),
        "spoilers" => review.spoilers.to_string(),
        "categories" => listed(&review.categories),
        "body" => review.body.as_str().to_owned(),
        other => panic!("no field {other}"),
    }
}

#[test]
fn every_field_of_every_dialect_is_kept() {
    let rows: [Row; 7] = [
        (
            "Letterboxd - Ann",
            LETTERBOXD,
            &[
                ("identity", "letterboxd-review-81"),
                ("link", "https://boxd.example/ann/film/salt-wind/2/"),
                ("title", "Salt, Wind"),
                ("year", "2024"),
                ("kind", "film"),
                ("ids", "tmdb-movie:4711"),
                ("reviewer", "Ann"),
                ("rating", "3.5/5"),
                ("liked", "false"),
                ("again", "true"),
                ("consumed", "2026-05-09"),
                ("published", "2026-05-10T21:05:00+12:00"),
                ("image", "https://img.example/salt.jpg"),
                ("spoilers", "true"),
                ("body", "The gulls win."),
            ],
        ),
        (
            "Ann's bookshelf: read",
            GOODREADS,
            &[
                ("identity", "https://books.example/review/show/7"),
                ("link", "https://books.example/review/show/7"),
                ("title", "Salt & Wind"),
                ("series", "Tides, #2"),
                ("year", "1999"),
                ("kind", "book"),
                ("creators", "Maria Santos"),
                ("ids", "isbn:9780306406157 goodreads:2418"),
                ("reviewer", "Ann"),
                ("rating", "4/5"),
                ("consumed", "2026-05-05"),
                ("published", "2026-05-06T14:51:25-07:00"),
                ("image", "https://img.example/475.jpg"),
                ("categories", "sea, favourites"),
                ("body", "Fine.\nRead it."),
            ],
        ),
        (
            "Reviews by ann",
            BACKLOGGD,
            &[
                ("identity", "backloggd-review-5"),
                ("title", "Tidal Wars"),
                ("year", "2019"),
                ("kind", "game"),
                ("reviewer", "ann"),
                ("rating", "7/10"),
                ("published", "2026-05-09T20:30:00+00:00"),
                ("image", "https://img.example/tidal.jpg"),
                ("body", "Waves of it."),
            ],
        ),
        (
            "Read",
            OKU,
            &[
                ("creators", "Maria Santos"),
                ("reviewer", ""),
                ("rating", "4/5"),
                ("image", "https://img.example/salt.png"),
                ("body", "Dry and good."),
            ],
        ),
        (
            "Ann",
            WORDPRESS,
            &[
                ("identity", "https://ann.example/?p=31"),
                ("title", "Low Tide"),
                ("year", "2013"),
                ("reviewer", "Ann Lee"),
                ("rating", "4/5"),
                ("categories", "Film reviews, Sea"),
                ("image", "https://ann.example/cover.jpg"),
                ("truncated", "false"),
            ],
        ),
        (
            "Ann's letters",
            SUBSTACK,
            &[
                ("identity", "https://ann.example/p/low-tide"),
                ("reviewer", "Ann Lee"),
                ("image", "https://img.example/tide.png"),
                ("truncated", "true"),
                ("body", "The sea is the star, and it knows. Nobody else gets a line in edgewise."),
            ],
        ),
        (
            "Ann",
            HREVIEW,
            &[
                ("title", "Low Tide"),
                ("ids", "imdb:tt0137523"),
                ("consumed", "2026-05-08"),
                ("rating", "3/4"),
                ("reviewer", "Ann Lee"),
                ("body", "Salt and wind."),
            ],
        ),
    ];
    for (feed, item, fields) in rows {
        let review = only(feed, item);
        for (field, want) in fields {
            assert_eq!(kept(&review, field), *want, "{feed}: {field}");
        }
    }
}

#[test]
fn a_change_of_the_entry_is_kept_as_the_source_dates_it() {
    use crate::read::{Document, feed};
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Film reviews</title><entry><id>tag:blogger.example,1999:blog-1.post-2</id>\
        <published>2026-05-09T20:30:00Z</published><updated>2026-05-11T08:00:00Z</updated><title>Low Tide (2013)</title>\
        <link rel='edit' href='https://api.example/1'/><link rel='self' href='https://api.example/1'/>\
        <link rel='alternate' type='text/html' href='https://ann.example/low-tide'/>\
        <author><name>Ann</name><email>noreply@blogger.example</email></author><content type='html'>&lt;p&gt;The sea is the star, \
        and it knows. Nobody else gets a line in edgewise.&lt;/p&gt;</content></entry></feed>";
    let document = Document { source: "x".into(), url: None, content_type: None, bytes: atom.as_bytes().to_vec() };
    let review = feed::read(&document).unwrap().reviews.remove(0);
    for (field, want) in [
        ("published", "2026-05-09T20:30:00+00:00"),
        ("updated", "2026-05-11T08:00:00+00:00"),
        ("link", "https://ann.example/low-tide"),
        ("reviewer", "Ann"),
        ("identity", "tag:blogger.example,1999:blog-1.post-2"),
    ] {
        assert_eq!(kept(&review, field), want, "{field}");
    }
}
