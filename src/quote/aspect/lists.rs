//! The words and phrases that stand for each aspect, and which aspects each kind of work is judged by.
//!
//! The phrases are English; the words hold some of other languages too, by which [`super::super::score`] knows a
//! sentence that gives a reason.

use super::Aspect;

const STORY: Aspect = Aspect {
    name: "story",
    words: &[
        "story stories storyline storylines storytelling plot plots plotting plotline plotlines plotted subplot subplots",
        "narrative narratives narratively premise tale scenario backstory twists flashback flashbacks screenplay",
        "handlung drehbuch geschichte scénario histoire guion guión historia trama sceneggiatura storia roteiro história",
        "verhaal",
    ],
    phrases: &[
        "plot twist|the twist|a twist|the ending|its ending|ending is|ending was|final act|third act|second act|last act|first act|loose ends",
        "second half|first half|last half|the finale|the climax|story arc|story lines|plot lines|plot holes|plot hole|the suspense|the tension|build up|buildup",
        "well structured|tightly plotted|told through",
    ],
};
const SCRIPT: Aspect = Aspect {
    name: "script",
    words: &[
        "script scripts scripted scriptwriting dialogue dialogues dialog dialogs writing written writer writers",
        "screenwriter screenwriters screenwriting wordplay banter",
    ],
    phrases: &["one liners|one liner|the lines|his lines|her lines|their lines|well scripted|monologue*"],
};
const HUMOUR: Aspect = Aspect {
    name: "humour",
    words: &[
        "humor humour humorous jokes joke gags funny funniest hilarious hilariously laughs comedic comical wit witty",
    ],
    phrases: &[
        "laugh out loud|made me laugh|laughed|comic relief|comic timing|the comedy|is comedy|slapstick|punchline*",
    ],
};
const ACTING: Aspect = Aspect {
    name: "acting",
    words: &[
        "acting actor actors actress actresses acted cast casting performance performances performer performers",
        "portrayal portrayals portrayed portrays portraying ensemble miscast overacting overacted charisma chemistry",
        "typecast schauspieler darsteller acteurs actores interpretación attori recitazione atores atuações acteren",
    ],
    phrases: &[
        "played by|well played|plays a|plays the|plays his|plays her|in the role|his role|her role|the role|their roles|the roles|lead role|title role",
        "leading man|leading lady|supporting role*|the leads|both leads|two leads|screen presence|steals the show|steals every scene|stole the show",
        "is brilliant as|is great as|is excellent as|is superb as|is wonderful as|is perfect as|is terrific as|is good as|is fantastic as|is convincing as|is outstanding as|is amazing as",
        "embodies|accent",
    ],
};
const DIRECTION: Aspect = Aspect {
    name: "direction",
    words: &[
        "direction director directors directing directed directs directorial filmmaking filmmaker filmmakers",
        "regie regisseur réalisation dirección regia direção",
    ],
    phrases: &["at the helm|behind the camera|helmed|film making|film maker*|movie making|art form"],
};
const LOOK: Aspect = Aspect {
    name: "look",
    words: &[
        "cinematography cinematographer cinematographic visual visuals visually photography photographed camera camerawork",
        "imagery costumes costume lighting scenery shots shot framing cinematic filmed colors colours palette sets",
        "backdrop landscapes bilder kamera image fotografía fotografia",
    ],
    phrases: &[
        "production design|set design*|set piece*|art direction|set decoration|the images|its images|images are|the image|the design|designs|animation|animated",
        "looks great|looks amazing|looks beautiful|looks stunning|looks gorgeous|looks fantastic|looks good|looks cheap|the look|its look|look of|to look at",
        "beautifully shot|camera work|camera movement*|visual style|atmosphere|eye candy|the scenes|action scenes|fight scenes|scenes are|scenes were|gore|level of detail",
        "in 3d|the 3d|black and white|aspect ratio|imax",
    ],
};
const EFFECTS: Aspect = Aspect {
    name: "effects",
    words: &["effects cgi fx vfx animatronics explosions stunts"],
    phrases: &["special effect*|visual effect*|stunt work|computer generated|motion capture|practical effect*"],
};
const MUSIC: Aspect = Aspect {
    name: "music",
    words: &[
        "music musical musically score soundtrack songs song sound sounds tunes theme composer scored orchestral",
        "musik musique música musica muziek",
    ],
    phrases: &["the songs|sound design|sound effects|sound mix*|background music|voice over*"],
};
const EDITING: Aspect = Aspect {
    name: "editing",
    words: &["editing edited editor montage"],
    phrases: &["post production|jump cut*|the cuts|the edit|edits are"],
};
const PACE: Aspect = Aspect {
    name: "pace",
    words: &["pace paced pacing runtime overlong drags dragged draggy tempo rythme ritmo langatmig"],
    phrases: &[
        "running time|run time|screen time is|too long|way too long|a bit long|little long|too short|too slow|a bit slow|slow moving|slow paced|fast paced|slow burn*|slow start",
        "drawn out|minutes too long|minutes longer|minutes shorter|been shorter|hours long|half hour|overstays|the length|its length|in length|bloated|goes on too|goes on for|never drags|felt long|feels long",
        "never boring|flew by|flies by",
    ],
};
const CHARACTERS: Aspect = Aspect {
    name: "characters",
    words: &[
        "character characters characterization characterisation characterizations protagonist protagonists antagonist",
        "antagonists heroine heroines hero heroes villain villains figuren charaktere personnages personajes personaggi",
        "personagens",
    ],
    phrases: &["main villain|character development|character arc*|three dimensional|two dimensional|one dimensional"],
};
const PROSE: Aspect = Aspect {
    name: "writing",
    words: &[
        "writing prose style language writes dialogue dialogues voice sentences sentence wordplay translation translated",
        "phrasing lyrical schreibstil sprache écriture escritura prosa scrittura escrita",
    ],
    phrases: &[
        "well written|beautifully written|is written|writing style|badly written|poorly written|turn* of phrase|her words|his words|page turner|easy to read|hard to read|reads like",
    ],
};
const PLOT: Aspect = Aspect {
    name: "story",
    words: &[
        "story stories storyline storylines storytelling plot plots plotting plotline narrative premise tale twists",
        "subplot subplots backstory cliffhanger handlung geschichte histoire intrigue historia trama storia história verhaal",
    ],
    phrases: &[
        "the twist|plot twist*|a twist|the ending|its ending|ending is|ending was|loose ends|plot hole*|the mystery|the romance|the climax|the suspense",
    ],
};
const WORLD: Aspect = Aspect {
    name: "world",
    words: &["worldbuilding setting settings atmosphere universe world lore welt atmosphère atmósfera"],
    phrases: &["world building|sense of place|magic system|the world|open world|level design|environments|the map"],
};
const IDEAS: Aspect = Aspect {
    name: "ideas",
    words: &["theme themes ideas research researched argument arguments insight insights insightful message thesis"],
    phrases: &["the idea|thought provoking|well argued|well researched|food for thought|the science|the history"],
};
const PLAY: Aspect = Aspect {
    name: "gameplay",
    words: &[
        "gameplay mechanic mechanics combat controls puzzles puzzle fighting replayability replay platforming gunplay",
        "shooting stealth bosses quests quest missions levels steuerung jouabilité jugabilidad",
    ],
    phrases: &[
        "game play|boss fight*|the controls|the levels|level design|side quest*|to play|learning curve|difficulty|replay value|the rules|the grind|grinding|skill tree*|inventory",
    ],
};
const GRAPHICS: Aspect = Aspect {
    name: "graphics",
    words: &[
        "graphics graphic graphical graphically visuals visual visually animations animation textures artwork components",
        "pixel sprites grafik graphismes gráficos",
    ],
    phrases: &[
        "art style|art direction|the art|pixel art|looks great|looks beautiful|looks gorgeous|looks stunning|looks dated|frame rate looks|draw distance",
    ],
};
const PERFORMANCE: Aspect = Aspect {
    name: "technical state",
    words: &[
        "bugs bug buggy framerate crash crashes crashed crashing glitches glitch glitchy optimization optimisation stutter stutters stuttering lag laggy servers",
    ],
    phrases: &[
        "frame rate*|frames per second|loading times|load times|runs smoothly|runs well|runs poorly|the port|performance issues|the performance|game breaking",
    ],
};
const GAME_MUSIC: Aspect = Aspect {
    name: "music",
    words: &["music soundtrack sound score song songs tunes musik musique música musica muziek"],
    phrases: &["sound design|sound effects|voice acting|voice work|voiced"],
};
const LENGTH: Aspect = Aspect {
    name: "length",
    words: &["playtime"],
    phrases: &[
        "too long|too short|hours of|hours long|in length|the length|its length|play time|playing time|overstays|repetitive|drags on|padding|padded",
    ],
};
const SONGS: Aspect = Aspect {
    name: "songs",
    words: &[
        "song songs track tracks songwriting melody melodies melodic hooks hook riffs riff chorus choruses tune tunes ballad",
        "ballads single singles anthem anthems",
    ],
    phrases: &[
        "opening track|closing track|title track|song writing|opener|closer|the hooks|no filler|all filler|filler",
    ],
};
const VOCALS: Aspect = Aspect {
    name: "vocals",
    words: &[
        "vocals vocal vocally voice voices singing singer vocalist sings harmonies falsetto rapping delivery flow",
    ],
    phrases: &["the vocals|autotune*|auto tune*"],
};
const LYRICS: Aspect = Aspect {
    name: "lyrics",
    words: &["lyrics lyric lyrical lyrically lyricism lyricist rhymes words bars texte paroles letras testi"],
    phrases: &["the words|wordplay|word play"],
};
const PRODUCTION: Aspect = Aspect {
    name: "production",
    words: &[
        "production produced producer producers mix mixing mixed mastering mastered arrangements arrangement sound beats instrumentation produktion",
    ],
    phrases: &["over produced|overproduced|the mix|sounds thin|sounds muddy|wall of sound|lo fi"],
};
const PLAYING: Aspect = Aspect {
    name: "playing",
    words: &[
        "guitar guitars guitarist drums drummer drumming bass bassline basslines piano synths synth solos solo musicianship playing strings horns saxophone keyboards",
    ],
    phrases: &["the band|rhythm section"],
};
const FOOD: Aspect = Aspect {
    name: "food",
    words: &[
        "food meal meals dish dishes menu taste tasted tastes tasty delicious breakfast lunch dinner dessert desserts drinks",
        "coffee wine cocktails portions portion pizza burger burgers steak sushi soup bread chef kitchen flavors flavours",
        "essen küche comida cibo",
    ],
    phrases: &["the chicken|the fish|the pasta|the salad|well cooked|under cooked|undercooked|over cooked|overcooked"],
};
const SERVICE: Aspect = Aspect {
    name: "service",
    words: &[
        "service staff waiter waiters waitress server servers reception receptionist hostess personal bedienung servicio servicio servizio",
    ],
    phrases: &["customer service|the wait|waited for|front desk|check in|the host|the owner|the owners"],
};
const PRICE: Aspect = Aspect {
    name: "price",
    words: &[
        "price prices priced pricey value expensive overpriced affordable money inexpensive bargain preis prix precio prezzo",
    ],
    phrases: &["is cheap|are cheap|good deal|rip off|ripped off|the bill|worth the price"],
};
const ATMOSPHERE: Aspect = Aspect {
    name: "atmosphere",
    words: &[
        "atmosphere ambience ambiance decor location view views room rooms noise noisy cozy cosy parking clean dirty ambiente",
    ],
    phrases: &["the setting|the terrace|the patio|the music|the bathroom*|the bed|the beds"],
};
const QUALITY: Aspect = Aspect {
    name: "quality",
    words: &["quality battery screen durability durable material materials comfort comfortable sturdy flimsy"],
    phrases: &["build quality|well made|badly made|poorly made|broke after|fell apart|the design"],
};

