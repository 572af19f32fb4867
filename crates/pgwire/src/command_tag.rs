//! What a finished statement says it did (`CommandComplete`).

/// The server's words for it, as `INSERT 0 5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandTag<'a> {
    text: &'a str,
}

impl<'a> CommandTag<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The tag as the server wrote it.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The rows affected or returned, None for statements that do not count rows.
    pub fn rows(&self) -> Option<u64> {
        let (_, count) = self.text.rsplit_once(' ')?;
        count.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts() {
        for (text, rows) in [
            ("INSERT 0 5", Some(5)),
            ("SELECT 10000", Some(10_000)),
            ("UPDATE 0", Some(0)),
            ("CREATE TABLE", None),
            ("BEGIN", None),
            ("", None),
        ] {
            assert_eq!(CommandTag::new(text).rows(), rows, "{text}");
        }
    }
}
