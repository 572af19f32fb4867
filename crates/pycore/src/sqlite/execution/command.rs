//! What a statement does, by its first words.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Select,
    Insert,
    Update,
    Delete,
    Begin,
    Commit,
    Rollback,
    RollbackTo,
    Savepoint,
    Release,
    Pragma,
    /// Changes the schema, or is not worth keeping prepared for another reason.
    Definition,
    Other,
}

impl Command {
    /// Reads the words of one statement.
    pub fn of(sql: &str) -> Command {
        let mut words = Words::new(sql);
        let Some(first) = words.next() else {
            return Command::Other;
        };
        match first.as_str() {
            "SELECT" | "VALUES" | "EXPLAIN" => Command::Select,
            "INSERT" | "REPLACE" => Command::Insert,
            "UPDATE" => Command::Update,
            "DELETE" => Command::Delete,
            "WITH" => with(words),
            "BEGIN" => Command::Begin,
            "COMMIT" | "END" => Command::Commit,
            "SAVEPOINT" => Command::Savepoint,
            "RELEASE" => Command::Release,
            "PRAGMA" => Command::Pragma,
            "CREATE" | "DROP" | "ALTER" | "REINDEX" | "ANALYZE" | "ATTACH" | "DETACH"
            | "VACUUM" => Command::Definition,
            "ROLLBACK" => match words.find(|word| word != "TRANSACTION").as_deref() {
                Some("TO") => Command::RollbackTo,
                _ => Command::Rollback,
            },
            _ => Command::Other,
        }
    }

    /// Whether it counts the rows it changes.
    pub fn counts(self) -> bool {
        matches!(self, Command::Insert | Command::Update | Command::Delete)
    }

    /// Whether keeping it prepared makes sense.
    pub fn cacheable(self) -> bool {
        !matches!(self, Command::Definition | Command::Pragma | Command::Other)
    }

    /// Its name, if it begins or ends a whole transaction.
    pub fn whole(self) -> Option<&'static str> {
        match self {
            Command::Begin => Some("BEGIN"),
            Command::Commit => Some("COMMIT"),
            Command::Rollback => Some("ROLLBACK"),
            _ => None,
        }
    }

    /// Whether it begins, ends or marks a transaction.
    pub fn controls(self) -> bool {
        matches!(
            self,
            Command::Begin
                | Command::Commit
                | Command::Rollback
                | Command::RollbackTo
                | Command::Savepoint
                | Command::Release
        )
    }
}

/// The command word of a statement's result, such as `INSERT` or `CREATE TABLE`.
pub fn tag(sql: &str, command: Command) -> String {
    let fixed = match command {
        Command::Select => "SELECT",
        Command::Insert => "INSERT",
        Command::Update => "UPDATE",
        Command::Delete => "DELETE",
        Command::Begin => "BEGIN",
        Command::Commit => "COMMIT",
        Command::Rollback | Command::RollbackTo => "ROLLBACK",
        Command::Savepoint => "SAVEPOINT",
        Command::Release => "RELEASE",
        Command::Pragma => "PRAGMA",
        Command::Definition | Command::Other => {
            let mut words = Words::new(sql);
            let verb = words.next().unwrap_or_default();
            return match verb.as_str() {
                "CREATE" | "DROP" | "ALTER" => {
                    let object = words.find(|word| {
                        matches!(word.as_str(), "TABLE" | "INDEX" | "VIEW" | "TRIGGER")
                    });
                    format!("{verb} {}", object.unwrap_or_default())
                        .trim_end()
                        .to_owned()
                }
                _ => verb,
            };
        }
    };
    fixed.to_owned()
}

/// The statement behind the common table expressions, whose bodies stand in parentheses. `replace` can be the name of one.
fn with(words: Words<'_>) -> Command {
    let mut replace = false;
    for word in words {
        match word.as_str() {
            "SELECT" | "VALUES" => return Command::Select,
            "INSERT" => return Command::Insert,
            "INTO" if replace => return Command::Insert,
            "UPDATE" => return Command::Update,
            "DELETE" => return Command::Delete,
            _ => {}
        }
        replace = word == "REPLACE";
    }
    Command::Select
}

/// The bare words outside parentheses, quotes and comments, in upper case.
struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    fn new(sql: &'a str) -> Words<'a> {
        Words {
            rest: sql.as_bytes(),
        }
    }

    fn skip_past(&mut self, from: usize, end: &[u8]) {
        let rest = self.rest.get(from..).unwrap_or_default();
        let past = rest
            .windows(end.len())
            .position(|window| window == end)
            .map_or(rest.len(), |at| at.saturating_add(end.len()));
        self.rest = rest.get(past..).unwrap_or_default();
    }
}

impl Iterator for Words<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut depth = 0_usize;
        loop {
            match self.rest {
                [] => return None,
                [b'-', b'-', ..] => self.skip_past(2, b"\n"),
                [b'/', b'*', ..] => self.skip_past(2, b"*/"),
                [quote @ (b'\'' | b'"' | b'`'), ..] => {
                    let quote = [*quote];
                    self.skip_past(1, &quote);
                }
                [b'[', ..] => self.skip_past(1, b"]"),
                [b'(', rest @ ..] => {
                    depth = depth.saturating_add(1);
                    self.rest = rest;
                }
                [b')', rest @ ..] => {
                    depth = depth.saturating_sub(1);
                    self.rest = rest;
                }
                [first, ..] if is_word(*first) => {
                    let length = self.rest.iter().take_while(|byte| is_word(**byte)).count();
                    let (word, rest) = self.rest.split_at(length);
                    self.rest = rest;
                    if depth == 0 {
                        return Some(String::from_utf8_lossy(word).to_ascii_uppercase());
                    }
                }
                [_, rest @ ..] => self.rest = rest,
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
