//! Hostile repetition: what each reader looks out for, over and over, and what reading it costs.
//!
//! A reader that looks back over all it has read at every mark takes a hundred times as long for ten times as
//! much; a stranger's feed can then stop the house. Costs are processor time where the system tells it, so that
//! what else runs on the machine counts little.

use std::time::{Duration, Instant};

use pullquote::{
    model::{Body, Review, Work},
    quote,
    read::{self, Document, rating},
};

/// Signs and letters.
const SIGNS: &[&str] = &[
    "a", "a ", "A ", "é", "我", "。", "🎬", "\u{301}", "\u{200b}", " ", "\t", "\n", "\n\n", "\r", "a\n", "a\n\n", "0",
    "9 ", "1.", "(", ")", "()", "[", "]", "[]", "{", "{}", "<", ">", "<>", "</", "&", "&amp;", "&#65;", "&lt;", "\"",
    "“", "”", "\"a\" ", "'", "’s ", "`", "*", "**", "_", "_a_ ", "~~", "#", "=\n", "-", "---\n", "> ", ">! ", "|",
    "||", "!", "![", "](", "\\", ":", "! ", "? ", ". ", "… ", "...", ",", "a, ", "/",
];

/// What the readers of texts look for.
const WORDS: &[&str] = &[
    "A. ",
    "Ab.",
    "(a. b) ",
    "“a. b” ",
    "。我",
    "```\n",
    "* a\n",
    "# a\n",
    "a\n===\n",
    "- a\n",
    "> a\n",
    "||a||",
    "|a|b|\n",
    "![a](b)",
    "[a](b)",
    "[a]: b\n",
    "a: b\n",
    "a:\n  ",
    "- - ",
    "Review: ",
    "Review\n",
    "review ",
    "Directed by ",
    "Directed by Ann Lee. ",
    "by Ann Lee\n",
    "By ",
    "Written by Ann Lee and ",
    "starring Ann Lee, ",
    "Ann Lee ",
    "Ann ",
    "Mr. ",
    "(2013) ",
    "2013 ",
    "Low Tide (2013)\n",
    "“Low Tide” ",
    "January ",
    "January 3, 2014 ",
    "3 May 2014\n",
    "2014-03-19 ",
    "1/2/2014 ",
    "2014-",
    "Mon, ",
    "http://",
    "http://a.org ",
    "www.a.org ",
    "a@b.org ",
    "@",
    "spoiler ",
    "spoilers! ",
    "SPOILER ALERT\n",
    "no spoilers ",
    "if you skip no spoilers ",
    "[spoiler]",
    "[/spoiler]",
    "[spoiler]a[/spoiler]",
    "{spoiler}",
    "end of spoilers ",
    "spoilers a end of spoilers ",
    "(spoiler: a) ",
    ">!",
    "!<",
    ">!a!< ",
    "ネタバレ",
    "TL;DR ",
    "TL;DR: a\n",
    "Verdict: ",
    "Verdict: good.\n",
    "Verdict\n",
    "Pros:\n",
    "In short, ",
    "10 comments\n",
    "Leave a reply\n",
    "Share\n",
    "Tags: a\n",
    "Read more\n",
    "Advertisement\n",
    "Related\n",
    "About the author\n",
    "I watched this. ",
    "I loved it. ",
    "The film is good. ",
    "The acting is superb and the film is a joy. ",
    "10/10 I saw this film. ",
    "it ends. ",
    "he dies ",
    "but ",
    "Ann said: ",
    "Ann: Yes.\n\n",
    "She did. “",
    "released in 2001 ",
    "it was released ",
    "a – b ",
    "\u{e0f0}",
    "\u{e0f1}",
    "\u{e0f0}a\u{e0f1}",
];

/// Notations of ratings, and their traps.
const RATINGS: &[&str] = &[
    "1/",
    "/10",
    "10/10 ",
    "9/10\n",
    "(9/10) ",
    "9 out of 10. ",
    "8.5 ",
    "85% ",
    "4 stars ",
    "four stars. ",
    "★",
    "★ ",
    "★½",
    "⭐",
    "☆",
    "***½ ",
    "B+ ",
    "B+\n",
    "Rating: ",
    "Rating: 8\n",
    "Score: B\n",
    "Overall: 4/5\n",
    "Story: 4/5\n",
    "thumbs up ",
    "👍",
    "90 points. ",
    "two ",
    "half ",
    "gave it ",
    "between 1 and ",
    "out of ",
    "1-",
    "1,",
    "rated ",
    "-",
];

