//! How far a text judges a work: the sentences that hold words of judgement, words for works and their parts, both
//! together, and against it the sentences that report or speak of sport. For the languages most reviews are in.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// The words of one language.
struct Words {
    language: &'static str,
    opinion: &'static str,
    work: &'static str,
    report: &'static str,
}

#[rustfmt::skip]
const WORDS: [Words; 7] = [
    Words {
        language: "en",
        opinion: "great best worst excellent brilliant amazing awesome wonderful beautiful beautifully superb perfect perfectly terrible awful boring bored dull tedious enjoyable enjoyed enjoy enjoying loved love hated disappointing disappointed disappointment masterpiece recommend recommended watchable readable engaging gripping hilarious touching moving impressive unimpressive stunning charming predictable clever stupid silly fantastic incredible mediocre solid entertaining refreshing overrated underrated memorable forgettable delightful compelling convincing unconvincing flawed flaws flaw uneven poorly annoying irritating pretentious captivating laughable ridiculous genius subtle lovely magnificent awkward satisfying unsatisfying creepy riveting believable gorgeous shallow clichéd cliche cliches fun funny weak liked worth good bad fine strong weakest strongest impressed interesting powerful charm gem fascinating vivid haunting lacks lacking fails suffers delivers shines",
        work: "film films movie movies book books novel novels album albums song songs story plot characters character acting actors actress cast director author prose soundtrack gameplay storyline dialogue cinematography screenplay script episode vocals ending reader readers chapters trilogy sequel documentary tracks guitar lens read reading watched watching pages protagonist villain game games graphics multiplayer console",
        report: "said says told announced according reportedly spokesman spokesperson police officials minister",
    },
    Words {
        language: "de",
        opinion: "gut guter gutes gute toll tolle großartig großartige hervorragend hervorragende schön schöne wunderbar wunderbare spannend spannende langweilig langweilige enttäuschend enttäuscht enttäuschung schlecht schlechte schwach schwache gelungen gelungene überzeugt überzeugend überzeugende empfehlen empfehlung empfehlenswert empfehlenswerte unterhaltsam unterhaltsame witzig lesenswert sehenswert meisterwerk fesselnd fesselnde flüssig gefallen gefällt liebe liebt mag beeindruckend beeindruckende lustig berührend klug brillant perfekt originell kitschig vorhersehbar interessant leider",
        work: "film films filme buch buches bücher roman romans romane album alben song songs geschichte handlung figuren figur charaktere charakter schauspieler regisseur regie autor autorin autors schreibstil leser leserin lektüre kapitel seiten spiel spiels soundtrack drehbuch szene szenen serie krimi erzählung protagonist protagonistin band inszenierung",
        report: "sagte sagt laut teilte mitteilte erklärte polizei uhr veranstaltung",
    },
    Words {
        language: "pt",
        opinion: "bom boa bons ótimo ótima excelente incrível maravilhoso maravilhosa lindo linda belo bela perfeito perfeita péssimo péssima ruim chato chata tedioso decepcionante decepção gostei gosto adorei amei recomendo interessante divertido divertida engraçado engraçada emocionante fraco fraca forte brilhante genial magnífico magnífica charmoso charme competente eficiente bobo tolo pior melhor memorável obra-prima original previsível fascinante impressionante virtudes defeitos infelizmente pena delírio belíssimo",
        work: "filme filmes livro livros romance álbum disco música músicas história enredo personagem personagens ator atores atriz elenco diretor direção roteiro fotografia trilha jogo jogos gráficos jogabilidade cena cenas série séries autor autora leitor narrativa cinema espectador espectadores cineasta longa documentário protagonista comédia drama",
        report: "disse afirmou segundo anunciou polícia informou",
    },
    Words {
        language: "es",
        opinion: "bueno buena gran excelente increíble maravilloso maravillosa hermoso hermosa perfecto perfecta pésimo malo mala aburrido aburrida decepcionante decepción gustó encanta encantó recomiendo interesante divertido divertida emocionante flojo brillante genial magnífico magnífica mejor peor memorable previsible fascinante impresionante",
        work: "película películas filme libro libros novela novelas álbum disco canción canciones historia trama personaje personajes actor actores actriz reparto director dirección guion guión fotografía juego juegos jugabilidad escena escenas serie autor autora lector narrativa cine espectador protagonista",
        report: "dijo afirmó según anunció policía informó",
    },
    Words {
        language: "fr",
        opinion: "bon bonne excellent excellente magnifique superbe beau belle parfait parfaite mauvais mauvaise ennuyeux ennuyeuse décevant décevante déception aimé adoré recommande intéressant intéressante drôle émouvant émouvante faible brillant brillante génial géniale réussi réussie meilleur pire chef-d'œuvre touchant fascinant impressionnant captivant",
        work: "film films livre livres roman romans album disque chanson chansons histoire intrigue personnage personnages acteur acteurs actrice réalisateur réalisation scénario jeu jeux scène scènes série auteur auteure lecteur lecture récit cinéma spectateur héros",
        report: "déclaré selon annoncé police",
    },
    Words {
        language: "it",
        opinion: "bello bella ottimo ottima eccellente splendido splendida meraviglioso perfetto perfetta brutto brutta noioso noiosa deludente delusione piaciuto consiglio interessante divertente emozionante debole brillante geniale magnifico migliore peggiore capolavoro affascinante",
        work: "film libro libri romanzo romanzi album disco canzone canzoni storia trama personaggio personaggi attore attori attrice cast regista regia sceneggiatura fotografia gioco giochi scena scene serie autore autrice lettore cinema protagonista",
        report: "detto secondo annunciato polizia",
    },
    Words {
        language: "nl",
        opinion: "goed goede mooi mooie geweldig geweldige prachtig prachtige slecht slechte saai saaie teleurstellend leuk leuke spannend spannende aanrader grappig sterk zwak meesterwerk boeiend boeiende",
        work: "film films boek boeken roman album nummer verhaal plot personages personage acteur acteurs regisseur schrijver lezer spel spellen scène serie hoofdstuk",
        report: "zei volgens politie",
    },
];

