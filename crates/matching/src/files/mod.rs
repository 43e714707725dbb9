//! Catalogues and predictions as CSV text, in the format of the evaluation data. Reading and
//! writing the files themselves is the caller's matter.

mod csv;

use std::collections::{HashMap, HashSet};

use tandem_domain::{Currency, ListingKey, Sku, UnitPrice, VariantKey};

pub use csv::{CsvError, Table, write_row};

use crate::items::{Catalogues, LeftItem, RightItem, Settled};
use crate::outcome::{Match, Verdict};

/// The header of predictions.
pub const HEADER: &str = "left_id,right_id,score,decision,verdict,tier,cautions\n";

/// Catalogues that were read from files, with the names that the files give to variants.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// What can be matched. A variant's key is the place of its id among all, by alphabet.
    pub catalogues: Catalogues,
    /// By key, the id in the file.
    pub variants: Vec<String>,
}

/// Reads both catalogues: columns `id`, `type`, `sku`, `barcode`, `name`, `attributes`
/// (`Key: value; Key: value`), `brand`, `model`, `price` and `description`, of which all but
/// `id` and `name` may be missing. `decisions` has `left_id`, `right_id` and `decision`, which
/// is `accept`, `reject` or `ignore`.
pub fn read(left: &str, right: &str, decisions: Option<&str>) -> Result<Files, CsvError> {
    // One table after the other: as text cut into cells, a catalogue is largest.
    let left = Rows::new(left)?.iter().map(|row| row.left()).collect();
    let right = Rows::new(right)?;
    let mut variants: Vec<String> = right.ids().map(str::to_owned).collect();
    variants.sort_unstable();
    let keys = variants
        .iter()
        .zip(0..)
        .map(|(id, key)| (id.as_str(), VariantKey(key)));
    let keys: HashMap<_, _> = keys.collect();
    let mut catalogues = Catalogues {
        left,
        right: right
            .iter()
            .map(|row| row.right(keys[row.text("id")]))
            .collect(),
        ..Catalogues::default()
    };
    if let Some(decisions) = decisions {
        decide(&mut catalogues, &Rows::plain(decisions)?, &keys)?;
    }
    Ok(Files {
        catalogues,
        variants,
    })
}

fn decide(
    catalogues: &mut Catalogues,
    rows: &Rows,
    keys: &HashMap<&str, VariantKey>,
) -> Result<(), CsvError> {
    for column in ["left_id", "right_id", "decision"] {
        rows.table.column(column)?;
    }
    for row in rows.iter() {
        let listing = ListingKey::new(row.text("left_id"));
        let variant = keys.get(row.text("right_id")).copied();
        match (row.text("decision"), variant) {
            ("accept", Some(variant)) => {
                catalogues
                    .decided
                    .insert(listing, Settled::Accepted(variant));
            }
            ("reject", Some(variant)) => {
                catalogues.rejected.insert((listing, variant));
            }
            ("ignore", _) => {
                catalogues.decided.insert(listing, Settled::Ignored);
            }
            _ => {}
        }
    }
    Ok(())
}

struct Rows {
    table: Table,
    columns: HashMap<&'static str, usize>,
}

const COLUMNS: [&str; 13] = [
    "id",
    "type",
    "sku",
    "barcode",
    "name",
    "attributes",
    "brand",
    "model",
    "price",
    "description",
    "left_id",
    "right_id",
    "decision",
];

impl Rows {
    fn new(text: &str) -> Result<Self, CsvError> {
        let rows = Self::plain(text)?;
        rows.table.column("id")?;
        rows.table.column("name")?;
        let mut seen = HashSet::new();
        let again = rows.ids().find(|id| !seen.insert(*id)).map(str::to_owned);
        match again {
            Some(id) => Err(CsvError::TwoOfOne(id)),
            None => Ok(rows),
        }
    }

    fn plain(text: &str) -> Result<Self, CsvError> {
        let table = Table::read(text)?;
        let place = |name| Some((name, table.find(name)?));
        let columns = COLUMNS.into_iter().filter_map(place).collect();
        Ok(Self { table, columns })
    }

    fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.table
            .rows()
            .iter()
            .map(|cells| Row { rows: self, cells })
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|row| row.text("id"))
    }
}

