//! What a caller shows: its certificate, or, over connections in plain text, a bearer token of 32 random bytes, written as 64
//! hexadecimal digits.
//!
//! Tokens are compared in constant time and never shown by `Debug`. They reach no figure, so they come from the
//! operating system and not from a seed stream.

use std::fmt;
use std::str::FromStr;

use rand::TryRng;
use rand::rngs::SysRng;

use super::Certificate;

/// What a caller shows in one role.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Its certificate.
    Certificate(Certificate),
    /// A token.
    Token(Token),
}

impl From<Token> for Proof {
    fn from(token: Token) -> Self {
        Self::Token(token)
    }
}

impl From<&Token> for Proof {
    fn from(token: &Token) -> Self {
        Self::Token(token.clone())
    }
}

impl From<&Proof> for Proof {
    fn from(proof: &Proof) -> Self {
        proof.clone()
    }
}

/// A secret that proves a role.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct EntropyError(String);

/// A text that is not a token. The text is not repeated: it may be most of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is 64 hexadecimal digits")]
pub struct TokenParseError;

impl Token {
    /// A new token that nobody can guess.
    ///
    /// # Errors
    /// [`EntropyError`] when the operating system has no randomness to give.
    pub fn generate() -> Result<Self, EntropyError> {
        let mut bytes = [0; 32];
        SysRng.try_fill_bytes(&mut bytes).map_err(|error| EntropyError(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The digits. Named so that a place which writes a secret somewhere is easy to find.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        // No early exit: the time taken tells nothing about where two tokens differ.
        self.0.iter().zip(&other.0).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl FromStr for Token {
    type Err = TokenParseError;

    fn from_str(text: &str) -> Result<Self, TokenParseError> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(TokenParseError);
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| TokenParseError)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text_and_hides_in_debug() {
        let token = Token::generate().unwrap();
        assert_eq!(token.reveal().parse::<Token>().unwrap(), token);
        assert_ne!(token, Token::generate().unwrap());
        assert!(!format!("{token:?}").contains(&token.reveal()[..8]));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "00", &"+0".repeat(32), &"é".repeat(32), &"0".repeat(65)] {
            assert!(text.parse::<Token>().is_err());
        }
    }
}
