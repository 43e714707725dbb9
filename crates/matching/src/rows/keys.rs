//! Who carries which key on either side.

use serde::{Deserialize, Serialize};
use tandem_domain::Gtin;

use super::compact;
use crate::hash::hash_of;
use crate::items::Sorted;
use crate::normalise::canonical_sku;

/// The keys that may prove a pair, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum KeyKind {
    /// A valid GTIN, from the barcode or the SKU field.
    Gtin,
    /// The SKU to the letter.
    Sku,
    /// The SKU but for spelling.
    Canonical,
    /// The SKU but for letters in front or behind, or digits that look like letters.
    Partial,
}

/// Letters that may stand in front of the other side's SKU, and behind it.
const AFFIX_CHARS_MAX: (usize, usize) = (5, 4);
/// What is left must be this long.
const REST_CHARS_MIN: usize = 5;

/// The keys of one row.
#[derive(Debug, Default, Clone)]
pub(crate) struct RowKeys {
    /// Those of the barcode and of the SKU field, each once.
    pub(crate) gtins: [Option<Gtin>; 2],
    /// The SKU without case, signs and leading zeros.
    pub(crate) canonical: Option<Box<str>>,
}

impl RowKeys {
    pub(crate) fn new(sku: Option<&str>, barcode: Option<&str>) -> Self {
        let gtin = |text: Option<&str>| Gtin::parse(text?.trim()).ok();
        let mut gtins = [gtin(barcode), gtin(sku)];
        if gtins[0] == gtins[1] {
            gtins[1] = None;
        }
        Self {
            gtins,
            canonical: sku.and_then(canonical_sku).map(Into::into),
        }
    }

    pub(crate) fn has_gtin(&self) -> bool {
        self.gtins.iter().any(Option::is_some)
    }

    pub(crate) fn shared_gtin(&self, other: &Self) -> Option<Gtin> {
        let mut mine = self.gtins.iter().flatten();
        mine.find(|gtin| other.gtins.contains(&Some(**gtin)))
            .copied()
    }
}

/// Rows by the hash of a key, in one array.
#[derive(Debug, Default)]
struct Table {
    entries: Vec<(u64, u32)>,
    /// By the first bits of a hash, where its entries begin.
    starts: Vec<u32>,
    /// How many bits are not first.
    shift: u32,
}

impl Table {
    fn of(mut entries: Vec<(u64, u32)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let bits = entries.len().next_power_of_two().trailing_zeros().max(1);
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for (hash, _) in &entries {
            starts[bucket(*hash, shift) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        Self {
            entries,
            starts,
            shift,
        }
    }

    /// The rows of a key, ascending.
    fn rows(&self, hash: u64) -> &[(u64, u32)] {
        let place = bucket(hash, self.shift);
        let Some([start, end]) = self.starts.get(place..place + 2) else {
            return &[];
        };
        let entries = &self.entries[*start as usize..*end as usize];
        let before = entries.iter().take_while(|entry| entry.0 < hash).count();
        let length = entries[before..]
            .iter()
            .take_while(|entry| entry.0 == hash)
            .count();
        &entries[before..before + length]
    }
}

/// The first bits of a hash.
fn bucket(hash: u64, shift: u32) -> usize {
    usize::try_from(hash.checked_shr(shift).unwrap_or(0)).unwrap_or(0)
}

/// All keys of one catalogue; parents of variations are not counted.
#[derive(Debug, Default)]
pub(crate) struct SideKeys {
    pub(crate) rows: Vec<RowKeys>,
    gtins: Table,
    skus: Table,
    canonical: Table,
    look: Table,
}

impl SideKeys {
    fn new<'a>(rows: Vec<RowKeys>, sku: impl Fn(usize) -> Option<&'a str>) -> Self {
        let all = || {
            rows.iter()
                .enumerate()
                .map(|(row, keys)| (compact(row), keys))
        };
        let of_sku = |(row, _): &(u32, &RowKeys)| Some((hash_of(sku(*row as usize)?), *row));
        let canonical = |(row, keys): (u32, &RowKeys)| {
            let key = keys.canonical.as_deref()?;
            Some((hash_of(key), row))
        };
        let look = |(row, keys): (u32, &RowKeys)| Some((look_hash(keys)?, row));
        let gtins = all().flat_map(|(row, keys)| {
            let gtins = keys.gtins.iter().flatten();
            gtins.map(move |gtin| (hash_of(gtin), row))
        });
        Self {
            gtins: Table::of(gtins.collect()),
            skus: Table::of(all().filter_map(|entry| of_sku(&entry)).collect()),
            canonical: Table::of(all().filter_map(canonical).collect()),
            look: Table::of(all().filter_map(look).collect()),
            rows,
        }
    }
}

/// The hash of a SKU in which letters and digits that look alike are one.
fn look_hash(keys: &RowKeys) -> Option<u64> {
    let key = keys.canonical.as_deref()?;
    (key.len() >= REST_CHARS_MIN).then(|| {
        let alike = |c: char| match c {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        hash_of(&key.chars().map(alike).collect::<String>())
    })
}

/// All keys of both catalogues.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) left: SideKeys,
    pub(crate) right: SideKeys,
}

/// Where one key of a listing points.
#[derive(Debug, Clone)]
pub(crate) struct Pointer {
    pub(crate) kind: KeyKind,
    /// The key as a number, if it is one: a GTIN that stands in two fields is still one key.
    pub(crate) gtin: Option<Gtin>,
    /// Rows of Odoo, ascending.
    pub(crate) hits: Vec<u32>,
    /// How many listings carry it.
    pub(crate) listings: usize,
}

impl Pointer {
    /// The only variant, when no other listing carries the key.
    pub(crate) fn target(&self) -> Option<u32> {
        match self.hits.as_slice() {
            [only] if self.listings <= 1 => Some(*only),
            _ => None,
        }
    }
}

impl Keys {
    /// Reads the keys of all rows.
    pub(crate) fn read(rows: &Sorted<'_>) -> Self {
        Self {
            left: Self::read_left(rows),
            right: Self::read_right(rows),
        }
    }