/// Words of sport, whose pages speak of games, performances and stars.
const SPORT: &str = "clubs coach fc goals halbzeit innings league liga mannschaft match matches nba nfl players punkte quarterback saison scored season sieg spieler team teams tore touchdown tournament trainer turnier wm";

/// A text that reaches this judges a work: measured on review blogs against news, shop and help pages.
const ENOUGH: f64 = 0.125;

/// What was counted in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// How many sentences it has.
    pub sentences: usize,
    /// How many of them judge.
    opinion: usize,
    /// How many of them speak of a work.
    work: usize,
    /// The share of judgement, work and both, less report and sport.
    pub score: f64,
}

impl Measure {
    /// Counts in a text of a language, `None` where its words are not known here.
    pub fn of(text: &str, language: &str) -> Option<Self> {
        static SETS: LazyLock<HashMap<&str, [HashSet<&str>; 4]>> = LazyLock::new(|| {
            let set = |words: &'static str| words.split(' ').collect::<HashSet<_>>();
            let row = |w: &Words| (w.language, [set(w.opinion), set(w.work), set(w.report), set(SPORT)]);
            WORDS.iter().map(row).collect()
        });
        let sets = SETS.get(language)?;
        let mut counts = [0usize; 4];
        let (mut both, mut sentences) = (0, 0);
        for sentence in text.split(['.', '!', '?', '…', '\n']).filter(|sentence| sentence.len() > 15).take(2000) {
            sentences += 1;
            let mut seen = [false; 4];
            let lower = sentence.to_lowercase().replace('’', "'");
            for word in lower.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'') {
                for (seen, set) in seen.iter_mut().zip(sets) {
                    *seen = *seen || set.contains(word);
                }
            }
            both += usize::from(seen[0] && seen[1]);
            counts.iter_mut().zip(seen).for_each(|(count, seen)| *count += usize::from(seen));
        }
        let [opinion, work, report, sport] = counts.map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
        let (all, shared) = (sentences as f64, both as f64);
        let score = (shared + 0.5 * work + 0.3 * opinion - report - sport) / (all + 2.0);
        Some(Self { sentences, opinion: counts[0], work: counts[1], score })
    }

    /// Whether the text speaks of a work and judges at all, as one does below the data of a work.
    pub fn speaks(self) -> bool {
        self.opinion >= 2 && self.work >= 1
    }

    /// Whether the text judges a work by its words alone.
    pub fn is_enough(self) -> bool {
        self.score >= ENOUGH && self.opinion + self.work >= 4
    }
}

#[cfg(test)]
mod tests {
    use super::Measure;

    #[test]
    fn reviews_and_reports_are_far_apart() {
        for (language, text) in [
            (
                "en",
                "The acting is superb. The plot of this film is thin, but I enjoyed every scene. Its ending is moving.",
            ),
            (
                "de",
                "Der Film ist spannend. Die Handlung überzeugt, die Schauspieler sind großartig. Ich kann das Buch dazu empfehlen.",
            ),
            ("pt", "O filme é interessante. O roteiro é fraco, mas o elenco é excelente. Gostei da trilha."),
        ] {
            assert!(Measure::of(text, language).unwrap().is_enough(), "{text}");
        }
        let report = "The minister said on Monday that the bridge will close. Police told drivers to stay away. A good detour was announced.";
        assert!(!Measure::of(report, "en").unwrap().is_enough());
        let match_report = "The coach praised a great performance. The team scored twice in the best match of the season. The league goes on.";
        assert!(!Measure::of(match_report, "en").unwrap().is_enough());
        assert_eq!(Measure::of("Elokuva on hyvä.", "fi"), None);
    }
}
