//! Product pictures: asked for when somebody looks, kept on disk within bounds, and never in the
//! way of anything else.

mod kept;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::ToSpan as _;
use serde_json::Value;
use tandem_contract::{Error, Kind, Picture};
use tandem_domain::{ListingKey, Slug, Timestamp, VariantKey};
use tandem_store::SavedConnection;
use tokio::sync::Semaphore;

use super::connections::{Connected, not_bound, parse_slug, waits_for_a_person};
use crate::blocking::blocking;
use crate::context::Inner;
use crate::view::{KeptPictures, Side, count, kilobytes};
use crate::{App, Result};
use kept::{Kept, Known, Name};

/// Pictures asked of one connection at the same time.
const AT_ONCE_MAX: usize = 2;
/// A server that failed is left alone this long.
const REST_MINUTES: i64 = 1;
/// A connection that was opened for pictures is opened anew after this long.
const OPEN_MINUTES_MAX: i64 = 5;
/// One picture takes no longer.
const PICTURE_SECONDS_MAX: u64 = 30;

/// A picture as doors show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// `image/jpeg`, …
    pub media_type: String,
    /// The file.
    pub bytes: bytes::Bytes,
}

/// What is kept of pictures, and of the connections that they come from.
pub(crate) struct Pictures {
    kept: Option<Arc<Kept>>,
    sources: Mutex<HashMap<Slug, Arc<PictureSource>>>,
    /// Connections that did not open, such as those without their secret, with what they would
    /// have been made from, and until when they are left alone.
    shut: Mutex<HashMap<Slug, (MadeFrom, Timestamp)>>,
}

/// Address and settings of a connection, and the settings of the store that it is asked for.
type MadeFrom = (String, Value, Value);

/// A connection that pictures are asked of.
struct PictureSource {
    side: Connected,
    /// What it was made from; after a change it is made anew.
    made_from: MadeFrom,
    made_at: Timestamp,
    places: Semaphore,
    rests_until: Mutex<Option<Timestamp>>,
}

impl Pictures {
    /// Kept in a folder of the profile; a profile in memory keeps none.
    pub(crate) fn in_folder(profile: Option<&Path>) -> Self {
        Self {
            kept: profile.map(|folder| Arc::new(Kept::in_folder(&folder.join("pictures")))),
            sources: Mutex::default(),
            shut: Mutex::default(),
        }
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<Slug, Arc<PictureSource>>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shut(&self) -> MutexGuard<'_, HashMap<Slug, (MadeFrom, Timestamp)>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The picture of a listing of a store, or of a variant of its Odoo; `None` where there is
    /// none, or none to be had now. At most two are asked of a server at the same time.
    pub async fn picture(&self, store: &str, side: Side, key: &str) -> Result<Option<PictureFile>> {
        let store = parse_slug(store)?;
        let (inner, of) = (Arc::clone(&self.inner), key.to_owned());
        let wanted = blocking(move || inner.wanted_picture(&store, side, &of)).await?;
        if let Some(kept) = self.inner.kept_picture(&wanted.name).await? {
            return Ok(kept.picture());
        }
        let Some(source) = wanted.source.clone() else {
            return Ok(None);
        };
        let Ok(_place) = source.places.acquire().await else {
            return Ok(None);
        };
        // Whoever was before us may have asked for the same one, or found the server ill.
        if let Some(kept) = self.inner.kept_picture(&wanted.name).await? {
            return Ok(kept.picture());
        }
        if source.rests(self.inner.clock.now()) {
            return Ok(None);
        }
        let limit = Duration::from_secs(PICTURE_SECONDS_MAX);
        match tokio::time::timeout(limit, source.ask(key)).await {
            Ok(Ok(picture)) => self.inner.keep_picture(wanted.name, picture).await,
            Ok(Err(error)) => self.inner.picture_failed(wanted, error).await,
            Err(_) => {
                source.rest(self.inner.clock.now());
                Ok(None)
            }
        }
    }
}

impl App {
    /// How much room the pictures take; nothing in a profile that keeps none.
    pub async fn kept_pictures(&self) -> Result<KeptPictures> {
        let kept = self.inner.pictures.kept.clone();
        blocking(move || Ok(shown(kept.as_deref()))).await
    }

    /// Removes all pictures; they are fetched again when they are looked at.
    pub async fn clear_pictures(&self) -> Result<KeptPictures> {
        let kept = self.inner.pictures.kept.clone();
        blocking(move || {
            if let Some(kept) = &kept {
                kept.clear();
            }
            Ok(shown(kept.as_deref()))
        })
        .await
    }
}

fn shown(kept: Option<&Kept>) -> KeptPictures {
    let (files, bytes, bytes_max) = kept.map(Kept::held).unwrap_or_default();
    KeptPictures {
        files: count(files),
        kilobytes: kilobytes(bytes),
        kilobytes_max: kilobytes(bytes_max),
    }
}

/// Which picture is wanted, and of whom it may be asked.
struct Wanted {
    connection: Slug,
    name: Name,
    /// `None` while its connection may not be asked.
    source: Option<Arc<PictureSource>>,
}

impl PictureSource {
    /// `Ok(None)`: there is none.
    async fn ask(&self, key: &str) -> std::result::Result<Option<Picture>, Error> {
        match &self.side {
            Connected::Store(shop) => match shop.pictures() {
                Some(pictures) => pictures.picture(&ListingKey::new(key)).await,
                None => Ok(None),
            },
            Connected::Odoo(odoo) => match (odoo.pictures(), key.parse()) {
                (Some(pictures), Ok(id)) => pictures.picture(&VariantKey(id)).await,
                _ => Ok(None),
            },
        }
    }

