//! Whether the text of a float is all of it, which `extra_float_digits` says: a setting that the server does not report.

use super::Types;

/// What is known of the setting, and for whom.
#[derive(Clone, Copy, Default)]
pub struct TextDigits {
    /// As it was when types were looked up last.
    pub are_all: bool,
    /// Whether floats are read from text at all: the settings of others do not matter.
    pub matter: bool,
    /// A setting was changed, perhaps for the transaction only.
    is_open: bool,
}

/// What changes a setting from within another statement.
const FUNCTION: &[u8] = b"set_config";

/// Whether settings may be others after a command: of its own, of the code that it runs, or of what it takes back.
pub fn is_about_settings(command: &str) -> bool {
    matches!(
        command,
        "SET" | "RESET" | "DISCARD ALL" | "DO" | "CALL" | "COMMIT" | "ROLLBACK"
    )
}

impl Types {
    /// Whether what was looked up may no longer be true after a command of this session.
    pub fn is_concerned(&mut self, command: &str) -> bool {
        if !is_about_settings(command) {
            return false;
        }
        let digits = &mut self.digits;
        // Another transaction may have begun with it, and a savepoint's leaves some changes: they are open until none is.
        let is_end = matches!(command, "COMMIT" | "ROLLBACK");
        let changed = !is_end || digits.is_open;
        digits.is_open = changed;
        changed && digits.matter
    }

    /// The same after a statement that may call a function for it.
    pub fn is_concerned_by_text(&mut self, sql: &str) -> bool {
        let digits = &mut self.digits;
        let sets = digits.matter
            && sql
                .as_bytes()
                .windows(FUNCTION.len())
                .any(|word| word.eq_ignore_ascii_case(FUNCTION));
        digits.is_open |= sets;
        sets
    }

    /// The same where no transaction is open any more: it may have ended by an error, which took settings back without a word.
    pub fn is_concerned_by_end(&mut self) -> bool {
        std::mem::take(&mut self.digits.is_open) && self.digits.matter
    }
}
