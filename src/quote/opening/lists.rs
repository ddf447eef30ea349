//! The words and phrases by which an opening leans on what stood before, in the languages that are known.

/// Words that lean on a sentence before: no quote opens with one.
pub(super) const LEANING: &[&str] = &[
    "but and so also however this these those that it its it's he she they his their which who because then there",
    "here or yet thus hence secondly lastly finally furthermore moreover nor him them theirs hers he's she's",
    "they're that's there's here's therefore nevertheless nonetheless besides plus likewise similarly otherwise",
    "instead meanwhile such whereas additionally consequently accordingly conversely still again second third",
    "firstly first thirdly next afterwards later both neither same another others anyway either elsewhere indeed",
    "alas granted sure yes no except too maybe perhaps after once well ok okay oh whether especially including",
    "since to now how why where than apparently basically note ps edit update hi hello dear thanks what's",
    "speaking equally unlike did does do is was are were has have can could would thankfully luckily",
    "interestingly admittedly naturally obviously of hopefully certainly eventually",
];
/// The same in other languages, by their ISO 639-1 codes.
pub(super) const FOREIGN: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "er sie es dies diese dieser dieses diesen diesem das jene jener jenes sein seine seiner ihr ihre ihm ihn ihnen",
            "dessen deren aber und oder doch auch außerdem denn dann dabei damit dadurch dafür dazu daher deshalb deswegen",
            "darum daran darin davon danach dort hier trotzdem dennoch jedoch allerdings zudem zusätzlich ferner weiterhin",
            "so also sonst stattdessen hingegen dagegen somit nun letztere letzterer beide beides zweitens drittens ebenso",
            "weil sodass welche welcher welches wobei wodurch",
        ],
    ),
    (
        "fr",
        &[
            "il elle ils elles ce cela ça c'est ceci cet cette ces celui celle ceux celles son sa ses leur leurs lui",
            "mais et ou donc puis ensuite ainsi alors aussi également pourtant cependant toutefois néanmoins or car enfin",
            "ici là y en parce que qui dont où deuxièmement ensuite bref sinon",
        ],
    ),
    (
        "es",
        &[
            "él ella ellos ellas ello eso esto esta este estos estas ese esa esos esas aquel aquella su sus pero y e o",
            "también además entonces luego así aunque sin embargo pues porque allí ahí aquí tampoco después finalmente",
            "igualmente asimismo mientras cuyo cuya lo",
        ],
    ),
    (
        "it",
        &[
            "lui lei egli ella essi esse loro esso essa questo questa questi queste quello quella quelli ciò suo sua suoi",
            "sue ma e o anche inoltre poi quindi dunque così però tuttavia perché qui lì infatti invece infine allora",
            "ed eppure altrettanto",
        ],
    ),
    (
        "pt",
        &[
            "ele ela eles elas isso isto aquilo este esta estes estas esse essa esses essas aquele aquela seu sua seus",
            "suas mas e ou também além então depois assim porém contudo entretanto porque aqui ali lá já agora logo",
            "portanto enfim outro outra outros outras nele nela nesse nessa neste nesta nesses nessas desse dessa deste",
            "desta apesar",
        ],
    ),
    (
        "nl",
        &[
            "hij zij ze het dit dat deze die zijn haar hun hen maar en of ook daarnaast bovendien toen dan daarom dus",
            "echter toch hier daar omdat want verder vervolgens tevens bijvoorbeeld beide",
        ],
    ),
    (
        "sv",
        &[
            "han hon den det de dem hans hennes deras denna detta dessa men och eller också dessutom sedan därför så dock",
            "här där eftersom ändå då vidare båda",
        ],
    ),
    ("fi", &["hän se ne he tämä nämä hänen sen niiden mutta ja tai myös lisäksi sitten siksi kuitenkin siellä täällä"]),
    ("pl", &["on ona ono oni one to ten ta te jego jej ich ale i a lub także też ponadto potem więc jednak tu tam bo"]),
    (
        "cs",
        &["on ona ono oni to ten ta ty jeho její jejich ale a i nebo také navíc potom pak proto však tady tam protože"],
    ),
    (
        "ru",
        &["он она оно они это этот эта эти его её ее их но и а или также кроме потом поэтому однако здесь там тогда"],
    ),
];
/// Beginnings that lean, in scripts without spaces and in those that join words.
pub(super) const JOINED: &[&str] = &[
    "これ",
    "それ",
    "その",
    "あれ",
    "彼",
    "しかし",
    "でも",
    "また",
    "だが",
    "そして",
    "ただ",
    "だから",
    "但",
    "而且",
    "他",
    "她",
    "它",
    "因此",
    "所以",
    "不过",
    "然而",
    "그러나",
    "하지만",
    "그리고",
    "그는",
    "그녀",
    "이것",
    "또한",
    "다만",
    "그래서",
];
/// What a work is called: "dieser Film", "esta película" point at nothing but the work.
pub(super) const WORKS_ABROAD: &[&str] = &[
    "film filme films buch roman spiel album serie livre jeu disque série película pelicula libro juego disco novela obra",
    "romanzo gioco livro jogo boek spel bok romance restaurant restaurante ristorante musical komödie",
];
/// Personal pronouns that need a name before them, in languages that part words by spaces.
pub(super) const PERSONS: &[(&str, &str)] = &[
    ("de", "er sie ihm ihn ihnen"),
    ("fr", "il elle ils elles lui"),
    ("es", "él ella ellos ellas"),
    ("it", "lui lei egli loro"),
    ("pt", "ele ela eles elas dele dela isso disso nisso"),
    ("nl", "hij zij hem"),
    ("sv", "han hon honom henne"),
];
/// Openings of several words that lean, or begin an enumeration.
pub(super) const LEANING_PHRASES: &[&str] = &[
    "as for|as such|for example|for instance|in addition|on the other hand|in other words|not only that|even so",
    "one of these|one of those|the same|the other|the latter|the former|what it also|with that|with this",
    "because of|after that|after this|on top of|like this|like that|in this|in that|at this|at that|for this",
    "for that|from there|from here|by this|by then|if that|if this|if it|if he|if she|if they|when he|when she",
    "when they|when it|while he|while she|while they|while it|though he|though she|though it|although it",
    "although he|although she|as he|as she|as it|as they|even he|even she|even it|not that|not necessarily",
    "case in point|same goes|i also|i too|only this|all this|all that|all of this|all of these|all these",
    "none of this|none of these|much of this|many of these|some of these|most of these|part of this",
    "each of these|what this|my other|my only other|as mentioned|as i said|to this|to that|part of that",
    "of course|at least|in the end it|in the end he|in the end she|with that being|one thing|on one hand|on the one hand|in fact|a few of these|even more so|more so|more importantly|other times",
    "most importantly|just like|not to mention|some time later|sounds familiar|given the context|at the time|back then|let me|let's|the first|the second|the third|the next|the following|things like",
    "if you haven't|in spite of this|in contrast|by contrast|at the same time|that said|about it|only one of|going back|coming back|putting that|talk about",
    "even though it|even though he|even though she|even though they|for one|for starters|just because",
    "i say this|i mean|as a result|at first|at one point|during this|despite this|despite that",
    "despite all|until then|half of|one of the reasons|the reason|the only other|last but not least|last of all",
    "all i can|i read a|i saw a|nothing of the kind|nothing of the sort|you know|no wonder|small wonder|not so|not quite|not exactly|the rest|in other|by the way|speaking of",
    "beyond that|beyond all|on the flip|other than that|if anything|the kind|the sort|the type|don't get me|mind you|you see|that aside|even then|even better|even worse|better yet|to make matters",
    "the song|the track|the scene|the sequence|the chapter|the line|the moment|apart from that|apart from this|apart from it|aside from that|aside from this|aside from it|other than",
];

/// What "those" may point at that follows it: "those who", "those kinds of film".
pub(super) const THOSE: &[&str] = &[
    "who",
    "of",
    "looking",
    "with",
    "familiar",
    "interested",
    "expecting",
    "type",
    "types",
    "kind",
    "kinds",
    "sort",
    "sorts",
];
