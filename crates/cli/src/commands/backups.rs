//! What no fetch brings back, in one file: written, looked at, taken over.

use std::path::Path;

use tandem_app::App;
use tandem_app::view::BackupView;

use super::Done;
use crate::exit::Exit;
use crate::output::Out;

pub(super) async fn backup(app: &App, file: &Path, out: &Out) -> Done {
    let written = app.back_up(file).await?;
    out.document(&written);
    out.say("cli.backup.written", &[("path", &written.path)]);
    Ok(Exit::Done)
}

pub(super) async fn restore(app: &App, file: &Path, yes: bool, out: &Out) -> Done {
    if !yes {
        let seen = app.look_at_backup(file).await?;
        out.document(&seen);
        print(&seen, out);
        out.say("cli.backup.ask", &[]);
        return Ok(Exit::Done);
    }
    let done = app.restore(file).await?;
    out.document(&done);
    out.line(&out.counted("backup.restored", done.taken.decisions));
    if let Some(aside) = &done.aside {
        out.line(&format!("{} {aside}", out.words.plain("backup.aside")));
    }
    Ok(Exit::Done)
}

fn print(seen: &BackupView, out: &Out) {
    let counts = [
        ("links", seen.links.to_string()),
        ("decisions", seen.decisions.to_string()),
        ("maps", seen.maps.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    out.say("backup.inside", &counts);
    for (key, stores) in [
        ("backup.stores", &seen.stores),
        ("backup.left_out", &seen.left_out),
    ] {
        if !stores.is_empty() {
            out.say(key, &[("stores", &stores.join(", "))]);
        }
    }
}
