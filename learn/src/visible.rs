//! Texts as they are shown: names come out of files, and what is in them must not command a terminal, hide, or turn a line round.
//! Every way out of turncoat to a person passes through here: the terminal, log lines, pages and drawings.

use std::borrow::Cow;

/// Whether a letter does something where others stand for themselves: control characters, and those that change the direction of what
/// follows or break lines unseen.
fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Whether a text has such letters, line ends and tabs aside.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert!(visible::acts_up("a\u{1b}[31m") && !visible::acts_up("a\n"));
/// ```
#[must_use]
pub fn acts_up(text: &str) -> bool {
    text.contains(|letter| acts(letter) && !is_layout(letter))
}

fn is_layout(letter: char) -> bool {
    matches!(letter, '\n' | '\t')
}

/// A text of several lines, with such letters written out: `\u{1b}`.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert_eq!(visible::text("a\n\u{1b}"), "a\n\\u{1b}");
/// ```
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    written(
        text,
        |letter| acts(letter) && !is_layout(letter),
        |out, letter| out.extend(letter.escape_default()),
    )
}

/// A text on one line; its own line ends are written out too.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert_eq!(visible::line("a\nb"), "a\\nb");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    written(text, acts, |out, letter| out.extend(letter.escape_default()))
}

/// A text with colours of ours in it.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert_eq!(visible::coloured("\u{1b}[31mred\u{7}"), "\u{1b}[31mred\\u{7}");
/// ```
#[must_use]
pub fn coloured(text: &str) -> Cow<'_, str> {
    let spared = |letter| is_layout(letter) || letter == '\u{1b}';
    written(text, |letter| acts(letter) && !spared(letter), |out, letter| out.extend(letter.escape_default()))
}

/// A JSON document, in whose texts such letters are written out as JSON has it. It says the same as before.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert_eq!(visible::json("[\"\u{7f}\"]"), "[\"\\u007f\"]");
/// ```
#[must_use]
pub fn json(document: &str) -> Cow<'_, str> {
    written(
        document,
        |letter| acts(letter) && !is_layout(letter),
        |out, letter| out.push_str(&format!("\\u{:04x}", u32::from(letter))),
    )
}

/// A text as it stands in HTML and in SVG, between marks and in attributes.
///
/// ```
/// use turncoat_learn::visible;
///
/// assert_eq!(visible::markup("<b>"), "&lt;b&gt;");
/// ```
#[must_use]
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Most of them no XML may hold.
            acting if acts(acting) && !is_layout(acting) => out.extend(acting.escape_default()),
            other => out.push(other),
        }
    }
    out
}

fn written(text: &str, which: impl Fn(char) -> bool, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(&which) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if which(letter) { write(&mut out, letter) } else { out.push(letter) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_out_and_nothing_else_changes() {
        let name = "a\u{1b}[31m\u{7}\u{9b}2J\u{7f}\r\u{202e}\u{2028}é→\u{301}";
        let shown = "a\\u{1b}[31m\\u{7}\\u{9b}2J\\u{7f}\\r\\u{202e}\\u{2028}é→\u{301}";
        assert_eq!(text(name), shown);
        assert_eq!(text("a\n\tb"), "a\n\tb");
        assert_eq!(line("a\n\tb\u{1b}"), "a\\n\\tb\\u{1b}");
        assert_eq!(coloured("\u{1b}[31mred\u{9b}\u{7}"), "\u{1b}[31mred\\u{9b}\\u{7}");
        assert!(acts_up(name) && !acts_up("a\n\tb"));
        assert!(matches!(text("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same() {
        let name = "a\u{1b}\u{7f}\u{9b}\u{202e}b";
        let document = serde_json::to_string_pretty(&[name]).unwrap();
        let shown = json(&document);
        assert!(!acts_up(&shown));
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [name]);
    }
}
