//! What names of four languages read as, from end to end.

use super::tokens;

fn said(text: &str) -> String {
    let tokens = tokens(text).into_iter().filter(|lexeme| !lexeme.optional);
    tokens
        .map(|lexeme| lexeme.token.to_string())
        .collect::<Vec<_>>()
        .join(" | ")
}

#[test]
fn names_of_four_languages_read_as_ever() {
    for (text, reads) in [
        (
            "Dove Shampoo 400ml - Pack of 6",
            "dove | shampoo | 400 ml | 6 pcs",
        ),
        (
            "Shampooing Dove 40 cl (lot de 6)",
            "shampoo | dove | 400 ml | 6 pcs",
        ),
        (
            "Dove Shampoo 0,4 Liter, 6er-Pack",
            "dove | shampoo | 400 ml | 6 pcs",
        ),
        (
            "شامبو Dove ٤٠٠ مل عبوة ٦",
            "shampoo | dove | 400 ml | 6 pcs",
        ),
        (
            "Chaussures de sport noires taille 42",
            "shoe | sport | black | 42",
        ),
        ("Schwarze Schuhe Größe 42", "black | shoe | 42"),
        ("حذاء رياضي أسود مقاس ٤٢", "sneaker | black | 42"),
        (
            "Sony WH-1000XM4 (Refurbished)",
            "sony | wh1000xm4 | refurbished",
        ),
        (
            "Generalüberholt: Sony WH1000 XM4",
            "refurbished | sony | wh1000 | xm4",
        ),
        ("SanDisk 128G microSD", "sandisk | 128 GB | microsd"),
        (
            "Vis à bois M6 x 20 mm, boîte de 100",
            "vis | wood | 6x20 | 100 pcs",
        ),
        (
            "Crème mains à la lavande 75&nbsp;g",
            "cream | hand | lavender | 75 g",
        ),
        (
            "زيت زيتون بكر ممتاز 1.5 لتر",
            "oil | olive | بكر | ممتاز | 1.5 l",
        ),
        ("2 x Savon 100g", "2 pcs | soap | 100 g"),
        ("T-Shirt XL, navy blue", "tshirt | XL | navy"),
    ] {
        assert_eq!(said(text), reads, "{text}");
    }
}
