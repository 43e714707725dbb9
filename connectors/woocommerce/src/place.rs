//! Where a run through numbered pages stands, as text that survives a restart.
//!
//! `p:3:2001:8004` is page 3 of 2,001 products, with 8,004 variations to come; `p:3:2001:-` the
//! same in a shop without a store-wide list of variations. `v:7:8004:2001` is page 7 of the
//! variations and `f:2:310:2001` page 2 of the 310 families, after 2,001 products. `r:2:340:-` is
//! page 2 of 340 refunds, and `o:2:4210:-` page 2 of the 4,210 orders that are asked for theirs.

use tandem_contract::{Cursor, Query, Scope};

use crate::answer::Answer;
use crate::client::PER_PAGE;

/// Families read for one page of a shop that has no store-wide list of variations.
pub(crate) const FAMILIES_PER_PAGE: u64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// `products`.
    Products,
    /// `variations`, store-wide.
    Variations,
    /// `products/{id}/variations`, family by family.
    Families,
    /// `refunds`, store-wide.
    Refunds,
    /// `orders/{id}/refunds`, order by order.
    Orders,
}

impl Stage {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Products, "p"),
        (Self::Variations, "v"),
        (Self::Families, "f"),
        (Self::Refunds, "r"),
        (Self::Orders, "o"),
    ];

    fn letter(self) -> &'static str {
        let found = Self::ALL.iter().find(|(stage, _)| *stage == self);
        found.map_or("", |(_, letter)| letter)
    }

    fn of(letter: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == letter);
        found.map(|(stage, _)| *stage)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) stage: Stage,
    /// Counts from 1.
    pub(crate) page: u64,
    /// Records of this stage when they were last counted.
    here: Option<u64>,
    /// Records of the other stage, as far as known.
    elsewhere: Option<u64>,
    /// Pages to step back, because records were deleted while they were counted past.
    back: u64,
}

impl Place {
    /// The beginning of the listings, of which so many are variations.
    pub(crate) fn first(variations: Option<u64>) -> Self {
        Self {
            elsewhere: variations,
            ..Self::start(Stage::Products)
        }
    }

    /// The first page of a stage.
    pub(crate) fn start(stage: Stage) -> Self {
        Self {
            stage,
            page: 1,
            here: None,
            elsewhere: None,
            back: 0,
        }
    }

    /// Another page of this stage.
    pub(crate) fn at(self, page: u64) -> Self {
        Self { page, ..self }
    }