pub(super) const FILM: &[&Aspect] =
    &[&STORY, &SCRIPT, &CHARACTERS, &ACTING, &DIRECTION, &LOOK, &EFFECTS, &MUSIC, &EDITING, &PACE, &HUMOUR];
pub(super) const BOOK: &[&Aspect] = &[&PLOT, &PROSE, &CHARACTERS, &PACE, &WORLD, &IDEAS, &HUMOUR];
pub(super) const GAME: &[&Aspect] =
    &[&PLAY, &PLOT, &GRAPHICS, &GAME_MUSIC, &CHARACTERS, &WORLD, &LENGTH, &PERFORMANCE, &HUMOUR];
pub(super) const ALBUM: &[&Aspect] = &[&SONGS, &VOCALS, &LYRICS, &PRODUCTION, &PLAYING];
pub(super) const OTHER: &[&Aspect] = &[&FOOD, &SERVICE, &PRICE, &ATMOSPHERE, &QUALITY];

/// Phrases in which an aspect's word means something else, whatever the work.
pub(super) const MASKS: &[&str] = &[
    "love story|life story|true story|short story|ghost story|back story|story of|tale of|based on the story|set in|sets out|sets up|set up|set out|a set of|set of",
    "in a sense|score of|scores of|box office|perfect score|final score|my score|overall score|high score|box set|job|cast away|cast aside|cast a spell|spell cast|cast doubt",
    "in character|act of|acts of|acting like|acting as if|acting out|directed at|in the direction of|in this direction|in that direction|direction of|directions",
    "shot in the|shot at|gun shot|shot dead|shot down|shot through|long shot|best shot|gets shot|is shot|was shot|image of|sound of|sounds like|sounds as|sound like|safe and sound",
    "song and dance|theme park|side effect|side effects|in effect|writer director|as written|have written|has written|was written|is written by|been written|in writing|as i write|this writing",
    "funny thing|funny enough|look at the|look at it|look at this|having read|the voice of reason|on a personal note|as a whole|words cannot|words can't|in other words|no words|few words",
    "in the world|of the world|all over the world|around the world|the world's|rest of the world|real world|in the universe|world war|the world of|third world|end of the world",
    "style of|hours of my life|two hours of|playing the|playing a|playing as|role playing|a singer|the singer",
];
