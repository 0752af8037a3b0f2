//! Words for people: numbers with what they count, and the valid word that a mistyped one is nearest to.

use std::fmt::Display;

/// So many of something: "1 repeat", "2 repeats".
///
/// ```
/// use turncoat_learn::words::counted;
///
/// assert_eq!([0_u64, 1, 2].map(|n| counted(n, "party", "parties")), ["0 parties", "1 party", "2 parties"]);
/// ```
#[must_use]
pub fn counted<N: Display + PartialEq + From<u8>>(n: N, one: &str, many: &str) -> String {
    let word = if n == N::from(1) { one } else { many };
    format!("{n} {word}")
}

/// The word that was probably meant: the fewest edits away, and no more than a third of its length and one.
///
/// ```
/// use turncoat_learn::words::nearest;
///
/// assert_eq!(nearest("tree", ["knn", "trees"].into_iter()), Some("trees"));
/// assert_eq!(nearest("forest", ["knn"].into_iter()), None);
/// ```
#[must_use]
pub fn nearest<'w>(written: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const LONGEST: usize = 64;
    if written.is_empty() || written.len() > LONGEST {
        return None;
    }
    words
        .map(|word| (strsim::osa_distance(written, word), word))
        .filter(|(edits, word)| *edits <= 1 + word.len() / 3 && *edits < word.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}
