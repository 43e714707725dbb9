//! Small lexicons of what sets variants apart (colours, sizes, flavours, sides, conditions) and of
//! packaging, in English, French, German and Arabic.
//!
//! Only what is common to all retail belongs here: a shop's own words are not guessed. Entries
//! are spelled as folding leaves them.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, de};

use super::atoms::atoms;
use super::tokens::{Token, Trait};
use crate::hash::Map;

const COLOURS: &[(&str, &str)] = &[
    (
        "black",
        "black,blk,jet black,noir,noire,noirs,noires,اسود,سوداء,schwarz,schwarze,schwarzer,schwarzes",
    ),
    (
        "white",
        "white,wht,snow white,blanc,blanche,blancs,ابيض,بيضاء,weiss,weisse,weisser,weisses,blanches",
    ),
    (
        "red",
        "red,crimson,rouge,rouges,احمر,حمراء,rot,rote,roter,rotes",
    ),
    (
        "blue",
        "blue,blu,light blue,sky blue,bleu,bleue,bleus,ازرق,زرقاء,blau,blaue,blauer,blaues,hellblau",
    ),
    (
        "navy",
        "navy,navy blue,dark blue,bleu marine,marine,كحلي,marineblau,dunkelblau",
    ),
    (
        "green",
        "green,grn,vert,verte,verts,اخضر,خضراء,grun,grune,gruner,grunes,gruen",
    ),
    (
        "grey",
        "grey,gray,gry,anthracite,gris,grise,رمادي,رماديه,رصاصي,grau,graue,grauer,graues,anthrazit",
    ),
    (
        "yellow",
        "yellow,ylw,jaune,jaunes,اصفر,صفراء,gelb,gelbe,gelber,gelbes",
    ),
    ("pink", "pink,pnk,rose,roses,وردي,ورديه,ورد,زهري,بمبي,rosa"),
    (
        "brown",
        "brown,brn,marron,brun,brune,بني,بنيه,braun,braune,brauner,braunes",
    ),
    (
        "purple",
        "purple,violet,violette,mauve,بنفسجي,بنفسجيه,موف,lila,violett",
    ),
    ("orange", "orange,orng,oranges,برتقالي,برتقاليه,برتقال"),
    ("beige", "beige,sand,بيج"),
    (
        "silver",
        "silver,slv,argent,argente,argentee,فضي,فضيه,silber,silbern",
    ),
    ("gold", "gold,golden,gld,dore,doree,ذهبي,ذهبيه,goldfarben"),
    ("turquoise", "turquoise,teal,تركواز,فيروزي,turkis"),
    ("burgundy", "burgundy,maroon,bordeaux,خمري,عنابي,weinrot"),
    ("transparent", "transparent,clear,شفاف,durchsichtig"),
];

const SIZES: &[(&str, &str)] = &[
    (
        "XS",
        "xs,x small,xsmall,extra small,tres petit,صغير جدا,sehr klein",
    ),
    ("S", "s,small,petit,petite,صغير,صغيره,klein,kleine"),
    (
        "M",
        "m,medium,med,moyen,moyenne,وسط,متوسط,متوسطه,mittel,mittelgross",
    ),
    ("L", "l,large,lg,grand,grande,كبير,كبيره,gross,grosse"),
    (
        "XL",
        "xl,x large,xlarge,extra large,tres grand,كبير جدا,اكس لارج,sehr gross",
    ),
    ("XXL", "xxl,2xl,2 xl,xx large,xxlarge,كبير جدا جدا"),
    ("3XL", "3xl,xxxl,3 xl,xxx large"),
    ("4XL", "4xl,xxxxl,4 xl"),
];

const CONDITIONS: &[(&str, &str)] = &[
    (
        "used",
        "used,pre owned,preowned,second hand,occasion,d occasion,مستعمل,مستعمله,gebraucht,gebrauchte",
    ),
    (
        "refurbished",
        "refurbished,refurb,renewed,reconditionne,reconditionnee,مجدد,مجدده,generaluberholt,aufbereitet,remis a neuf",
    ),
    (
        "open box",
        "open box,openbox,boite ouverte,علبه مفتوحه,geoffnete verpackung,b ware",
    ),
    (
        "damaged",
        "damaged,scratch and dent,endommage,تالف,beschadigt",
    ),
    ("sample", "sample,tester,echantillon,testeur,عينه,تستر"),
];

