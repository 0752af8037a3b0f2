//! Text as HTML: the one place where a page's marks are written, and where everything else is escaped.
//!
//! A builder of a hundred lines and no template library: a page is put together from figures by code, its few elements nest as
//! its functions do, and whatever passes through [`Html::text`] or an attribute cannot become a mark.

use std::fmt::Write as _;

use turncoat_learn::visible;

/// A page, or a part of one.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// An element with what is inside.
    pub(crate) fn element(&mut self, tag: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.open(tag, attributes);
        inside(self);
        let _ = write!(self.0, "</{tag}>");
        if !matches!(tag, "a" | "b" | "code" | "em" | "span" | "td" | "th") {
            self.0.push('\n');
        }
    }

    /// An element without attributes that holds text alone.
    pub(crate) fn plain(&mut self, tag: &str, text: &str) {
        self.element(tag, &[], |h| h.text(text));
    }

    /// An element that holds nothing.
    pub(crate) fn void(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.open(tag, attributes);
        self.0.push('\n');
    }

    /// Text, escaped.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.push_str(&visible::markup(text));
    }

    /// A drawing of ours, whose texts are escaped already.
    pub(crate) fn drawing(&mut self, svg: &str) {
        self.0.push_str(svg);
    }

    /// A style sheet of ours.
    pub(crate) fn style(&mut self, css: &str) {
        let _ = write!(self.0, "<style>\n{css}</style>\n");
    }

    /// Another part behind what was written so far.
    pub(crate) fn add(&mut self, part: &Self) {
        self.0.push_str(&part.0);
    }

    /// The whole document.
    pub(crate) fn document(self) -> String {
        format!("<!DOCTYPE html>\n{}", self.0)
    }

    fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{tag}");
        for (name, value) in attributes {
            let _ = write!(self.0, " {name}=\"{}\"", visible::markup(value));
        }
        self.0.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_text_becomes_a_mark() {
        let mut html = Html::default();
        html.element("p", &[("title", "a\"><script>alert(1)</script>")], |h| {
            h.text("<script>'&'</script>\u{1}")
        });
        html.void("hr", &[]);
        assert_eq!(
            html.document(),
            "<!DOCTYPE html>\n<p title=\"a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">\
             &lt;script&gt;&#39;&amp;&#39;&lt;/script&gt;\\u{1}</p>\n<hr>\n"
        );
    }
}
