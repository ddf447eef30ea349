//! The notations and the traps, one line each. The sentences are written for this table.

use super::*;

mod rows;

fn read(text: &str) -> Option<(f64, Confidence, RatingKind)> {
    in_text(text, None, Scale::default()).map(|r| (r.score.value(), r.confidence, r.kind))
}

/// Whether the text gives this score, to the decimal that scores are kept to.
fn reads(text: &str, want: f64) -> bool {
    read(text).is_some_and(|(score, ..)| (score - want).abs() < 0.06)
}

#[test]
fn more_notations_are_read() {
    let table = [
        ("Graphics: 9/10\nSound: 5/10\nMédia Final – 8", 80.0),
        ("Subjective Rating: 4.5/5.0.", 90.0),
        ("My rating: 4 of 5 stars", 80.0),
        ("⭐️⭐️⭐️/5", 60.0),
        ("★★★ out of 4", 75.0),
        ("Schulnote: 2-", 74.0),
        ("Nota final: 8,5", 85.0),
        ("Nota: 4 de 5 estrelas", 80.0),
        ("Een 8 van de 10.", 80.0),
        ("Je donne 4/5 à ce disque.", 80.0),
        ("10点満点で8点", 80.0),
        ("🌕🌕🌕🌗🌑", 70.0),
        ("I'm giving this one 5 stars.", 100.0),
        ("I settled on 3.5/5.", 70.0),
        ("My vote: 7 and a half out of ten.", 75.0),
        ("Solid A.", 100.0),
        ("👍👍", 90.0),
        ("Would I recommend it? Yes.", 75.0),
        ("Not recommended.", 25.0),
        ("Scale: 1-4. Rating: 3", 75.0),
        ("I give this show an 8.5 - and more.", 85.0),
        ("It lands at 3-4 out of 10", 35.0),
        ("I rate it ** / *****.", 40.0),
        ("My Own Film Rating - 4.9/5.0", 98.0),
        ("I give it 3 out of a possible 10 stars.", 30.0),
        ("I give it ***1/2 out *****.", 70.0),
        ("I give it **and a half out of *****.", 50.0),
        ("My rating: *** 1/4 out of ****.", 81.3),
        ("I would give it 2 1/2 stars out of a 4 star system.", 62.5),
        ("On the 1-to-10 scale I rate it a 4.", 40.0),
        ("My verdict is -10/10.", 0.0),
        ("Ten points? No: 7 points from me. My rating: 7 points.", 70.0),
        ("Why did I give it 7/10? For the dog.", 70.0),
        ("I had read some review that praised it, yet I would grade it 4 out of 10.", 40.0),
        ("It deserves at least a 9/10.", 90.0),
    ];
    for (text, want) in table {
        assert!(reads(text, want), "{text}: {:?}", read(text));
    }
}

#[test]
fn every_trap_is_silent() {
    let table = [
        "The towers fell on 9/11 and everything changed.",
        "She works 24/7 and never sleeps.",
        "Seen on 10/10/2013 in a small town.",
        "It opens on 10/10 everywhere.",
        "Fifty is the name of it: 50/50, a comedy.",
        "He is 1/2 of the duo.",
        "This is Part 2/3 of the saga.",
        "Her son is 3/4 years old.",
        "The tone is only 3/4 serious.",
        "10 out of 10 of my friends hated it.",
        "9 out of ten critics liked the poster.",
        "Nine times out of ten the joke lands.",
        "12 of 15 people found this helpful",
        "User Rating\n5 total ratings",
        "11 comments on “Something”",
        "I had to cry at 11 separate points.",
        "The piece relies 100% on its cast.",
        "A typical 90's comedy.",
        "It is rated PG-13 for language.",
        "Rated R for violence.",
        "It makes my Top 10 of the year.",
        "The first 10 minutes drag.",
        "Shot in 16:9 at 1080p.",
        "He loves 8½ and Se7en.",
        "They stay in a five-star hotel.",
        "A four-star general takes over.",
        "She is the star of the show.",
        "An A-list cast in a B-movie.",
        "Grade-A performance with C-grade jokes.",
        "He walked away.\n\n***\n\nMorning came.",
        "***SPOILER*** He wakes up.",
        "What the f*** was that?",
        "IMDb 5.9/10 (576 votes)",
        "Maltin gives it two out of four, which is harsh.",
        "Who are the people who gave it 10/10?",
        "It has upward of 8 stars out of 10 elsewhere.",
        "Last year I gave 9.5/10 to another film.",
        "This would have been 8/10 but for the noise.",
        "It is what could have been a 10/10.",
        "I put it at 4/5 on my MST3K scale.",
        "10/10 for the divine costumes.",
        "5.5/5",
        "2.1/2",
        "9-10?",
        "8/10 for the first half, 4/10 for the second",
        "User rating 8.1 (5 ratings)",
        "Certified Fresh 94%",
        "Verdict: I would go back.",
        "It reminds me of Night Train (9/10) in many ways.",
        "See also: glass (7/10), salt (8/10)",
        "If it were dull, I'd give it zero stars.",
        "I could not give this 10/10 for anything.",
        "He gets to keep 10% of the money.",
        "They feared two thumbs down from the critics.",
        "I gave the first one 3 1/2 stars back then.",
        "My best mark: five stars is the highest rating I know.",
        "She plays a five star cook in a four star kitchen.",
        "My cousin rates it 9/10.",
        "My uncle would say 10/10.",
        "\"10/10,\" she said.",
        "I almost gave it 4 stars.",
        "I wanted to give this 5 stars.",
        "This isn't a 10/10 film.",
        "If the end were better it'd be a 9/10.",
        "The first film was a 9/10.",
        "The trailer was 10/10.",
        "10/10 soundtrack, shame about the rest.",
        "After the sequel (which I rate 9/10) this is a let-down.",
        "I can't believe people gave this 1/10.",
        "Don't let the rating of 5.9 fool you.",
        "On a fright scale I give it a 6.",
        "Customer reviews 4.6 out of 5 stars",
        "Rate this article ★★★★★",
        "☆☆☆☆☆",
        "Vol. 4/6",
        "Age rating: 12+",
        "The video is rated 15.",
        "5 star 62%",
        "Two stars collide in deep space.",
        "She is in grade 8.",
        "20% off",
        "★ Featured",
        "Quebec Rating: 16+",
        "It was a bore, and it deserves more than only 4/10 to the one who wakes.",
        "This film is no way a 9/10.",
        "The one thing that saves this from a 1/10 is the cat.",
        "A local newspaper (The Harbour Post) actually gave this 4 stars out of 4.",
        "There was a comment by another user, who said it was a 6 out of 10.",
        "The 163 people that rated this film 10 out of 10 should be ashamed.",
        "Half of all voters, and 50% voted a 10 out of 10 for it.",
        "I had no option to give it zero out of 10.",
        "It was shown again and now it has an 8.5/10 from over 100,000 people.",
        "And this gets a 6.8/10???",
        "How this film gets 6.3 stars out of 10 is a mystery to me.",
        "In nine out of ten you can see the scene coming.",
        "I can take most cheese (9 out of 10 horror films are cheese).",
        "Well, one out of four ain't bad.",
        "Up to here 7 of 10 stars. Then it turned.",
        "First part: 1 out of 10, second part: 4 out of 10",
        "Blood: 4/5\nJokes: 2/5\nDogs: 5/5",
        "***** superb **** good *** fair ** poor * awful",
        "Music-wise 10 out of 10.",
    ];
    let fired: Vec<_> =
        table.iter().filter_map(|text| in_text(text, None, Scale::default()).map(|r| (text, r))).collect();
    assert!(fired.is_empty(), "{fired:#?}");
}