/// What the readers of markup look for.
const TAGS: &[&str] = &[
    "<p>",
    "</p>",
    "<p>a</p>",
    "<p>a",
    "<div>",
    "</div>",
    "<div>a</div>",
    "<div>a",
    "<br>",
    "<b>",
    "<b>a</b>",
    "<i>a",
    "<a href=x>",
    "<a href=\"http://a.org\">a</a>",
    "<li>a",
    "<ul><li>a",
    "<table>",
    "<tr><td>a",
    "<td>",
    "<h1>a</h1>",
    "<h2>a</h2><p>a</p>",
    "<span class=\"spoiler\">a</span>",
    "<span class=\"spoiler\">",
    "<details>",
    "<details>a</details>",
    "<script>",
    "<script>a</script>",
    "<script type=\"application/ld+json\">{}</script>",
    "<style>",
    "<!--",
    "-->",
    "<!-- a -->",
    "<!",
    "<!a [",
    "<?",
    "<![CDATA[",
    "<![CDATA[a]]>",
    "]]>",
    "<a b=",
    "<a b=\"",
    " a=b",
    " a=\"b\"",
    "<svg>",
    "<template>",
    "<select>",
    "<form>",
    "<button>a",
    "<iframe>",
    "<img src=x>",
    "<meta name=author content=a>",
    "<title>a</title>",
    "<article>",
    "<article>a</article>",
    "<main>",
    "<section><p>a</p></section>",
    "<blockquote>a",
    "<div class=\"share\">a</div>",
    "<div class=\"entry\">a",
    "<div itemscope itemtype=\"http://schema.org/Review\">",
    "<div itemscope itemtype=\"http://schema.org/Review\"><p itemprop=reviewBody>a</p></div>",
    "<div class=\"hreview\">",
    "<div class=\"h-review\"><p class=\"e-content\">a</p></div>",
    "<link rel=alternate type=application/rss+xml href=a>",
    "<title>",
];

/// What the readers of feeds look for.
const ELEMENTS: &[&str] = &[
    "<item>",
    "</item>",
    "<item><title>a</title></item>",
    "<item><title>Review: a 4/5</title>",
    "<entry>",
    "<entry><title>a</title></entry>",
    "<description>",
    "<content:encoded>",
    "<a:b>",
    "<a xmlns:b=\"c\">",
    "<link>",
    "<category>a</category>",
    "<author>",
    "<pubDate>Mon, 5 May 2014 10:00:00 GMT</pubDate>",
    "{\"",
    "\":",
    "[{",
    "},{",
    "\"a\":\"b\",",
    "\\u0041",
    "\\n",
];

/// Those that once sent a reader back over what it had read, and the plainest of each kind.
pub const TRAPS: &[&str] = &[
    "spoiler ",
    "no spoilers ",
    "spoilers a end of spoilers ",
    "[spoiler]a[/spoiler]",
    "Ab.",
    "(a. b) ",
    "“w№” ",
    "Verdict: good.\n",
    "10/10 I saw this film. ",
    "<",
    "<b a=№>a<p>",
    "<div>a",
    "<item><title>Review: a 4/5</title>",
    "9/10\n",
];

/// Marks of which no two are alike: `№` stands for a number that goes up.
const UNLIKE: &[&str] = &[
    "w№ ",
    "“w№” ",
    "“W№” ",
    "№/10 ",
    "W№: a\n",
    "(W№) ",
    "[№]: a\n",
    "[^№] ",
    "W№ (2013) ",
    "W№ X№ ",
    "&#№;",
    "<b a=№>",
    "<b a=№>a",
    "<p id=a№>a</p>",
    "<div class=a№>",
    "<x№>",
    "<x№>a</x№>",
    "<a b№=c>",
    " b№=c",
    "<a xmlns:b№=\"c№\">",
    "<x№:y>",
    "<a b=№>a<p>",
    "<category>W№</category>",
    "<item><guid>№</guid></item>",
    "<meta name=author content=W№>",
    "\"k№\":\"v\",",
];

