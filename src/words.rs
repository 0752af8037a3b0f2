//! Words for numbers of things.

use std::fmt::Display;

/// So many of something: "1 repeat", "2 repeats".
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(n: N, one: &str, many: &str) -> String {
    let word = if n == N::from(1) { one } else { many };
    format!("{n} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_none_is_not() {
        let told = [0_u64, 1, 2].map(|n| counted(n, "party", "parties"));
        assert_eq!(told, ["0 parties", "1 party", "2 parties"]);
    }
}