/// Orange is a colour above, whichever is meant: it must not be two things.
const FLAVOURS: &[(&str, &str)] = &[
    ("vanilla", "vanilla,vanille,فانيلا,فانيليا"),
    (
        "strawberry",
        "strawberry,strawberries,fraise,fraises,فراوله,erdbeere,erdbeer",
    ),
    (
        "chocolate",
        "chocolate,choco,chocolat,شوكولاته,شوكولا,شيكولاته,schokolade,schoko",
    ),
    ("caramel", "caramel,كراميل,karamell"),
    ("coffee", "coffee,cafe,قهوه,kaffee"),
    ("lemon", "lemon,lemons,citron,ليمون,zitrone"),
    ("lime", "lime,citron vert,لايم,limette"),
    (
        "mint",
        "mint,peppermint,spearmint,menthe,نعناع,minze,pfefferminze",
    ),
    ("mango", "mango,mangue,مانجو,مانجا"),
    ("apple", "apple,apples,pomme,pommes,تفاح,apfel"),
    ("peach", "peach,peaches,peche,خوخ,دراق,pfirsich"),
    (
        "coconut",
        "coconut,coco,noix de coco,جوز الهند,جوز هند,kokos,kokosnuss",
    ),
    (
        "berry",
        "berry,berries,fruits rouges,baies,توت,beere,beeren",
    ),
    (
        "blueberry",
        "blueberry,blueberries,myrtille,توت ازرق,heidelbeere,blaubeere",
    ),
    (
        "raspberry",
        "raspberry,raspberries,framboise,توت احمر,himbeere",
    ),
    ("banana", "banana,bananas,banane,موز"),
    ("cherry", "cherry,cherries,cerise,كرز,kirsche"),
    ("grape", "grape,grapes,raisin,عنب,traube"),
    ("pineapple", "pineapple,ananas,اناناس"),
    ("watermelon", "watermelon,pasteque,بطيخ,wassermelone"),
    ("pomegranate", "pomegranate,grenade,رمان,granatapfel"),
    (
        "hazelnut",
        "hazelnut,hazelnuts,noisette,noisettes,بندق,haselnuss",
    ),
    ("pistachio", "pistachio,pistache,فستق,pistazie"),
    ("almond", "almond,almonds,amande,amandes,لوز,mandel,mandeln"),
    ("honey", "honey,miel,عسل,honig"),
    ("cinnamon", "cinnamon,cannelle,قرفه,zimt"),
    ("lavender", "lavender,lavande,لافندر,خزامي,lavendel"),
    ("jasmine", "jasmine,jasmin,ياسمين"),
    ("oud", "oud,عود"),
    ("musk", "musk,musc,مسك,moschus"),
    ("amber", "amber,ambre,عنبر"),
];

const SIDES: &[(&str, &str)] = &[
    ("left", "left,lh,l h,gauche,يسار,ايسر,links,linke"),
    ("right", "right,rh,r h,droite,droit,يمين,ايمن,rechts,rechte"),
    ("front", "front,avant,امامي,اماميه,vorne,vorn"),
    ("rear", "rear,arriere,خلفي,خلفيه,hinten,hintere"),
];

/// Words without meaning for a product. French `de` and Arabic particles included.
const STOP_WORDS: &str = "the,a,an,of,and,or,with,for,by,in,to,on,from,de,du,des,la,le,les,un,une,\
    et,ou,avec,pour,par,en,au,aux,der,die,das,und,oder,mit,fur,von,zum,zur,im,den,من,في,مع,و,او,على,علي,الي,لل";

/// Said before a number of pieces: `pack of 6`, `lot de 6`, `عبوة 6`.
const PACK_BEFORE: &str = "pack,packs,box,case,set,lot,bundle,paquet,boite,carton,coffret,عبوه,\
    packung,karton,علبه,كرتون,كرتونه,طقم,باكيت,صندوق,حزمه";

