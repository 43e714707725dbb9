//! Where a run through the catalogue stands, as text that survives a restart.
//!
//! `p:3:2001:8004` is page 3 of 2,001 products, with 8,004 variations to come; `p:3:2001:-` the
//! same in a shop without a store-wide list of variations. `v:7:8004:2001` is page 7 of the
//! variations and `f:2:310:2001` page 2 of the 310 families, after 2,001 products.

use tandem_contract::{Cause, Cursor, Error, Result};

use crate::answer::Answer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// `products`.
    Products,
    /// `variations`, store-wide.
    Variations,
    /// `products/{id}/variations`, family by family.
    Families,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) stage: Stage,
    /// Counts from 1.
    pub(super) page: u64,
    /// Records of this stage when they were last counted.
    here: Option<u64>,
    /// Records of the other stage, as far as known.
    elsewhere: Option<u64>,
    /// Pages to step back, because records were deleted while they were counted past.
    back: u64,
}

impl Place {
    pub(super) fn first(variations: Option<u64>) -> Self {
        Self {
            stage: Stage::Products,
            page: 1,
            here: None,
            elsewhere: variations,
            back: 0,
        }
    }

    pub(super) fn parse(cursor: &Cursor) -> Result<Self> {
        Self::read(&cursor.0)
            .ok_or_else(|| Error::new(Cause::Invalid, "listings").with("cursor", cursor.0.as_str()))
    }

    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let [stage, page, here, elsewhere] = parts.as_slice() else {
            return None;
        };
        let count = |text: &str| match text {
            "-" => Some(None),
            number => number.parse().ok().map(Some),
        };
        Some(Self {
            stage: match *stage {
                "p" => Stage::Products,
                "v" => Stage::Variations,
                "f" => Stage::Families,
                _ => return None,
            },
            page: page.parse().ok().filter(|page| *page > 0)?,
            here: count(here)?,
            elsewhere: count(elsewhere)?,
            back: 0,
        })
    }

    pub(super) fn cursor(self) -> Cursor {
        let stage = match self.stage {
            Stage::Products => "p",
            Stage::Variations => "v",
            Stage::Families => "f",
        };
        let count = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
        let (here, elsewhere) = (count(self.here), count(self.elsewhere));
        Cursor(format!("{stage}:{}:{here}:{elsewhere}", self.page))
    }

    /// This place with a fresh count. Where records were deleted since the last page, those
    /// behind them moved up, over the edge of a page that was read already: so it is read again,
    /// or a full read would miss records and take them for deleted.
    pub(super) fn counted(self, total: Option<u64>) -> Self {
        let deleted = match (self.here, total) {
            (Some(before), Some(now)) if self.page > 1 => before.saturating_sub(now),
            _ => 0,
        };
        Self {
            here: total.or(self.here),
            back: deleted.div_ceil(self.per_page()),
            ..self
        }
    }

    /// The next page of this stage; `None` when this was the last.
    pub(super) fn following(self, answer: &Answer, rows: usize, per_page: u64) -> Option<Self> {
        if self.back > 0 {
            let page = self.page.saturating_sub(self.back).max(1);
            return Some(Self {
                page,
                back: 0,
                ..self
            });
        }
        let more = match answer.pages {
            Some(pages) => self.page < pages,
            None => rows as u64 >= per_page,
        };
        more.then(|| Self {
            page: self.page + 1,
            ..self
        })
    }

    /// Where to go when the products are read; `None` when there are no variations.
    pub(super) fn second_stage(self) -> Option<Self> {
        let stage = match self.elsewhere {
            Some(0) => return None,
            Some(_) => Stage::Variations,
            None => Stage::Families,
        };
        Some(Self {
            stage,
            page: 1,
            here: self.elsewhere,
            elsewhere: self.here,
            back: 0,
        })
    }

    /// Products and variations together, where both are known.
    pub(super) fn total(self) -> Option<u64> {
        Some(self.here? + self.elsewhere?)
    }

    fn per_page(self) -> u64 {
        match self.stage {
            Stage::Products | Stage::Variations => crate::client::PER_PAGE as u64,
            Stage::Families => super::FAMILIES_PER_PAGE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Stage};
    use crate::answer::Answer;
    use tandem_contract::Cursor;

    fn answer(pages: u64) -> Answer {
        Answer {
            json: "[]".to_owned(),
            noise: None,
            total: None,
            pages: Some(pages),
            server_time: None,
        }
    }

    fn place(text: &str) -> Place {
        Place::parse(&Cursor(text.to_owned())).expect("a cursor")
    }

    #[test]
    fn a_place_survives_as_text() {
        for text in ["p:3:2001:8004", "p:1:-:-", "v:7:8004:2001", "f:2:310:2001"] {
            assert_eq!(place(text).cursor().0, text);
        }
        for text in ["", "p", "p:0:1:1", "x:1:1:1", "p:1:one:1", "p:1:1:1:1"] {
            assert!(Place::parse(&Cursor(text.to_owned())).is_err(), "{text:?}");
        }
    }

    #[test]
    fn after_the_products_come_the_variations_in_the_way_the_shop_has() {
        let last = |text: &str| place(text).second_stage().map(|place| place.cursor().0);
        assert_eq!(last("p:3:201:8004").as_deref(), Some("v:1:8004:201"));
        assert_eq!(last("p:3:201:-").as_deref(), Some("f:1:-:201"));
        assert_eq!(
            last("p:3:201:0"),
            None,
            "nothing is asked that is known to be empty"
        );
    }

    #[test]
    fn deletions_while_reading_step_back_over_the_edge_they_moved() {
        let after = |text: &str, total: u64| {
            let place = place(text).counted(Some(total));
            place
                .following(&answer(9), 100, 100)
                .map(|place| place.cursor().0)
        };
        assert_eq!(after("p:4:900:0", 900).as_deref(), Some("p:5:900:0"));
        assert_eq!(after("p:4:900:0", 899).as_deref(), Some("p:3:899:0"));
        assert_eq!(after("p:4:900:0", 700).as_deref(), Some("p:2:700:0"));
        assert_eq!(after("p:2:900:0", 1).as_deref(), Some("p:1:1:0"));
        assert_eq!(
            after("p:4:900:0", 901).as_deref(),
            Some("p:5:901:0"),
            "new ones come last"
        );
    }

    #[test]
    fn the_total_is_told_only_when_both_halves_are_known() {
        assert_eq!(place("p:1:10:5").total(), Some(15));
        assert_eq!(place("v:1:5:10").total(), Some(15));
        assert_eq!(place("p:1:10:-").total(), None);
        assert_eq!(place("p:1:10:5").stage, Stage::Products);
    }
}
