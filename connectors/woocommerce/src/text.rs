//! Text out of HTML: names as customers read them, and pages as support can read them.

/// Characters of a page that are looked at.
const PAGE_CHARACTERS_MAX: usize = 200_000;
/// Elements whose content nobody reads.
const UNREAD: [&str; 4] = ["script", "style", "noscript", "template"];
/// Elements that part words.
const BREAKS: [&str; 8] = ["br", "p", "div", "li", "tr", "td", "h1", "h2"];

/// A name as a customer reads it. Names come with HTML entities (`Tom &amp; Jerry`) and sometimes
/// with tags (recorded: 103); addresses do not. Decoded once: what reads like a tag after that was
/// typed as text.
pub(crate) fn name(html: &str) -> String {
    let text = without_tags(html);
    html_escape::decode_html_entities(&text).trim().to_owned()
}

/// A page or a message as one line of text, without scripts and styles.
pub(crate) fn plain(html: &str) -> String {
    let html: String = html.chars().take(PAGE_CHARACTERS_MAX).collect();
    let text = without_tags(&html);
    let decoded = html_escape::decode_html_entities(&text);
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_tags(html: &str) -> String {
    if !html.contains('<') {
        return html.to_owned();
    }
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some((name, after)) = tag(rest) else {
            // `Size < L` is no tag.
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        let unread = UNREAD.contains(&name.as_str());
        if unread || BREAKS.contains(&name.as_str()) {
            text.push(' ');
        }
        rest = if unread { behind(after, &name) } else { after };
    }
    text.push_str(rest);
    text
}

/// The name of the tag that a text begins with (empty for a closing one or a comment), and what
/// comes after it.
fn tag(html: &str) -> Option<(String, &str)> {
    if let Some(comment) = html.strip_prefix("<!--") {
        let after = comment.split_once("-->").map_or("", |(_, after)| after);
        return Some((String::new(), after));
    }
    let first = html[1..].chars().next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let (inside, after) = html[1..].split_once('>')?;
    let name = inside
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    Some((name.to_ascii_lowercase(), after))
}

/// What comes behind the end of an element; nothing when it does not end.
fn behind<'a>(html: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let found = html
        .char_indices()
        .filter(|(_, c)| *c == '<')
        .map(|(at, _)| at)
        .find(|at| {
            html.get(*at..*at + end.len())
                .is_some_and(|here| here.eq_ignore_ascii_case(&end))
        });
    found
        .and_then(|at| html[at..].split_once('>'))
        .map_or("", |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use super::{name, plain};

    #[test]
    fn names_lose_markup_and_keep_what_was_typed() {
        for (html, read) in [
            (
                "Tom &amp; Jerry \"5€\" <b>x</b> 🙂",
                "Tom & Jerry \"5€\" x 🙂",
            ),
            ("&lt;b&gt; stays", "<b> stays"),
            ("Size < L and > S", "Size < L and > S"),
            ("Red<br />Blue", "Red Blue"),
            ("x<sup>2</sup>", "x2"),
            ("a <3 b", "a <3 b"),
            ("  &nbsp;ا &#8211; ب ", "ا – ب"),
            ("cut <b", "cut <b"),
        ] {
            assert_eq!(name(html), read, "{html}");
        }
        let long = "é".repeat(10_000);
        assert_eq!(name(&long), long, "nothing is cut");
    }

    #[test]
    fn pages_lose_what_nobody_reads() {
        let page = "<html><head><STYLE type=x>p > a {color:red}</style>\
            <script>var a = '<b>' && 1 < 2;</script></head><!-- <p>no</p> -->\
            <body><h1>Access denied</h1>\n<p>Error 1020</p><script>never ends";
        assert_eq!(plain(page), "Access denied Error 1020");
        assert_eq!(plain("no tags\n at all"), "no tags at all");
    }
}
