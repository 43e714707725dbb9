//! A session as bytes, so that it outlives the process.

use std::sync::Arc;

use crate::decide::{Draft, Settlement};
use crate::ground::Said;
use crate::held::Held;
use crate::items::{LeftItem, RightItem, Sorted};
use crate::model::Model;
use crate::normalise::Token;
use crate::rows::{Record, Texts};
use crate::session::Session;

/// All that a session knows beside its model: tokens that the model does not know, rows, what was
/// read in them, what the manager said, and what was found.
type Read = (
    Vec<Token>,
    (Vec<Held<'static, LeftItem>>, Vec<Held<'static, RightItem>>),
    (Vec<Record>, Vec<Record>),
    Said,
    (Vec<Draft>, Vec<Settlement>),
);

impl Session {
    /// Appends everything but the model, as bytes that only this version of the program reads.
    pub fn append_to(&self, bytes: Vec<u8>) -> Vec<u8> {
        let (rows, texts) = (&self.ground.rows, &self.ground.texts);
        let kept = (
            texts.vocabulary.beyond(self.model.tokens()),
            (&rows.left, &rows.right),
            (&texts.left, &texts.right),
            &self.ground.said,
            (&self.drafts, &self.settlements),
        );
        postcard::to_extend(&kept, bytes).expect("plain data in memory")
    }

    /// Reads what [`Session::append_to`] wrote beside this model; nothing when it was not that.
    pub fn from_bytes(model: Arc<Model>, bytes: &[u8]) -> Option<Self> {
        let read: Read = postcard::from_bytes(bytes).ok()?;
        let (tokens, (left, right), records, said, (drafts, settlements)) = read;
        let lengths = [records.0.len(), drafts.len(), settlements.len()];
        if lengths != [left.len(); 3] || records.1.len() != right.len() {
            return None;
        }
        let texts = Texts {
            vocabulary: model.vocabulary_with(&tokens),
            left: records.0,
            right: records.1,
        };
        let ground = model.over(said, Sorted { left, right }, texts);
        Some(Self {
            model,
            ground,
            drafts,
            settlements,
        })
    }
}
