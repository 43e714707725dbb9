//! Small lexicons of what sets variants apart (colours, sizes, flavours, sides, conditions) and of
//! packaging, in English, French and Arabic.
//!
//! Only what is common to all retail belongs here: a shop's own words are not guessed. Entries
//! are spelled as folding leaves them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::{Token, Trait};

const COLOURS: &[(&str, &str)] = &[
    (
        "black",
        "black,blk,jet black,noir,noire,noirs,noires,اسود,سوداء",
    ),
    (
        "white",
        "white,wht,snow white,blanc,blanche,blancs,ابيض,بيضاء",
    ),
    ("red", "red,crimson,rouge,rouges,احمر,حمراء"),
    (
        "blue",
        "blue,blu,light blue,sky blue,bleu,bleue,bleus,ازرق,زرقاء",
    ),
    ("navy", "navy,navy blue,dark blue,bleu marine,marine,كحلي"),
    ("green", "green,grn,vert,verte,verts,اخضر,خضراء"),
    (
        "grey",
        "grey,gray,gry,anthracite,gris,grise,رمادي,رماديه,رصاصي",
    ),
    ("yellow", "yellow,ylw,jaune,jaunes,اصفر,صفراء"),
    ("pink", "pink,pnk,rose,roses,وردي,ورديه,ورد,زهري,بمبي"),
    ("brown", "brown,brn,marron,brun,brune,بني,بنيه"),
    ("purple", "purple,violet,violette,mauve,بنفسجي,بنفسجيه,موف"),
    ("orange", "orange,orng,oranges,برتقالي,برتقاليه,برتقال"),
    ("beige", "beige,sand,بيج"),
    ("silver", "silver,slv,argent,argente,argentee,فضي,فضيه"),
    ("gold", "gold,golden,gld,dore,doree,ذهبي,ذهبيه"),
    ("turquoise", "turquoise,teal,تركواز,فيروزي"),
    ("burgundy", "burgundy,maroon,bordeaux,خمري,عنابي"),
    ("transparent", "transparent,clear,شفاف"),
];

const SIZES: &[(&str, &str)] = &[
    ("XS", "xs,x small,xsmall,extra small,tres petit,صغير جدا"),
    ("S", "s,small,petit,petite,صغير,صغيره"),
    ("M", "m,medium,med,moyen,moyenne,وسط,متوسط,متوسطه"),
    ("L", "l,large,lg,grand,grande,كبير,كبيره"),
    (
        "XL",
        "xl,x large,xlarge,extra large,tres grand,كبير جدا,اكس لارج",
    ),
    ("XXL", "xxl,2xl,2 xl,xx large,xxlarge,كبير جدا جدا"),
    ("3XL", "3xl,xxxl,3 xl,xxx large"),
    ("4XL", "4xl,xxxxl,4 xl"),
];

const CONDITIONS: &[(&str, &str)] = &[
    (
        "used",
        "used,pre owned,preowned,second hand,occasion,d occasion,مستعمل,مستعمله",
    ),
    (
        "refurbished",
        "refurbished,refurb,renewed,reconditionne,reconditionnee,مجدد,مجدده",
    ),
    ("open box", "open box,openbox,boite ouverte,علبه مفتوحه"),
    ("damaged", "damaged,scratch and dent,endommage,تالف"),
    ("sample", "sample,tester,echantillon,testeur,عينه,تستر"),
];