/// One way in, and what it does with a text made of one mark.
pub struct Way {
    /// What it reads.
    pub name: &'static str,
    /// What it looks for.
    pub marks: &'static [&'static [&'static str]],
    /// Reads, and quotes what was read.
    pub go: fn(&str),
}

/// Every way in.
pub const WAYS: [Way; 9] = [
    Way { name: "text", marks: &[UNLIKE, SIGNS, WORDS, RATINGS], go: |marks| read_as("a.txt", marks) },
    Way {
        name: "text under a header",
        marks: &[UNLIKE, SIGNS, WORDS, RATINGS],
        go: |marks| {
            read_as("a.txt", &format!("Review: Low Tide (2013) 7/10\nby Ann Lee\n\n{PROSE}\n\n{marks}\n\n{PROSE}"))
        },
    },
    Way { name: "markdown", marks: &[UNLIKE, SIGNS, WORDS], go: |marks| read_as("a.md", marks) },
    Way {
        name: "front matter",
        marks: &[UNLIKE, SIGNS],
        go: |marks| read_as("a.md", &format!("---\ntitle: Low Tide\n{marks}\n---\n{PROSE}")),
    },
    Way {
        name: "page",
        marks: &[UNLIKE, SIGNS, WORDS, TAGS],
        go: |marks| {
            read_as(
                "a.html",
                &format!(
                    "<!doctype html><html><head><title>Review: Low Tide</title><body><article><p>{PROSE}</p><p>{marks}</p></article>"
                ),
            )
        },
    },
    Way {
        name: "feed",
        marks: &[UNLIKE, SIGNS, ELEMENTS, TAGS],
        go: |marks| {
            read_as(
                "a.xml",
                &format!("<rss version=\"2.0\"><channel><title>Film reviews</title>{marks}</channel></rss>"),
            )
        },
    },
    Way {
        name: "entry of a feed",
        marks: &[UNLIKE, SIGNS, WORDS, TAGS],
        go: |marks| {
            let marks = marks.replace("]]>", "]] >");
            read_as(
                "a.xml",
                &format!(
                    "<rss version=\"2.0\"><channel><title>Film reviews</title><item><title>Review: Low Tide 4/5</title><description><![CDATA[<p>{PROSE}</p>{marks}]]></description></item></channel></rss>"
                ),
            );
        },
    },
    Way {
        name: "rating",
        marks: &[UNLIKE, SIGNS, RATINGS],
        go: |marks| {
            let _ = rating::in_text(marks, Some("Low Tide"), rating::Scale::default());
        },
    },
    Way {
        name: "quote",
        marks: &[UNLIKE, SIGNS, WORDS],
        go: |marks| {
            let mut review = Review::new("a", "0", Body::new(&format!("{PROSE}\n\n{marks}\n\n{PROSE}")));
            review.work = Work::titled("Low Tide");
            let _ = (quote::choose(&review, 300), quote::choose_hidden(&review, 300));
        },
    },
];

/// Words as reviews have them: what is around the marks, and what they are compared with.
pub const PROSE: &str = "I watched this film on a wet Tuesday and came out smiling. The cast is superb, the story \
    is patient and funny, and the harbour has never looked colder. It drags a little in the middle. I would gladly \
    see it again.";

fn read_as(name: &str, text: &str) {
    let document = Document { source: name.into(), url: None, content_type: None, bytes: text.as_bytes().to_vec() };
    let Ok(mut reading) = read::read(&document) else { return };
    for review in &reading.reviews {
        let _ = (quote::choose(review, 300), quote::choose_hidden(review, 300));
    }
    read::tie(&mut reading.reviews);
}

/// A mark again and again, up to so many bytes.
pub fn repeated(mark: &str, bytes: usize) -> String {
    if !mark.contains('№') {
        return mark.repeat(bytes / mark.len());
    }
    let mut out = String::with_capacity(bytes);
    for number in 0.. {
        let next = mark.replace('№', &format!("{number:04}"));
        if out.len() + next.len() > bytes {
            break;
        }
        out.push_str(&next);
    }
    out
}

/// What a way in costs for a text: the least of so many tries. The system counts in ticks of a few milliseconds, so
/// each try goes on until there are enough of them.
pub fn cost(way: &Way, text: &str, tries: usize) -> Duration {
    let once = || {
        let (wall, busy) = (Instant::now(), processor());
        let mut times = 0;
        loop {
            (way.go)(text);
            times += 1;
            let taken = match (busy, processor()) {
                (Some(before), Some(after)) => after.saturating_sub(before),
                _ => wall.elapsed(),
            };
            if taken >= ENOUGH {
                return taken / times;
            }
        }
    };
    (0..tries).map(|_| once()).min().unwrap_or_default()
}

/// A measurement shorter than this is mostly rounding.
const ENOUGH: Duration = Duration::from_millis(25);

/// The processor time this thread has taken, where the system tells it.
fn processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}
