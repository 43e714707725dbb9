//! Who carries which key on either side.

use std::collections::HashMap;

use tandem_domain::{Gtin, Sku};

use super::compact;
use crate::items::Sorted;
use crate::normalise::canonical_sku;

/// The keys that may prove a pair, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum KeyKind {
    /// A valid GTIN, from the barcode or the SKU field.
    Gtin,
    /// The SKU to the letter.
    Sku,
    /// The SKU but for spelling.
    Canonical,
}

/// The rows that carry a key; parents of variations are not counted.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    pub(crate) left: Vec<u32>,
    pub(crate) right: Vec<u32>,
}

/// The keys of one row.
#[derive(Debug, Default, Clone)]
pub(crate) struct RowKeys {
    /// At most two, those of the barcode and of the SKU field, each once.
    pub(crate) gtins: Vec<Gtin>,
    pub(crate) sku: Option<Sku>,
    pub(crate) canonical: Option<String>,
}

impl RowKeys {
    fn new(sku: Option<&Sku>, barcode: Option<&str>) -> Self {
        let mut gtins: Vec<_> = barcode
            .into_iter()
            .chain(sku.map(Sku::as_str))
            .filter_map(|text| Gtin::parse(text.trim()).ok())
            .collect();
        gtins.dedup();
        Self {
            gtins,
            sku: sku.cloned(),
            canonical: sku.and_then(|sku| canonical_sku(sku.as_str())),
        }
    }
}

/// All keys of both catalogues.
pub(crate) struct Keys {
    left: Vec<RowKeys>,
    right: Vec<RowKeys>,
    gtins: HashMap<Gtin, Holders>,
    skus: HashMap<Sku, Holders>,
    canonical: HashMap<String, Holders>,
}

impl Keys {
    /// Reads the keys of all rows.
    pub(crate) fn read(rows: &Sorted<'_>) -> Self {
        let mut keys = Self {
            left: Vec::with_capacity(rows.left.len()),
            right: Vec::with_capacity(rows.right.len()),
            gtins: HashMap::new(),
            skus: HashMap::new(),
            canonical: HashMap::new(),
        };
        for (row, item) in rows.left.iter().enumerate() {
            let of_row = RowKeys::new(item.sku.as_ref(), item.barcode.as_deref());
            if !item.parent {
                keys.add(&of_row, |holders| holders.left.push(compact(row)));
            }
            keys.left.push(of_row);
        }
        for (row, item) in rows.right.iter().enumerate() {
            let of_row = RowKeys::new(item.sku.as_ref(), item.barcode.as_deref());
            keys.add(&of_row, |holders| holders.right.push(compact(row)));
            keys.right.push(of_row);
        }
        keys
    }

    fn add(&mut self, of_row: &RowKeys, mut put: impl FnMut(&mut Holders)) {
        for gtin in &of_row.gtins {
            put(self.gtins.entry(*gtin).or_default());
        }
        if let Some(sku) = &of_row.sku {
            put(self.skus.entry(sku.clone()).or_default());
        }
        if let Some(canonical) = &of_row.canonical {
            put(self.canonical.entry(canonical.clone()).or_default());
        }
    }

    /// The keys of a listing.
    pub(crate) fn of_left(&self, row: usize) -> &RowKeys {
        &self.left[row]
    }

    /// The keys of a variant.
    pub(crate) fn of_right(&self, row: usize) -> &RowKeys {
        &self.right[row]
    }

    /// Who carries this GTIN, in either field.
    pub(crate) fn by_gtin(&self, gtin: Gtin) -> Option<&Holders> {
        self.gtins.get(&gtin)
    }

    /// Who carries this SKU to the letter.
    pub(crate) fn by_sku(&self, sku: Option<&Sku>) -> Option<&Holders> {
        self.skus.get(sku?)
    }

    /// Who carries this SKU in any spelling.
    pub(crate) fn by_canonical(&self, canonical: Option<&str>) -> Option<&Holders> {
        self.canonical.get(canonical?)
    }

    /// Pairs that a key proves which is unique on both sides: what is learned of the shop, such
    /// as its price factor, is learned from these.
    pub(crate) fn unique_pairs(&self) -> Vec<(u32, u32)> {
        let unique = |holders: &Holders| match (holders.left.as_slice(), &holders.right[..]) {
            ([left], [right]) => Some((*left, *right)),
            _ => None,
        };
        let by_gtin = self.gtins.values().filter_map(unique);
        let by_sku = self.skus.values().filter_map(unique);
        let mut pairs: Vec<_> = by_gtin.chain(by_sku).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Whether both rows carry valid GTINs and none in common.
    pub(crate) fn gtins_differ(&self, left: usize, right: usize) -> bool {
        let (left, right) = (&self.left[left].gtins, &self.right[right].gtins);
        let common = left.iter().any(|gtin| right.contains(gtin));
        !left.is_empty() && !right.is_empty() && !common
    }

    /// The strongest key that both rows carry.
    pub(crate) fn shared(&self, left: usize, right: usize) -> Option<KeyKind> {
        let (left, right) = (&self.left[left], &self.right[right]);
        if left.gtins.iter().any(|gtin| right.gtins.contains(gtin)) {
            return Some(KeyKind::Gtin);
        }
        if left.sku.is_some() && left.sku == right.sku {
            return Some(KeyKind::Sku);
        }
        let canonical = left.canonical.is_some() && left.canonical == right.canonical;
        canonical.then_some(KeyKind::Canonical)
    }
}
