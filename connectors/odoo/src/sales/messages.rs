//! What the customer may see of an order's conversation.

use serde::Deserialize;
use serde_json::json;
use tandem_contract::{Message, Result};
use tandem_domain::{SaleKey, Timestamp};

use super::{Desk, ORDER};
use crate::reads::Search;
use crate::wire::{instant, or_false};

/// `mail.message`, its author with the name.
#[derive(Debug, Deserialize)]
struct MessageRow {
    #[serde(deserialize_with = "instant")]
    date: Option<Timestamp>,
    #[serde(deserialize_with = "or_false")]
    author_id: Option<(i64, String)>,
    #[serde(deserialize_with = "or_false")]
    email_from: Option<String>,
    #[serde(deserialize_with = "or_false")]
    body: Option<String>,
}

impl Desk {
    /// Three conditions, because each lets something through: a note by a program is not marked
    /// as internal, its subtype is (`142-messages-of-order`).
    pub(super) async fn messages_of(&self, order: SaleKey) -> Result<Vec<Message>> {
        let domain = json!([
            ["model", "=", ORDER],
            ["res_id", "=", order],
            ["subtype_id.internal", "=", false],
            ["is_internal", "=", false],
            ["message_type", "in", ["comment", "email"]]
        ]);
        let search = Search {
            names: true,
            ..Search::all(
                "mail.message",
                domain,
                &["date", "author_id", "email_from", "body"],
            )
        };
        let rows: Vec<MessageRow> = self.reads.search(search).await?.read()?;
        let message = |row: MessageRow| {
            let author = row.author_id.map(|(_, name)| name).or(row.email_from);
            Some(Message {
                at: row.date?,
                author: author.unwrap_or_default(),
                text: plain(&row.body.unwrap_or_default()),
            })
        };
        Ok(rows.into_iter().filter_map(message).collect())
    }
}

/// The text of Odoo's HTML: tags away, paragraphs and breaks as lines, the entities that it
/// writes as what they mean.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else {
            // A bracket that opens no tag.
            text.push('<');
            rest = after;
            continue;
        };
        let name = tag.trim_end_matches('/').trim().to_lowercase();
        if name.starts_with("br") || ["/p", "/div", "/li"].contains(&name.as_str()) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    let decoded = text
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    decoded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn messages_are_read_as_text() {
        for (html, text) in [
            ("<p>Hello customer</p>", "Hello customer"),
            (
                "<p>One<br/>two</p><p>three &amp; four</p>",
                "One\ntwo\nthree & four",
            ),
            (
                "<p>a &lt;b&gt; &amp;lt; 🎈 مرحبا</p>",
                "a <b> &lt; 🎈 مرحبا",
            ),
            ("1 < 2", "1 < 2"),
            ("", ""),
        ] {
            assert_eq!(plain(html), text);
        }
    }
}
