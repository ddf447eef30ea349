//! Words that judge and words for works, in the languages most met after English, whose are in
//! [`super::measure`]. Endings change in these, so a word counts by what it begins with.

use std::{collections::HashSet, sync::LazyLock};

use crate::model::text::norm;

/// Beginnings of words that judge: German, French, Spanish and Portuguese, Italian, Dutch, Swedish and Danish, Polish,
/// Russian.
const OPINION_STEMS: [&str; 8] = [
    "grossart hervorragend schwach stark langweil spannend enttausch gelungen misslungen meisterwerk sehenswert lesenswert horenswert empfehl begeister uberzeug wunderschon schlecht gefallt gefallen liebe lieblings unterhaltsam witzig lustig nervig beeindruck genial mittelmass solide vorhersehbar schade leider toll perfekt brillant packend fesselnd beruhrend emotional grandios peinlich schrecklich hype atmospharisch intensiv",
    "excellent magnifiqu genial superbe decev decept ennuyeu ennui passionn captiv reussi rate chef mauvais mediocre meilleur recommand conseill adore aime plais drole touchant emouvant faible efficace brillant interessant prenant parfait original sympathique malheureusement dommage horrible nul ridicule impressionn culte efficac",
    "bonit chul dign entusiasm entreten excelent genial maravill magnific obra aburrid decepcion recomend encant gust mejor peor buen bom boa bueno divertid emocion brillante interesant flojo flojit debil perfect preciosa impresion mediocre malo mala pesim horrible lamentabl desgraciad adorei gostei ador amei otim pessim chat cansativ envolvent emocionant surpreend fraco incriv entedi",
    "eccellent bellissim meraviglios capolavor noios delud delus consigli piaciut piace migliore peggior divertent emozionant brillant interessant debole perfett coinvolgent avvincent mediocr pessim brutt scorrevol purtroppo stupend adoro amato",
    "geweldig prachtig mooi slecht saai teleurstel aanrader aanbevel spannend grappig sterk zwak meeslepend indrukwekkend leuk fantastisch uitstekend genoten boeiend vermakelijk helaas matig meesterwerk",
    "bra battre bast fantastisk underbar vacker trakig besvik rekommend spannand rolig stark svag masterverk utmark tyvarr harlig alskar gillar god bedre bedst kedelig skuffe anbefal morsom smuk fremragend mesterv elsker daarlig",
    "bawi piekn madr cieszy swietn dobr zly slab nudn wciagaj fascynuj polecam poleci piekn cudown rewelac znakomit rozczarow genialn najleps najgors podoba zachwyc wzrusz zabawn smieszn ciekaw interesuj niestety warto arcydziel uwielbi kocham poruszaj wspanial doskonal urocz przepiekn udan",
    "отличн хорош плох скучн интересн прекрасн великолепн шедевр разочаров рекоменд советую понрав слаб сильн захватыва увлекательн лучш худш смешн трогательн гениальн замечательн ужасн любим скука атмосферн",
];

/// Beginnings of words for works and their parts, in the same languages.
const WORK_STEMS: [&str; 8] = [
    "film roman buch buche album alben lied song spiel geschicht handlung figur charakter schauspiel regie regisseur autor drehbuch szene musik serie folge erzahl darsteller kino streifen lese gelesen lektur ende",
    "film livre roman album chanson jeu histoire intrigue personnag acteur actrice realis auteur scenar scene musique serie lecture lecteur interpret cinema",
    "pelicul film libro livro novela romance album disco cancion juego jogo historia trama personaj personagen actor actriz atriz director diretor autor guion roteiro escena cena musica serie lectura leitura cine peli",
    "film libro romanzo album canzon gioco storia trama personagg attor attric regista regia autor autric sceneggiatur scena musica serie lettur cinema",
    "film boek roman album nummer spel verhaal plot personage acteur actrice regisseur auteur schrijver scene muziek serie lezen gelezen",
    "film bok boken roman album lat spel berattels handling karaktar skadespelar regissor forfattar scen musik serie bog historie sang spil skuespiller instruktor forfatter lasa laste",
    "film ksiazk powies album piosenk gra grze histori fabul bohater posta aktor rezyser autor scenariusz scen muzyk serial czyta lektur opowies opowiad seri",
    "фильм книг роман альбом песн игр истори сюжет персонаж геро актер актрис режиссер автор сценари сцен музык сериал чита",
];

