//! What sentences say of the aspects of each kind of work: written for this table, none taken from a review.

use super::*;

/// A sentence, and what it says: aspect with `+` or `-`, parted by spaces; `~` where the side is not told (there one
/// word alone leans too little).
type Row = (&'static str, &'static str);

const FILM: &[Row] = &[
    ("The acting is superb, but the plot is dull.", "acting+ story-"),
    ("Her performance is a wonder, warm and precise.", "acting+"),
    ("Gorgeous photography and a haunting score lift a thin script.", "look+ music+ script-"),
    ("It is far too long and it drags badly in the middle.", "pace-"),
    ("The direction is assured and the editing is crisp.", "direction+ editing+"),
    ("The jokes fall flat and the dialogue is wooden.", "humour- script-"),
    ("I can't fault the cast.", "acting+"),
    ("The special effects look cheap and unconvincing.", "effects-"),
    ("The villain is not bad at all.", "characters+"),
    ("The heroine is a bore.", "characters-"),
    ("He was born in Leeds in 1961.", ""),
];

const BOOK: &[Row] = &[
    ("The prose is luminous and every sentence sings.", "writing+"),
    ("The characters are flat and impossible to care about.", "characters-"),
    ("Her worldbuilding is rich and endlessly inventive.", "world+"),
    ("The plot is gripping from start to finish.", "story+"),
    ("The pacing is uneven and the last third drags.", "pace-"),
    ("It is well researched and full of insight.", "ideas+"),
    ("The ending was rushed and disappointing.", "story-"),
    ("Beautifully written, but the story goes nowhere and bored me.", "writing+ story-"),
    ("The dialogue is stilted and awkward.", "writing-"),
    ("I bought it at the station on a Tuesday.", ""),
];

const ALBUM: &[Row] = &[
    ("The vocals are stunning and the lyrics are clever.", "vocals+ lyrics+"),
    ("The production is muddy and lifeless.", "production-"),
    ("Every song is catchy and the melodies are lovely.", "songs+"),
    ("The drumming is tight and inventive.", "playing+"),
    ("Her voice is warm and expressive on every track.", "vocals+"),
    ("The lyrics are clumsy and embarrassing.", "lyrics-"),
    ("There is too much filler in the second half.", "songs-"),
    ("The guitar work is brilliant, but the mix is a mess.", "playing+ production-"),
    ("It was recorded in Oslo over one winter.", ""),
];

const GAME: &[Row] = &[
    ("The combat is satisfying and the controls are tight.", "gameplay+"),
    ("The graphics are gorgeous and the soundtrack is wonderful.", "graphics+ music+"),
    ("It is riddled with bugs and crashes constantly.", "technical state-"),
    ("The story is forgettable and badly told.", "story-"),
    ("The puzzles are clever and rewarding.", "gameplay+"),
    ("The frame rate is terrible and the loading times are awful.", "technical state-"),
    ("The world is beautiful and a joy to explore.", "world+"),
    ("The side quests are repetitive and tedious.", "gameplay-"),
    ("The characters are charming and the writing is funny.", "characters+"),
    ("It came out for three consoles in March.", ""),
];

const PLACE: &[Row] = &[
    ("The food was delicious and the staff were friendly.", "food+ service+"),
    ("Our waiter was rude and the service was painfully slow.", "service-"),
    ("It is overpriced for what you get.", "price-"),
    ("The atmosphere is cozy and the view is spectacular.", "atmosphere+"),
    ("The steak was dry and the dessert was awful.", "food-"),
    ("Great value for money.", "price+"),
    ("Our room was dirty and noisy.", "atmosphere-"),
    ("The menu is inventive, but the prices are outrageous.", "food+ price-"),
    ("We came on a Sunday with friends.", ""),
];

/// What is said, in the words of the table.
fn said(kind: WorkKind, text: &str) -> Vec<String> {
    let sign = |opinion: &Opinion| match (opinion.is_decided(), opinion.polarity > 0.0) {
        (false, _) => '~',
        (true, true) => '+',
        (true, false) => '-',
    };
    opinions(text, Some(kind), "").iter().map(|opinion| format!("{}{}", opinion.aspect, sign(opinion))).collect()
}

/// Every row's aspects must be found, on the side that they are marked with; another aspect may be named, but takes
/// no side against the row's.
fn check(kind: WorkKind, table: &[Row]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let mut rest = said(kind, text);
        let expected = expected.replace("technical state", "technical_state");
        for one in expected.split_whitespace().map(|one| one.replace('_', " ")) {
            match rest.iter().position(|found| *found == one) {
                Some(at) => drop(rest.remove(at)),
                None => wrong.push(format!("{text}\n    {one} is missing: {:?}", said(kind, text))),
            }
        }
        if expected.is_empty() && !rest.is_empty() {
            wrong.push(format!("{text}\n    says nothing, but is taken for {rest:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn films_are_judged_by_their_own_aspects() {
    check(WorkKind::Film, FILM);
}

#[test]
fn books_are_judged_by_their_own_aspects() {
    check(WorkKind::Book, BOOK);
}

#[test]
fn albums_are_judged_by_their_own_aspects() {
    check(WorkKind::Album, ALBUM);
}

#[test]
fn games_are_judged_by_their_own_aspects() {
    check(WorkKind::Game, GAME);
}

#[test]
fn places_are_judged_by_their_own_aspects() {
    check(WorkKind::Other, PLACE);
}

#[test]
fn a_clause_set_against_another_speaks_for_itself() {
    let found = opinions("The music is lovely, while the script is a tedious mess.", None, "");
    let sides: Vec<(&str, bool)> = found.iter().map(|o| (o.aspect, o.polarity > 0.0)).collect();
    assert_eq!(sides, [("script", false), ("music", true)]);
}

#[test]
fn a_list_shares_its_judgement() {
    let found = opinions("The acting, the editing and the music are all excellent.", None, "");
    assert!(found.len() == 3 && found.iter().all(|o| o.is_decided() && o.polarity > 0.0), "{found:?}");
}
