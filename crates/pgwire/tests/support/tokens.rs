//! The words of a line: bare words, "quoted bytes" with Rust's escapes, and `name="quoted bytes"`.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Word(String),
    Text(Vec<u8>),
    Field(String, Vec<u8>),
}

pub fn tokens(line: &str) -> Vec<Token> {
    let mut rest = line.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([' ', '"']).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        if let Some(tail) = tail.strip_prefix('"') {
            let (bytes, tail) = quoted(tail);
            found.push(match word.strip_suffix('=') {
                Some(name) => Token::Field(name.to_owned(), bytes),
                None => Token::Text(bytes),
            });
            rest = tail.trim_start();
        } else {
            found.push(Token::Word(word.to_owned()));
            rest = tail.trim_start();
        }
    }
    found
}

fn quoted(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut at = 0;
    let raw = text.as_bytes();
    loop {
        let (byte, length) = match raw[at] {
            b'"' => return (bytes, &text[at + 1..]),
            b'\\' => match raw[at + 1] {
                b'n' => (b'\n', 2),
                b'r' => (b'\r', 2),
                b't' => (b'\t', 2),
                b'x' => (u8::from_str_radix(&text[at + 2..at + 4], 16).unwrap(), 4),
                other => (other, 2),
            },
            byte => (byte, 1),
        };
        bytes.push(byte);
        at += length;
    }
}

pub fn quote(bytes: impl AsRef<[u8]>) -> String {
    format!(
        "\"{}\"",
        bytes
            .as_ref()
            .escape_ascii()
            .to_string()
            .replace("\\'", "'")
    )
}

impl Token {
    pub fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            other => panic!("a bare word is needed, not {other:?}"),
        }
    }

    pub fn text(&self) -> &[u8] {
        match self {
            Self::Text(bytes) => bytes,
            other => panic!("\"text\" is needed, not {other:?}"),
        }
    }

    pub fn str(&self) -> &str {
        std::str::from_utf8(self.text()).unwrap()
    }

    /// A value: bytes, or the word null.
    pub fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Word(word) if word == "null" => None,
            other => Some(other.text()),
        }
    }
}