    pub(crate) fn read_left(rows: &Sorted<'_>) -> SideKeys {
        let sku = |row: usize| rows.left[row].sku.as_ref().map(tandem_domain::Sku::as_str);
        let keys = rows.left.iter().enumerate().map(|(row, item)| {
            if item.parent {
                RowKeys::default()
            } else {
                RowKeys::new(sku(row), item.barcode.as_deref())
            }
        });
        let own = |row: usize| sku(row).filter(|_| !rows.left[row].parent);
        SideKeys::new(keys.collect(), own)
    }

    fn read_right(rows: &Sorted<'_>) -> SideKeys {
        let sku = |row: usize| rows.right[row].sku.as_ref().map(tandem_domain::Sku::as_str);
        let keys = rows.right.iter().enumerate();
        let keys = keys.map(|(row, item)| RowKeys::new(sku(row), item.barcode.as_deref()));
        SideKeys::new(keys.collect(), sku)
    }

    /// Where the keys of a listing point, strongest first; keys that nothing in Odoo carries are
    /// left out.
    pub(crate) fn pointers(&self, left: usize, sku: Option<&str>) -> Vec<Pointer> {
        let own = &self.left.rows[left];
        let mut pointers: Vec<Pointer> = own
            .gtins
            .iter()
            .flatten()
            .filter_map(|gtin| {
                let hash = hash_of(gtin);
                let tables = (&self.left.gtins, &self.right.gtins);
                pointer(KeyKind::Gtin, Some(*gtin), tables, (hash, hash))
            })
            .collect();
        pointers.extend(self.by_sku(own, sku));
        pointers
    }

    fn by_sku(&self, own: &RowKeys, sku: Option<&str>) -> Option<Pointer> {
        let canonical = own.canonical.as_deref()?;
        let number = sku.and_then(|sku| Gtin::parse(sku).ok());
        let find = |kind, tables, hash| pointer(kind, number, tables, (hash, hash));
        let exact = sku.and_then(|sku| {
            let tables = (&self.left.skus, &self.right.skus);
            find(KeyKind::Sku, tables, hash_of(sku))
        });
        let tables = (&self.left.canonical, &self.right.canonical);
        let spelled = find(KeyKind::Canonical, tables, hash_of(canonical));
        match (exact, spelled) {
            // Spellings of one SKU on several listings are one SKU on several listings.
            (Some(exact), Some(spelled)) => Some(Pointer {
                listings: exact.listings.max(match exact.hits.len() {
                    1 if spelled.hits.len() > 1 => 0,
                    _ => spelled.listings,
                }),
                ..exact
            }),
            (None, Some(spelled)) => Some(spelled),
            (exact, None) => exact.or_else(|| self.partial(own, canonical)),
        }
    }

    /// A variant whose SKU is inside the listing's, or looks like it.
    fn partial(&self, own: &RowKeys, canonical: &str) -> Option<Pointer> {
        let tables = (&self.left.look, &self.right.look);
        let hash = look_hash(own)?;
        if let Some(found) = pointer(KeyKind::Partial, None, tables, (hash, hash)) {
            return Some(found);
        }
        let places: Vec<_> = canonical.char_indices().map(|(place, _)| place).collect();
        let count = places.len();
        let ends = |end: usize| places.get(end).copied().unwrap_or(canonical.len());
        let mut cuts: Vec<(usize, usize)> = (0..=AFFIX_CHARS_MAX.0)
            .flat_map(|front| (0..=AFFIX_CHARS_MAX.1).map(move |back| (front, back)))
            .filter(|(front, back)| front + back > 0 && front + back + REST_CHARS_MIN <= count)
            .collect();
        cuts.sort_unstable_by_key(|(front, back)| (front + back, *front));
        cuts.into_iter().find_map(|(front, back)| {
            let rest = &canonical[places[front]..ends(count - back)];
            let rest = rest.trim_start_matches('0');
            let tables = (&self.left.canonical, &self.right.canonical);
            let hashes = (hash_of(canonical), hash_of(rest));
            let long = rest.len() >= REST_CHARS_MIN;
            long.then(|| pointer(KeyKind::Partial, None, tables, hashes))?
        })
    }

    /// Whether both rows carry valid GTINs and none in common.
    pub(crate) fn gtins_differ(&self, left: usize, right: usize) -> bool {
        let (left, right) = (&self.left.rows[left], &self.right.rows[right]);
        left.has_gtin() && right.has_gtin() && left.shared_gtin(right).is_none()
    }
}

/// Where a key points, if anywhere; the hashes are those of the listing's own key and of the
/// one to look for.
fn pointer(
    kind: KeyKind,
    gtin: Option<Gtin>,
    (left, right): (&Table, &Table),
    (own, sought): (u64, u64),
) -> Option<Pointer> {
    let hits: Vec<_> = right.rows(sought).iter().map(|entry| entry.1).collect();
    (!hits.is_empty()).then(|| Pointer {
        kind,
        gtin,
        hits,
        listings: left.rows(own).len(),
    })
}
