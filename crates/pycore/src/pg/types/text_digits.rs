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

/// Whether settings may be others after a command.
pub fn is_about_settings(command: &str) -> bool {
    matches!(
        command,
        "SET" | "RESET" | "DISCARD ALL" | "COMMIT" | "ROLLBACK"
    )
}

impl Types {
    /// Whether what was looked up may no longer be true after a command of this session.
    pub fn is_concerned(&mut self, command: &str) -> bool {
        let digits = &mut self.digits;
        if !is_about_settings(command) {
            return false;
        }
        let is_end = matches!(command, "COMMIT" | "ROLLBACK");
        let changed = !is_end || digits.is_open;
        digits.is_open = command == "SET";
        changed && digits.matter
    }
}
