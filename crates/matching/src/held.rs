//! A row that is borrowed from the caller or kept for good.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As `Cow`, but as small as a pointer: a catalogue of borrowed rows is a list of addresses.
#[derive(Debug)]
pub(crate) enum Held<'a, T> {
    Borrowed(&'a T),
    Owned(Box<T>),
}

impl<T> Held<'_, T> {
    pub(crate) fn owned(row: T) -> Self {
        Self::Owned(Box::new(row))
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(row) => row,
            Self::Owned(row) => row,
        }
    }
}

impl<T: Serialize> Serialize for Held<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Held<'_, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::owned)
    }
}