/// How many words judge, how many speak of works, and how many sentences there are; `None` for a language that is
/// not known here.
pub fn foreign(text: &str, language: &str) -> Option<(usize, usize, usize)> {
    static SETS: LazyLock<Vec<(HashSet<&str>, HashSet<&str>)>> = LazyLock::new(|| {
        let set = |stems: &'static str| stems.split(' ').collect::<HashSet<_>>();
        OPINION_STEMS.iter().zip(WORK_STEMS).map(|(opinion, work)| (set(opinion), set(work))).collect()
    });
    let row = match language {
        "de" => 0,
        "fr" => 1,
        "es" | "pt" | "ca" | "gl" => 2,
        "it" => 3,
        "nl" => 4,
        "sv" | "da" | "nb" | "no" | "nn" => 5,
        "pl" => 6,
        "ru" | "uk" | "bg" => 7,
        "ja" => return Some(japanese(text)),
        _ => return None,
    };
    let (opinions, works) = &SETS[row];
    let (mut opinion, mut work) = (0, 0);
    for word in norm(&text.replace(['’', '\''], " ")).split(' ') {
        let word = word.replace('ł', "l").replace(['ø', 'œ'], "o");
        opinion += usize::from(begins(&word, opinions));
        work += usize::from(begins(&word, works));
    }
    Some((opinion, work, sentences(text)))
}

/// Whether a word begins with one of the stems.
fn begins(word: &str, stems: &HashSet<&str>) -> bool {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.skip(2).take(11).any(|end| stems.contains(&word[..end]))
}

/// Japanese has no spaces: the words are looked for where they stand.
fn japanese(text: &str) -> (usize, usize, usize) {
    const OPINION: [&str; 18] = [
        "面白",
        "おもしろ",
        "良かった",
        "よかった",
        "最高",
        "傑作",
        "名作",
        "つまらな",
        "退屈",
        "残念",
        "素晴らし",
        "感動",
        "おすすめ",
        "オススメ",
        "好き",
        "楽しめ",
        "微妙",
        "泣け",
    ];
    const WORK: [&str; 16] = [
        "映画",
        "作品",
        "小説",
        "本書",
        "物語",
        "監督",
        "俳優",
        "演技",
        "脚本",
        "主人公",
        "登場人物",
        "アルバム",
        "楽曲",
        "ゲーム",
        "アニメ",
        "ストーリー",
    ];
    let count = |words: &[&str]| words.iter().map(|word| text.matches(word).count()).sum();
    (
        count(&OPINION),
        count(&WORK),
        text.split_inclusive(['。', '！', '？', '\n']).filter(|s| s.len() > 15).count().max(1),
    )
}

fn sentences(text: &str) -> usize {
    text.split_inclusive(['.', '!', '?', '…']).filter(|s| s.len() > 15).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_judgement_are_known_in_several_languages() {
        for (language, text) in [
            ("de", "Der Film ist spannend, die Schauspieler überzeugen, leider ist das Ende schwach."),
            ("fr", "Le film est réussi, les acteurs sont excellents, mais la scène finale est décevante."),
            ("es", "La película me encantó, los actores son excelentes y la historia es aburrida."),
            ("it", "Il film mi è piaciuto, la regia è eccellente, la storia un po’ noiosa."),
            ("nl", "De film is prachtig, het verhaal is spannend en de acteur is sterk."),
            ("sv", "Filmen är vacker, men berättelsen är tråkig och musiken svag."),
            ("pl", "Książka jest świetna, bohaterowie są ciekawi, polecam tę powieść."),
            ("ru", "Фильм отличный, актёры хорошие, но сюжет скучный."),
            ("ja", "この映画は面白かった。監督の作品の中で最高だと思う。主人公が好き。"),
        ] {
            let (opinion, work, _) = foreign(text, language).unwrap();
            assert!(opinion >= 3 && work >= 2, "{language}: {opinion} {work}");
        }
        assert_eq!(foreign("anything", "fa"), None);
        assert_eq!(foreign("Der Vorstand tagt am Montag in Bonn.", "de"), Some((0, 0, 1)));
    }
}