/// Said after a number of pieces: `6 pcs`, `6 pièces`, `6 حبات`.
const PACK_AFTER: &str = "pack,packs,pk,pcs,pc,pce,pces,piece,pieces,unit,units,unite,unites,ct,\
    count,stuck,stk,er,حبه,حبات,قطعه,قطع,عبوات,علب";

/// Said before a number that is a size or an ordinal, and adds nothing to it.
const NUMBER_MARKS: &str =
    "no,nr,num,number,n,numero,size,grosse,taille,nummer,pointure,eu,uk,us,رقم,مقاس";

type Table = &'static [(&'static str, &'static str)];

const TABLES: &[(Table, Trait)] = &[
    (COLOURS, Trait::Colour),
    (SIZES, Trait::Size),
    (FLAVOURS, Trait::Flavour),
    (SIDES, Trait::Side),
    (CONDITIONS, Trait::Condition),
];

struct Lexicon {
    phrases: Map<&'static str, Token>,
    /// By the first piece of a phrase, how many pieces the longest has.
    reach: Map<&'static str, usize>,
    marks: Map<&'static str, u8>,
}

const STOP: u8 = 1;
const BEFORE: u8 = 2;
const AFTER: u8 = 4;
const MARK: u8 = 8;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut phrases = Map::default();
    let mut reach = Map::default();
    for (table, of) in TABLES {
        for (meaning, spellings) in *table {
            let token = Token::Trait(*of, meaning);
            for spelling in spellings.split(',') {
                let pieces = atoms(spelling);
                let longest = reach.entry(pieces[0].text).or_insert(0);
                *longest = pieces.len().max(*longest);
                phrases.insert(spelling, token.clone());
            }
        }
    }
    let mut marks = Map::default();
    for (list, bit) in [
        (STOP_WORDS, STOP),
        (PACK_BEFORE, BEFORE),
        (PACK_AFTER, AFTER),
        (NUMBER_MARKS, MARK),
    ] {
        for word in list.split(',') {
            *marks.entry(word).or_insert(0) |= bit;
        }
    }
    Lexicon {
        phrases,
        reach,
        marks,
    }
});

fn has(word: &str, bit: u8) -> bool {
    LEXICON.marks.get(word).is_some_and(|bits| bits & bit != 0)
}

/// The colour, size or condition that a phrase of folded words means.
pub(super) fn phrase(words: &str) -> Option<&'static Token> {
    LEXICON.phrases.get(words)
}

/// How many pieces a phrase that starts with this one may have.
pub(super) fn reach(first: &str) -> usize {
    LEXICON.reach.get(first).copied().unwrap_or(0)
}

/// Reads back the name of a meaning.
pub(super) fn known<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    let name = String::deserialize(from)?;
    let mut meanings = TABLES.iter().flat_map(|(table, _)| table.iter());
    let meaning = meanings.find(|(meaning, _)| *meaning == name);
    meaning
        .map(|(meaning, _)| *meaning)
        .ok_or_else(|| de::Error::custom("a meaning that this version does not know"))
}

pub(super) fn is_stop_word(word: &str) -> bool {
    has(word, STOP)
}

pub(super) fn is_said_before_count(word: &str) -> bool {
    has(word, BEFORE)
}

pub(super) fn is_said_after_count(word: &str) -> bool {
    has(word, AFTER)
}

pub(super) fn is_number_mark(word: &str) -> bool {
    has(word, MARK)
}

#[cfg(test)]
mod tests {
    use super::{TABLES, phrase};
    use crate::normalise::fold;

    #[test]
    fn every_entry_is_folded_and_means_one_thing() {
        for (table, _) in TABLES {
            for (meaning, spellings) in *table {
                for spelling in spellings.split(',') {
                    assert_eq!(
                        fold(spelling),
                        spelling,
                        "an unfolded entry can never be met"
                    );
                    let found = phrase(spelling).map(ToString::to_string);
                    assert_eq!(
                        found.as_deref(),
                        Some(*meaning),
                        "{spelling} is listed twice"
                    );
                }
            }
        }
    }
}