    fn rests(&self, now: Timestamp) -> bool {
        let until = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
    }

    fn rest(&self, now: Timestamp) {
        let mut until = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *until = Some(now + REST_MINUTES.minutes());
    }
}

impl Inner {
    fn wanted_picture(&self, store: &Slug, side: Side, key: &str) -> Result<Wanted> {
        let saved = self.saved_store(store)?;
        let connection = match side {
            Side::Store => store.clone(),
            Side::Odoo => saved.bound_odoo.clone().ok_or_else(|| not_bound(&saved))?,
        };
        let asked = self.store.connection(&connection)?;
        let name = Name::of(&[connection.as_str(), &asked.url, store_or_odoo(side), key]);
        let source = if waits_for_a_person(&asked) {
            None
        } else {
            self.picture_source(&saved, asked, side)?
        };
        Ok(Wanted {
            connection,
            name,
            source,
        })
    }

    /// A connection that is open already, or one that is opened now; `None` while one that did not
    /// open is left alone: every picture in view would ask the keychain for the same secret.
    fn picture_source(
        &self,
        store: &SavedConnection,
        asked: SavedConnection,
        side: Side,
    ) -> Result<Option<Arc<PictureSource>>> {
        let now = self.clock.now();
        let mut sources = self.pictures.sources();
        sources.retain(|_, source| now.duration_since(source.made_at).as_mins() < OPEN_MINUTES_MAX);
        let made_from = (asked.url, asked.settings, store.settings.clone());
        let open = sources.get(&asked.slug);
        if let Some(source) = open.filter(|source| source.made_from == made_from) {
            return Ok(Some(Arc::clone(source)));
        }
        let shut = self.pictures.shut().get(&asked.slug).cloned();
        if shut.is_some_and(|(of, until)| of == made_from && now < until) {
            return Ok(None);
        }
        let opened = match side {
            Side::Store => self.open_side(&asked.slug),
            Side::Odoo => self
                .open_odoo_of(store)
                .map(|(_, odoo)| Connected::Odoo(odoo)),
        };
        let side = match opened {
            Ok(side) => side,
            Err(error) => {
                let until = now + REST_MINUTES.minutes();
                self.pictures.shut().insert(asked.slug, (made_from, until));
                return Err(error);
            }
        };
        let source = Arc::new(PictureSource {
            side,
            made_from,
            made_at: now,
            places: Semaphore::new(AT_ONCE_MAX),
            rests_until: Mutex::new(None),
        });
        sources.insert(asked.slug, Arc::clone(&source));
        Ok(Some(source))
    }

    async fn kept_picture(&self, name: &Name) -> Result<Option<Known>> {
        let Some(kept) = self.pictures.kept.clone() else {
            return Ok(None);
        };
        let (name, now) = (name.clone(), self.clock.now());
        blocking(move || Ok(kept.read(&name, now))).await
    }

    async fn keep_picture(
        &self,
        name: Name,
        picture: Option<Picture>,
    ) -> Result<Option<PictureFile>> {
        let file = picture
            .filter(|picture| picture.media_type.starts_with("image/"))
            .map(|picture| PictureFile {
                media_type: picture.media_type,
                bytes: picture.bytes,
            });
        if let Some(kept) = self.pictures.kept.clone() {
            let (file, now) = (file.clone(), self.clock.now());
            blocking(move || {
                kept.write(&name, file.as_ref(), now);
                Ok(())
            })
            .await?;
        }
        Ok(file)
    }

    /// A picture that is not there is remembered as that; a server that does not serve is left
    /// alone for a while, and one that refuses the login until a person changed something.
    async fn picture_failed(
        self: &Arc<Self>,
        wanted: Wanted,
        error: Error,
    ) -> Result<Option<PictureFile>> {
        tracing::debug!(%error, "no picture");
        if error.kind() == Kind::Refused {
            return self.keep_picture(wanted.name, None).await;
        }
        if let Some(source) = &wanted.source {
            source.rest(self.clock.now());
        }
        if error.kind() == Kind::Credentials {
            let inner = Arc::clone(self);
            blocking(move || inner.note_failure(&wanted.connection, &error)).await?;
        }
        Ok(None)
    }
}

fn store_or_odoo(side: Side) -> &'static str {
    match side {
        Side::Store => "store",
        Side::Odoo => "odoo",
    }
}