#[test]
fn what_is_guessed_or_binary_says_so() {
    for text in ["★★★½", "four stars", "⭐⭐⭐⭐", "11/10", "-10 out of 10", "Score: 3.5"] {
        assert_eq!(read(text).map(|r| r.1), Some(Confidence::Low), "{text}");
    }
    for text in ["9/10", "★★★½☆", "Score: 8", "4 von 5 Sternen"] {
        assert_eq!(read(text).map(|r| r.1), Some(Confidence::High), "{text}");
    }
    assert_eq!(read("two thumbs up").map(|r| r.2), Some(RatingKind::Binary));
    assert_eq!(read("Grade: B+").map(|r| r.2), Some(RatingKind::Letter));
}

#[test]
fn the_scale_of_the_source_decides_what_stars_mean() {
    let four = Scale { best: Some(4.0), language: None };
    assert_eq!(in_text("★★★½", None, four).map(|r| r.score.value()), Some(87.5));
    assert_eq!(field("four stars", four).map(|r| r.score.value()), Some(100.0));
    assert_eq!(field("3", four).map(|r| r.score.value()), Some(75.0));
}

#[test]
fn the_body_speaks_against_a_mark_whose_scale_is_guessed() {
    assert_eq!(read("A terrible, boring mess of a film, and I want my evening back. I give it a 4."), None);
    assert!(read("A terrible, boring mess of a film, and I want my evening back. I give it 4/5.").is_some());
    assert!(read("A lovely film with a great cast. I give it a 4.").is_some());
}

#[test]
fn a_legend_gives_stars_their_scale() {
    let text = "All films are rated on a scale of one to four.\n\n★★★½\n\nA fine evening.";
    assert_eq!(read(text).map(|r| (r.0, r.1)), Some((87.5, Confidence::High)));
}

#[test]
fn texts_without_measure_are_read_in_time() {
    for piece in ["9/10 ", "★ ", "** ", "I give it a ", "rated 8 of "] {
        let _ = in_text(&piece.repeat(60_000 / piece.len()), None, Scale::default());
    }
}

#[test]
fn a_field_is_read_without_label() {
    for (text, want) in [
        ("7.5", 75.0),
        ("3.5", 70.0),
        ("8 of 10", 80.0),
        ("B+", 83.0),
        ("85%", 85.0),
        ("★★★★☆", 80.0),
        ("0.0", 0.0),
        ("4/5", 80.0),
        ("5 stars", 100.0),
    ] {
        assert_eq!(field(text, Scale::default()).map(|r| r.score.value()), Some(want), "{text}");
    }
    assert_eq!(field("Abandoned", Scale::default()), None);
    assert_eq!(of_numbers("3,5", 3.5, Some(4.0)).map(|r| r.score.value()), Some(87.5));
    assert_eq!(of_numbers("4", 4.0, None).map(|r| r.score.value()), Some(80.0));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_stumble(text in "(?s).{0,200}", noise in r"[0-9/ ½★*%.:A-F\n-]{0,60}") {
        let _ = in_text(&text, None, Scale::default());
        let _ = in_text(&noise, None, Scale::default());
        let _ = field(&noise, Scale::default());
    }
}
