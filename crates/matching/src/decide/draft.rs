//! What is known of one listing before it is compared with the others.

use serde::{Deserialize, Serialize};

use crate::ground::Ground;
use crate::rows::{Pointer, compact};
use crate::score::{Marks, Room, score};
use crate::search::{DEEP, SHALLOW, Scratch, retrieve};

/// Variants kept for the final order.
const KEPT_MAX: usize = 10;

/// Where a listing's keys point, and the variants worth showing.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Rejected pairs are not among the hits. Found again whenever other listings change, so they
    /// are not kept.
    #[serde(skip)]
    pub(crate) pointers: Box<[Pointer]>,
    /// By the score of the texts, best first.
    pub(crate) pairs: Box<[Pair]>,
    /// Whether a key points to a variant that the manager rejected for this listing.
    pub(crate) rejected: bool,
    /// Whether a key names one variant, so that the texts were not searched for another one as
    /// far as they could be.
    proven: bool,
}

/// A variant and how well its text fits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub(crate) right: u32,
    pub(crate) z: f32,
    pub(crate) marks: Marks,
}

/// Room for one listing after the other; one for each thread.
pub(crate) struct Desk {
    pub(crate) scratch: Scratch,
    pub(crate) room: Room,
}

impl Desk {
    pub(crate) fn new(ground: &Ground<'_>) -> Self {
        Self {
            scratch: Scratch::new(ground.index.rows, ground.texts.vocabulary.len()),
            room: Room::default(),
        }
    }
}

/// Looks at one listing. `heed` is false to see it as if the manager had rejected nothing.
pub(crate) fn draft(ground: &Ground<'_>, left: usize, desk: &mut Desk, heed: bool) -> Draft {
    let mut draft = Draft::by_keys(ground, left);
    let mut close = candidates(ground, left, &draft, desk);
    if heed {
        draft.leave_out_rejected(ground, left);
        close.retain(|right| !ground.said.rejected(compact(left), *right));
    }
    let judge = ground.judge();
    let mut pairs: Vec<_> = close
        .into_iter()
        .map(|right| {
            let rows = (left, right as usize);
            let looks = judge.look(rows, &desk.scratch.query, &mut desk.room);
            let z = score(&ground.weights, &looks.features);
            let marks = looks.marks;
            Pair { right, z, marks }
        })
        .collect();
    pairs.sort_unstable_by(best_first);
    let mut place = 0;
    pairs.retain(|pair| {
        place += 1;
        place <= KEPT_MAX || draft.points_to(pair.right)
    });
    draft.pairs = pairs.into();
    draft
}

/// The variants that a key or the texts speak for, ascending; the query holds the listing.
pub(crate) fn candidates(
    ground: &Ground<'_>,
    left: usize,
    draft: &Draft,
    desk: &mut Desk,
) -> Vec<u32> {
    let parts = (&ground.texts, &ground.aliases, &ground.index);
    let depth = if draft.proven { SHALLOW } else { DEEP };
    let record = &ground.texts.left[left];
    let mut close = retrieve(parts, (record, depth), &mut desk.scratch);
    close.extend(
        draft
            .pointers
            .iter()
            .flat_map(|p| p.hits.iter().copied().take(KEPT_MAX)),
    );
    close.sort_unstable();
    close.dedup();
    close
}

impl Draft {
    fn by_keys(ground: &Ground<'_>, left: usize) -> Self {
        let pointers = ground.keys.pointers(left, ground.left_sku(left));
        Self {
            proven: pointers.iter().any(|p| p.target().is_some()),
            pointers: pointers.into(),
            ..Self::default()
        }
    }

    /// The same with the keys as they are now: another listing may carry one of them since.
    /// Nothing when that asks for another look at the texts.
    pub(crate) fn with_keys(self, ground: &Ground<'_>, left: usize) -> Option<Self> {
        if self.pairs.is_empty() {
            return Some(self);
        }
        let mut now = Self::by_keys(ground, left);
        if now.proven != self.proven {
            return None;
        }
        now.pairs = self.pairs;
        now.leave_out_rejected(ground, left);
        Some(now)
    }

    fn leave_out_rejected(&mut self, ground: &Ground<'_>, left: usize) {
        if ground.said.rejections().is_empty() {
            return;
        }
        let mut pointers = std::mem::take(&mut self.pointers).into_vec();
        for pointer in &mut pointers {
            let before = pointer.hits.len();
            pointer
                .hits
                .retain(|right| !ground.said.rejected(compact(left), *right));
            self.rejected |= pointer.hits.len() < before;
        }
        pointers.retain(|pointer| !pointer.hits.is_empty());
        self.pointers = pointers.into();
    }

    /// Whether any key points to a variant.
    pub(crate) fn points_to(&self, right: u32) -> bool {
        self.pointers
            .iter()
            .any(|p| p.hits.binary_search(&right).is_ok())
    }

    /// The pair with a variant, and how far it is ahead of the best other one.
    pub(crate) fn pair(&self, right: u32) -> Option<(Pair, f32)> {
        let pair = *self.pairs.iter().find(|pair| pair.right == right)?;
        let rival = self.pairs.iter().find(|other| other.right != right);
        let margin = rival.map_or(f32::INFINITY, |rival| pair.z - rival.z);
        Some((pair, margin))
    }
}

/// Best first, ties by the variant's row.
pub(crate) fn best_first(one: &Pair, two: &Pair) -> std::cmp::Ordering {
    two.z.total_cmp(&one.z).then(one.right.cmp(&two.right))
}