    /// The place that a cursor names, among the stages of one source. `None` for a cursor that
    /// another version or another program wrote: then the reading starts over, since a cursor that
    /// is refused for ever would end it for good.
    pub(crate) fn parse(cursor: &Cursor, stages: &[Stage]) -> Option<Self> {
        let place = Self::read(&cursor.0).filter(|place| stages.contains(&place.stage));
        if place.is_none() {
            tracing::warn!("a cursor could not be read, the reading starts over");
        }
        place
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
            stage: Stage::of(stage)?,
            page: page.parse().ok().filter(|page| *page > 0)?,
            here: count(here)?,
            elsewhere: count(elsewhere)?,
            back: 0,
        })
    }

    pub(crate) fn cursor(self) -> Cursor {
        let count = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
        let (here, elsewhere) = (count(self.here), count(self.elsewhere));
        let (stage, page) = (self.stage.letter(), self.page);
        Cursor(format!("{stage}:{page}:{here}:{elsewhere}"))
    }

    /// The place behind the page at this one, if nothing is added or deleted meanwhile; `None`
    /// after the last, and where records were not counted yet.
    pub(crate) fn ahead(self, query: &Query) -> Option<Self> {
        if self.page < self.here?.div_ceil(self.per_page()) {
            let page = self.page + 1;
            Some(Self { page, ..self })
        } else {
            self.second_stage(query)
        }
    }

    /// This place with a fresh count. Where records were deleted since the last page, those
    /// behind them moved up, over the edge of a page that was read already: so it is read again,
    /// or a full read would miss records and take them for deleted.
    pub(crate) fn counted(self, total: Option<u64>) -> Self {
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
    pub(crate) fn following(self, answer: &Answer, rows: usize) -> Option<Self> {
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
            None => rows as u64 >= self.per_page(),
        };
        more.then(|| Self {
            page: self.page + 1,
            ..self
        })
    }

    /// Where to go when the products are read; `None` when there are no variations, or when no
    /// product changed and the changed families are what is asked for.
    pub(crate) fn second_stage(self, query: &Query) -> Option<Self> {
        if self.stage != Stage::Products {
            return None;
        }
        let nothing_changed = query.scope != Scope::All && self.here == Some(0);
        let stage = match self.elsewhere {
            Some(0) => return None,
            Some(_) => Stage::Variations,
            None if nothing_changed => return None,
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

    /// Records of this stage and the other together, where both are known.
    pub(crate) fn total(self) -> Option<u64> {
        match self.stage {
            Stage::Products | Stage::Variations | Stage::Families => {
                Some(self.here? + self.elsewhere?)
            }
            Stage::Refunds => self.here,
            Stage::Orders => None,
        }
    }

    /// Whether this shop lists its variations store-wide.
    pub(crate) fn has_variations_listed(self) -> bool {
        self.stage == Stage::Variations || self.elsewhere.is_some()
    }

    /// Records on a full page of this stage.
    pub(crate) fn per_page(self) -> u64 {
        match self.stage {
            Stage::Products | Stage::Variations | Stage::Refunds | Stage::Orders => PER_PAGE as u64,
            Stage::Families => FAMILIES_PER_PAGE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Stage};
    use crate::answer::Answer;
    use tandem_contract::{Cursor, Query};
    use tandem_domain::Timestamp;

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
        Place::read(text).expect("a cursor")
    }

    #[test]
    fn a_place_survives_as_text() {
        for text in [
            "p:3:2001:8004",
            "p:1:-:-",
            "v:7:8004:2001",
            "f:2:310:2001",
            "r:2:340:-",
            "o:2:4210:-",
        ] {
            assert_eq!(place(text).cursor().0, text);
        }
        for text in ["", "p", "p:0:1:1", "x:1:1:1", "p:1:one:1", "p:1:1:1:1"] {
            assert_eq!(Place::read(text), None, "{text:?}");
        }
        let refunds = Cursor("r:2:340:-".to_owned());
        assert_eq!(
            Place::parse(&refunds, &[Stage::Products]),
            None,
            "of another source"
        );
    }

    #[test]
    fn after_the_products_come_the_variations_in_the_way_the_shop_has() {
        let last = |text: &str| {
            let second = place(text).second_stage(&Query::all());
            second.map(|place| place.cursor().0)
        };
        assert_eq!(last("p:3:201:8004").as_deref(), Some("v:1:8004:201"));
        assert_eq!(last("p:3:201:-").as_deref(), Some("f:1:-:201"));
        assert_eq!(
            last("p:3:201:0"),
            None,
            "nothing is asked that is known to be empty"
        );
        let since = Query::since(Timestamp::UNIX_EPOCH);
        assert_eq!(place("p:1:0:-").second_stage(&since), None);
        assert!(place("p:1:3:-").second_stage(&since).is_some());
    }

    #[test]
    fn the_next_place_is_told_before_its_page_is_there() {
        let ahead = |text: &str| {
            let next = place(text).ahead(&Query::all());
            next.map(|place| place.cursor().0)
        };
        assert_eq!(ahead("p:2:253:122").as_deref(), Some("p:3:253:122"));
        assert_eq!(ahead("p:3:253:122").as_deref(), Some("v:1:122:253"));
        assert_eq!(ahead("v:1:122:253").as_deref(), Some("v:2:122:253"));
        assert_eq!(ahead("v:2:122:253"), None, "the last");
        assert_eq!(ahead("p:1:-:122"), None, "not counted yet");
        assert_eq!(ahead("f:1:-:253"), None, "not counted yet");
        assert_eq!(ahead("f:2:31:253").as_deref(), Some("f:3:31:253"));
        assert_eq!(ahead("r:1:100:-"), None);
        assert_eq!(ahead("r:1:101:-").as_deref(), Some("r:2:101:-"));
    }

    #[test]
    fn deletions_while_reading_step_back_over_the_edge_they_moved() {
        let after = |text: &str, total: u64| {
            let place = place(text).counted(Some(total));
            place
                .following(&answer(9), 100)
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