/// Orange is a colour above, whichever is meant: it must not be two things.
const FLAVOURS: &[(&str, &str)] = &[
    ("vanilla", "vanilla,vanille,فانيلا,فانيليا"),
    (
        "strawberry",
        "strawberry,strawberries,fraise,fraises,فراوله",
    ),
    (
        "chocolate",
        "chocolate,choco,chocolat,شوكولاته,شوكولا,شيكولاته",
    ),
    ("caramel", "caramel,كراميل"),
    ("coffee", "coffee,cafe,قهوه"),
    ("lemon", "lemon,lemons,citron,ليمون"),
    ("lime", "lime,citron vert,لايم"),
    ("mint", "mint,peppermint,spearmint,menthe,نعناع"),
    ("mango", "mango,mangue,مانجو,مانجا"),
    ("apple", "apple,apples,pomme,pommes,تفاح"),
    ("peach", "peach,peaches,peche,خوخ,دراق"),
    ("coconut", "coconut,coco,noix de coco,جوز الهند,جوز هند"),
    ("berry", "berry,berries,fruits rouges,baies,توت"),
    ("blueberry", "blueberry,blueberries,myrtille,توت ازرق"),
    ("raspberry", "raspberry,raspberries,framboise,توت احمر"),
    ("banana", "banana,bananas,banane,موز"),
    ("cherry", "cherry,cherries,cerise,كرز"),
    ("grape", "grape,grapes,raisin,عنب"),
    ("pineapple", "pineapple,ananas,اناناس"),
    ("watermelon", "watermelon,pasteque,بطيخ"),
    ("pomegranate", "pomegranate,grenade,رمان"),
    ("hazelnut", "hazelnut,hazelnuts,noisette,noisettes,بندق"),
    ("pistachio", "pistachio,pistache,فستق"),
    ("almond", "almond,almonds,amande,amandes,لوز"),
    ("honey", "honey,miel,عسل"),
    ("cinnamon", "cinnamon,cannelle,قرفه"),
    ("lavender", "lavender,lavande,لافندر,خزامي"),
    ("jasmine", "jasmine,jasmin,ياسمين"),
    ("oud", "oud,عود"),
    ("musk", "musk,musc,مسك"),
    ("amber", "amber,ambre,عنبر"),
];

const SIDES: &[(&str, &str)] = &[
    ("left", "left,lh,l h,gauche,يسار,ايسر"),
    ("right", "right,rh,r h,droite,droit,يمين,ايمن"),
    ("front", "front,avant,امامي,اماميه"),
    ("rear", "rear,arriere,خلفي,خلفيه"),
];

/// Words without meaning for a product. French `de` and Arabic particles included.
const STOP_WORDS: &str = "the,a,an,of,and,or,with,for,by,in,to,on,from,de,du,des,la,le,les,un,une,\
    et,ou,avec,pour,par,en,au,aux,من,في,مع,و,او,على,علي,الي,لل";

/// Said before a number of pieces: `pack of 6`, `lot de 6`, `عبوة 6`.
const PACK_BEFORE: &str = "pack,packs,box,case,set,lot,bundle,paquet,boite,carton,coffret,عبوه,\
    علبه,كرتون,كرتونه,طقم,باكيت,صندوق,حزمه";

/// Said after a number of pieces: `6 pcs`, `6 pièces`, `6 حبات`.
const PACK_AFTER: &str = "pack,packs,pk,pcs,pc,pce,pces,piece,pieces,unit,units,unite,unites,ct,\
    count,حبه,حبات,قطعه,قطع,عبوات,علب";

/// Said before a number that is a size or an ordinal, and adds nothing to it.
const NUMBER_MARKS: &str = "no,nr,num,number,n,numero,size,taille,pointure,eu,uk,us,رقم,مقاس";

type Table = &'static [(&'static str, &'static str)];

const TABLES: &[(Table, Trait)] = &[
    (COLOURS, Trait::Colour),
    (SIZES, Trait::Size),
    (FLAVOURS, Trait::Flavour),
    (SIDES, Trait::Side),
    (CONDITIONS, Trait::Condition),
];

struct Lexicon {
    phrases: HashMap<&'static str, Token>,
    marks: HashMap<&'static str, u8>,
}

const STOP: u8 = 1;
const BEFORE: u8 = 2;
const AFTER: u8 = 4;
const MARK: u8 = 8;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut phrases = HashMap::new();
    for (table, of) in TABLES {
        for (meaning, spellings) in *table {
            let token = Token::Trait(*of, meaning);
            phrases.extend(spellings.split(',').map(|s| (s, token.clone())));
        }
    }
    let mut marks = HashMap::new();
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
    Lexicon { phrases, marks }
});

fn has(word: &str, bit: u8) -> bool {
    LEXICON.marks.get(word).is_some_and(|bits| bits & bit != 0)
}

/// The colour, size or condition that a phrase of folded words means.
pub(super) fn phrase(words: &str) -> Option<&'static Token> {
    LEXICON.phrases.get(words)
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
