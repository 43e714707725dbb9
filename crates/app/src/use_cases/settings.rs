//! How the person wants the application.

use crate::blocking::blocking;
use crate::view::{AppSettings, Stale};
use crate::{App, Result};

const KEY: &str = "app";

impl App {
    /// The saved wishes, or the defaults.
    pub async fn settings(&self) -> Result<AppSettings> {
        let inner = self.inner.clone();
        blocking(move || Ok(inner.store.setting(KEY)?.unwrap_or_default())).await
    }

    /// Saves them.
    pub async fn save_settings(&self, settings: AppSettings) -> Result<()> {
        let inner = self.inner.clone();
        blocking(move || {
            inner.store.save_setting(KEY, &settings)?;
            inner.stale(&[Stale::Settings]);
            Ok(())
        })
        .await
    }
}
