//! What reviews speak about, by kind of work: the words that stand for an aspect.

use std::sync::LazyLock;

use crate::model::WorkKind;

use super::words::WordSet;

/// An aspect and the words that stand for it.
pub(super) struct Aspect {
    /// Its name, as the agreement prints it.
    pub name: &'static str,
    words: &'static [&'static str],
}

const STORY: Aspect = Aspect {
    name: "story",
    words: &[
        "story stories storyline storytelling plot plots plotting script scripts screenplay writing written",
        "dialogue dialogues narrative premise handlung drehbuch geschichte scénario histoire guion guión historia",
        "trama sceneggiatura storia roteiro história verhaal",
    ],
};
const ACTING: Aspect = Aspect {
    name: "acting",
    words: &[
        "acting actor actors actress actresses cast casting performance performances performer performers",
        "portrayal portrayals ensemble schauspieler darsteller acteurs actores interpretación attori recitazione",
        "atores atuações acteren",
    ],
};
const DIRECTION: Aspect = Aspect {
    name: "direction",
    words: &[
        "direction director directing directed directs directorial filmmaking filmmaker regie regisseur",
        "réalisation dirección regia direção",
    ],
};
const LOOK: Aspect = Aspect {
    name: "look",
    words: &[
        "cinematography visual visuals visually photography shot shots camera camerawork imagery images costumes",
        "design effects animation sets cgi colors colours lighting bilder kamera image fotografía fotografia",
    ],
};
const MUSIC: Aspect = Aspect {
    name: "music",
    words: &["music musical score soundtrack songs song sound musik musique música musica muziek"],
};
const PACE: Aspect = Aspect {
    name: "pace",
    words: &["pace paced pacing slow length runtime editing edited tempo overlong drags rythme ritmo"],
};
const CHARACTERS: Aspect = Aspect {
    name: "characters",
    words: &[
        "character characters characterization characterisation protagonist protagonists heroine figuren",
        "charaktere personnages personajes personaggi personagens",
    ],
};
const PROSE: Aspect = Aspect {
    name: "writing",
    words: &[
        "writing written prose style language writes dialogue voice sentences schreibstil sprache écriture",
        "escritura prosa scrittura escrita",
    ],
};
const PLOT: Aspect = Aspect { name: "story", words: STORY_OF_BOOKS };
const STORY_OF_BOOKS: &[&str] = &[
    "story stories storyline storytelling plot plots plotting narrative premise handlung geschichte histoire",
    "intrigue historia trama storia história verhaal",
];
const WORLD: Aspect = Aspect {
    name: "world",
    words: &["world worldbuilding setting settings atmosphere universe welt atmosphère atmósfera"],
};
const IDEAS: Aspect =
    Aspect { name: "ideas", words: &["theme themes ideas idea research argument arguments insight insights message"] };
const PLAY: Aspect = Aspect {
    name: "gameplay",
    words: &[
        "gameplay mechanic mechanics combat controls control puzzles puzzle levels fighting rules replay",
        "steuerung jouabilité jugabilidad",
    ],
};
const GRAPHICS: Aspect = Aspect {
    name: "graphics",
    words: &[
        "graphics graphic visuals visual visually art animation textures design artwork components grafik",
        "graphismes gráficos",
    ],
};
const PERFORMANCE: Aspect = Aspect {
    name: "technical state",
    words: &["bugs bug buggy performance framerate crash crashes glitches port optimization loading"],
};
const SONGS: Aspect = Aspect {
    name: "songs",
    words: &["song songs track tracks songwriting melody melodies hooks hook riffs riff chorus choruses tunes tune"],
};
const VOCALS: Aspect =
    Aspect { name: "vocals", words: &["vocals vocal voice voices singing singer vocalist sings harmonies"] };
const LYRICS: Aspect = Aspect {
    name: "lyrics",
    words: &["lyrics lyric lyrical lyrically lyricism words bars texte paroles letras testi"],
};
const PRODUCTION: Aspect = Aspect {
    name: "production",
    words: &["production produced producer mix mixing arrangements arrangement sound beats instrumentation produktion"],
};
const PLAYING: Aspect = Aspect {
    name: "playing",
    words: &["guitar guitars drums drumming bass piano synths solos musicianship playing band strings"],
};
const FOOD: Aspect = Aspect {
    name: "food",
    words: &[
        "food meal meals dish dishes menu taste tasty delicious breakfast lunch dinner dessert drinks coffee",
        "essen küche comida cibo",
    ],
};
const SERVICE: Aspect = Aspect {
    name: "service",
    words: &["service staff waiter waitress server servers reception personal bedienung servicio servizio"],
};
const PRICE: Aspect = Aspect {
    name: "price",
    words: &["price prices priced pricey value expensive cheap overpriced affordable money preis prix precio prezzo"],
};
const ATMOSPHERE: Aspect = Aspect {
    name: "atmosphere",
    words: &["atmosphere ambience ambiance decor location view views room rooms noise noisy cozy cosy ambiente"],
};
const QUALITY: Aspect = Aspect {
    name: "quality",
    words: &["quality build design battery screen durability material materials comfort comfortable"],
};

const FILM: &[&Aspect] = &[&STORY, &ACTING, &DIRECTION, &LOOK, &MUSIC, &PACE, &CHARACTERS];
const BOOK: &[&Aspect] = &[&PLOT, &PROSE, &CHARACTERS, &PACE, &WORLD, &IDEAS];
const GAME: &[&Aspect] = &[&PLAY, &PLOT, &GRAPHICS, &MUSIC, &CHARACTERS, &WORLD, &PERFORMANCE];
const ALBUM: &[&Aspect] = &[&SONGS, &VOCALS, &LYRICS, &PRODUCTION, &PLAYING];
const OTHER: &[&Aspect] = &[&FOOD, &SERVICE, &PRICE, &ATMOSPHERE, &QUALITY];

/// The aspects by which a kind of work is judged. An unknown kind is taken for a film.
pub(super) const fn of(kind: Option<WorkKind>) -> &'static [&'static Aspect] {
    match kind {
        None | Some(WorkKind::Film) => FILM,
        Some(WorkKind::Book) => BOOK,
        Some(WorkKind::Game) => GAME,
        Some(WorkKind::Album) => ALBUM,
        Some(WorkKind::Other) => OTHER,
    }
}

impl Aspect {
    /// The aspect's words.
    pub fn set(&self) -> WordSet {
        WordSet::of(self.words)
    }
}

/// Whether the word of a key stands for any aspect of the kind.
pub(super) fn is_aspect_word(kind: Option<WorkKind>, key: u32) -> bool {
    static SETS: LazyLock<[WordSet; 5]> = LazyLock::new(|| {
        let all = |kind| of(Some(kind)).iter().flat_map(|aspect| aspect.words).copied().collect::<Vec<_>>();
        WorkKind::ALL.map(|kind| WordSet::of(&all(kind)))
    });
    SETS[kind.map_or(0, |k| k as usize)].has(key)
}
