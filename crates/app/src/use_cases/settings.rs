//! How the person wants the application.

use serde_json::{Map, Value};

use crate::blocking::blocking;
use crate::view::{AppSettings, Stale};
use crate::{App, Result};

const KEY: &str = "app";

/// What an older or newer version saved, with the defaults for what it does not say or says in a
/// way that is not understood here.
fn completed(saved: Map<String, Value>) -> AppSettings {
    let mut settings = AppSettings::default();
    for (name, value) in saved {
        let Ok(Value::Object(mut changed)) = serde_json::to_value(settings) else {
            return settings;
        };
        changed.insert(name, value);
        settings = serde_json::from_value(Value::Object(changed)).unwrap_or(settings);
    }
    settings
}

impl App {
    /// The saved wishes, or the defaults.
    pub async fn settings(&self) -> Result<AppSettings> {
        let inner = self.inner.clone();
        blocking(move || Ok(completed(inner.store.setting(KEY)?.unwrap_or_default()))).await
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::completed;
    use crate::view::{AppSettings, Theme};

    #[test]
    fn settings_of_another_version_are_read_as_far_as_they_are_understood() {
        let saved = json!({ "theme": "dark", "density": "huge", "wallpaper": 3 });
        let read = completed(saved.as_object().expect("an object").clone());
        let expected = AppSettings {
            theme: Theme::Dark,
            ..AppSettings::default()
        };
        assert_eq!(read, expected);
    }
}
