//! The sixty notations, numbered as in the table that the reader was built to, with the sentences of this project.
//! The table has letters to the decimal (B+ is 83.3); they are read as the whole numbers that aggregators print.

use super::{super::*, read, reads};

/// Reads a text as a page of a given language or scale.
fn with(text: &str, best: Option<f64>, language: Option<&str>) -> Option<f64> {
    in_text(text, None, Scale { best, language }).map(|rating| rating.score.value())
}

#[test]
fn all_sixty_rows_are_read() {
    let rows: [(u8, &[&str], f64); 78] = [
        (1, &["A fine little thing. 9/10"], 90.0),
        (2, &["In the end I say 8 out of 10."], 80.0),
        (3, &["Well made.\n\n7.5/10", "Well made.\n\n7,5/10"], 75.0),
        (4, &["I laughed a lot. A solid 10/10", "Go and see it, Solid 10/10"], 100.0),
        (5, &["Outstanding 10/10."], 100.0),
        (6, &["It gets 10 out of 10.", "From me: ten out of ten"], 100.0),
        (7, &["So: 9 / 10", "So: 9⁄10"], 90.0),
        (8, &["Rating: 3.5/4"], 87.5),
        (9, &["Rating: 2.5/4"], 62.5),
        (10, &["It was fine. 3/5"], 60.0),
        (10, &["It was fine. 3½/5", "It was fine. 3 1/2 / 5"], 70.0),
        (11, &["★★★½☆"], 70.0),
        (12, &["★★★½"], 70.0),
        (13, &["***1/2 out of ****"], 87.5),
        (14, &["*** (out of 5)"], 60.0),
        (15, &["Rating: 4 stars (out of 5)"], 80.0),
        (16, &["four stars"], 80.0),
        (17, &["two and a half stars out of four"], 62.5),
        (18, &["4.0 out of 5 stars", "Rated 4 out of 5"], 80.0),
        (19, &["ten stars"], 100.0),
        (20, &["zero stars", "0/5"], 0.0),
        (21, &["Score: 85%", "A rating of 85%"], 85.0),
        (22, &["85/100"], 85.0),
        (22, &["95 points"], 95.0),
        (23, &["Karakter: 4/6"], 66.7),
        (23, &["terningkast 5"], 83.3),
        (26, &["Score: 8", "I give it an 8"], 80.0),
        (27, &["8+/10"], 80.0),
        (27, &["7-8/10"], 75.0),
        (28, &["I am between 6 and 7 out of 10"], 65.0),
        (29, &["five out of five"], 100.0),
        (29, &["5 ud af 6 stjerner"], 83.3),
        (30, &["9.0 ★", "4,5 Sterne"], 90.0),
        (31, &["Grade: A-"], 92.0),
        (32, &["Grade: B+", "B+"], 83.0),
        (32, &["Grade: B", "B"], 75.0),
        (32, &["Grade: B-"], 67.0),
        (33, &["Grade: C+", "C+"], 58.0),
        (33, &["Grade: C", "C"], 50.0),
        (33, &["Grade: C-", "C-"], 42.0),
        (33, &["Grade: D"], 25.0),
        (33, &["Grade: F"], 0.0),
        (33, &["Grade: A+"], 100.0),
        (34, &["Every scene sits just so.A.Full review: example.org/film"], 100.0),
        (35, &["Grade: A-/B+"], 87.5),
        (36, &["I give it a solid B", "A solid grade, rating: a solid B"], 75.0),
        (40, &["two thumbs up"], 90.0),
        (40, &["two thumbs down"], 10.0),
        (41, &["A thumbs up from this seat", "👍"], 75.0),
        (41, &["thumbs down", "👎"], 25.0),
        (42, &["Verdict: Fresh"], 75.0),
        (42, &["Rotten"], 25.0),
        (44, &["⭐⭐⭐⭐"], 80.0),
        (44, &["🍿🍿🍿🍿🍿"], 100.0),
        (45, &["●●●●○", "4/5 🍅"], 80.0),
        (46, &["Note: 2"], 80.0),
        (46, &["Note: 2+"], 86.0),
        (47, &["sehr gut (1)"], 100.0),
        (47, &["befriedigend (3)"], 60.0),
        (47, &["Note 6"], 0.0),
        (48, &["7 von 10 Punkten"], 70.0),
        (48, &["4 von 5 Sternen"], 80.0),
        (49, &["3 étoiles sur 5"], 60.0),
        (49, &["4 sur 5"], 80.0),
        (50, &["15/20"], 75.0),
        (50, &["Note : 14/20"], 70.0),
        (51, &["voto 7½"], 75.0),
        (51, &["8 su 10"], 80.0),
        (52, &["8 sobre 10", "4 estrellas de 5"], 80.0),
        (53, &["8 op 10", "8 из 10"], 80.0),
        (54, &["85点"], 85.0),
        (54, &["★4.2"], 84.0),
        (55, &["Verdict: Buy"], 80.0),
        (55, &["Verdict: Rent"], 50.0),
        (55, &["Verdict: Skip"], 20.0),
        (56, &["11/10"], 100.0),
        (56, &["-10 out of 10"], 0.0),
        (58, &["Story 8/10 Acting 6/10 Overall 7/10"], 70.0),
    ];
    for (row, texts, want) in rows {
        for text in texts {
            assert!(reads(text, want), "row {row}, {text}: {:?}", read(text));
        }
    }
}

#[test]
fn rows_that_reject_give_no_rating() {
    for (row, text) in [
        (7, "So: 9-10?"),
        (43, "Certified Fresh 94%"),
        (57, "5.5/5"),
        (57, "2.1/2"),
        (59, "8/10 for the first half, 4/10 for the second"),
        (60, "User rating 8.1 (5 ratings)"),
    ] {
        assert_eq!(read(text), None, "row {row}, {text}");
    }
}

#[test]
fn rows_of_fields_and_markup_are_read() {
    let field = |text: &str| super::super::field(text, Scale::default()).map(|rating| rating.score.value());
    assert_eq!(with("★★★½", Some(4.0), None), Some(87.5), "row 12 on a site with four stars");
    assert_eq!(with("four stars", Some(4.0), None), Some(100.0), "row 16 on a site with four stars");
    assert_eq!(field("7.5"), Some(75.0), "row 24");
    assert_eq!(field("3.5"), Some(70.0), "row 25");
    assert_eq!(field("8 of 10"), Some(80.0), "row 39");
    assert_eq!(with("Note : 14/20", None, Some("fr")), Some(70.0), "row 50 in French");
    let numbers = |printed: &str, value, best| of_numbers(printed, value, best).map(|rating| rating.score.value());
    assert_eq!(number("3,5").and_then(|value| numbers("3,5", value, Some(4.0))), Some(87.5), "row 37");
    assert_eq!(numbers("4", 4.0, None), Some(80.0), "row 38");
}

#[test]
fn rows_with_a_doubt_or_two_values_say_so() {
    let low = ["★★★½", "four stars", "⭐⭐⭐⭐", "11/10", "-10 out of 10"];
    for text in low {
        assert_eq!(read(text).map(|rating| rating.1), Some(Confidence::Low), "{text}");
    }
    assert_eq!(super::super::field("3.5", Scale::default()).map(|rating| rating.confidence), Some(Confidence::Low));
    for text in ["two thumbs up", "two thumbs down", "thumbs down", "Rotten", "Verdict: Skip"] {
        assert_eq!(read(text).map(|rating| rating.2), Some(RatingKind::Binary), "{text}");
    }
}
