//! Values between their binary form and their text, for what is a part of something that only travels as text: money makes the
//! text of a composite that holds it, and a date beside it is read from that text.
//!
//! Texts are those of the server, or what it reads whatever its settings are. A text in the style of other settings is refused.
//! `read` and `write` walk the tree of a type, `scalar` and `figures` are the leaves.

mod figures;
mod read;
mod scalar;
mod write;

pub use read::{parts, read};
pub use write::{bounds, write};

use pgwire::{DecodeError, EncodeError, PushError, Refused};

/// Why a text is no value, or a value has no text.
pub struct Unwritten(pub String);

pub type Written = Result<(), Unwritten>;

impl From<DecodeError> for Unwritten {
    fn from(error: DecodeError) -> Unwritten {
        Unwritten(error.to_string())
    }
}

impl From<EncodeError> for Unwritten {
    fn from(error: EncodeError) -> Unwritten {
        Unwritten(error.to_string())
    }
}

impl From<Refused> for Unwritten {
    fn from(refused: Refused) -> Unwritten {
        Unwritten(refused.message)
    }
}

impl From<PushError<Unwritten>> for Unwritten {
    fn from(error: PushError<Unwritten>) -> Unwritten {
        match error {
            PushError::Refused(refused) => refused.into(),
            PushError::Encode(unwritten) => unwritten,
        }
    }
}

impl From<std::fmt::Error> for Unwritten {
    fn from(error: std::fmt::Error) -> Unwritten {
        Unwritten(error.to_string())
    }
}

impl Unwritten {
    /// A text that is none of the type of this name.
    #[cold]
    fn text(name: &str, text: &str) -> Unwritten {
        let shown: String = text.chars().take(40).collect();
        let settings = match name {
            "interval" => {
                "; inside of what travels as text it is read with the IntervalStyle postgres"
            }
            name if name.starts_with("date") || name.starts_with("time") => {
                "; inside of what travels as text it is read with the DateStyle ISO"
            }
            _ => "",
        };
        Unwritten(format!("{shown:?} is no text of {name}{settings}"))
    }
}