struct Row<'a> {
    rows: &'a Rows,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> &'a str {
        let place = self.rows.columns.get(column);
        place.map_or("", |place| self.cells[*place].trim())
    }

    fn given(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn attributes(&self) -> Vec<String> {
        let pairs = self.text("attributes").split("; ");
        pairs
            .filter_map(|pair| Some(pair.split_once(": ")?.1.to_owned()))
            .collect()
    }

    /// Files do not say a currency; one for all is as good as none.
    fn price(&self) -> Option<UnitPrice> {
        let currency: Currency = "USD".parse().ok()?;
        UnitPrice::parse(self.text("price"), currency).ok()
    }

    fn left(&self) -> LeftItem {
        LeftItem {
            key: ListingKey::new(self.text("id")),
            parent: self.text("type") == "variable",
            bundle: self.text("type") == "bundle",
            name: self.text("name").to_owned(),
            sku: Sku::parse(self.text("sku")),
            barcode: self.given("barcode"),
            attributes: self.attributes(),
            brand: self.given("brand"),
            model: self.given("model"),
            description: self.given("description"),
            price: self.price(),
        }
    }

    fn right(&self, key: VariantKey) -> RightItem {
        RightItem {
            key,
            kit: self.text("type") == "kit",
            name: self.text("name").to_owned(),
            sku: Sku::parse(self.text("sku")),
            barcode: self.given("barcode"),
            attributes: self.attributes(),
            brand: self.given("brand"),
            model: self.given("model"),
            description: self.given("description"),
            price: self.price(),
        }
    }
}

/// Appends what the matching says of one listing, one line for each candidate, in their order.
pub fn write(out: &mut String, found: &Match, variants: &[String]) {
    let linked = matches!(found.verdict, Verdict::Linked(_));
    let cautions: Vec<_> = found.cautions.iter().map(|c| format!("{c:?}")).collect();
    let cautions = cautions.join(" ");
    let tier = found
        .tier
        .map_or_else(String::new, |tier| format!("{tier:?}"));
    let verdict = match found.verdict {
        Verdict::Linked(method) => format!("{method:?}"),
        other => format!("{other:?}"),
    };
    for (place, candidate) in found.candidates.iter().enumerate() {
        let known = usize::try_from(candidate.variant.0).ok();
        let Some(variant) = known.and_then(|place| variants.get(place)) else {
            continue;
        };
        let first = linked && place == 0;
        let decision = if first { "auto" } else { "suggest" };
        let score = fixed(candidate.score);
        write_row(
            out,
            [
                found.listing.as_str(),
                variant,
                &score,
                decision,
                &verdict,
                &tier,
                &cautions,
            ],
        );
    }
}

/// A score with four decimals.
fn fixed(score: f32) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a score is a few logits")]
    let parts = (f64::from(score) * 1e4).round() as i64;
    let sign = if parts < 0 { "-" } else { "" };
    let parts = parts.unsigned_abs();
    format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000)
}

#[cfg(test)]
mod tests {
    use super::read;
    use tandem_domain::{ListingKey, VariantKey};

    #[test]
    fn both_catalogues_and_decisions_are_read() {
        let left = "id,type,name,attributes,price\nL2,variable,Tee,,\nL1,simple,Tee,Size: M; Color: Red,5\n";
        let right = "id,name\nR10,Tee\nR2,Tea\n";
        let decisions = "left_id,right_id,decision\nL1,R2,reject\n";
        let files = read(left, right, Some(decisions)).expect("sound files");
        assert_eq!(files.variants, ["R10", "R2"]);
        let catalogues = files.catalogues;
        assert!(catalogues.left[0].parent);
        assert_eq!(catalogues.left[1].attributes, ["M", "Red"]);
        assert!(catalogues.left[1].price.is_some());
        assert!(
            catalogues
                .rejected
                .contains(&(ListingKey::new("L1"), VariantKey(1)))
        );
        assert!(read("id\n1\n", right, None).is_err(), "a name is needed");
        assert!(
            read("id,name\n1,a\n1,b\n", right, None).is_err(),
            "one id, one row"
        );
    }
}
