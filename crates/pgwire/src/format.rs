//! Text or binary, per value or for all of them.

/// How a value is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// As the type's text representation.
    #[default]
    Text,
    /// As the type's send/receive functions write it; see [`types`](crate::types).
    Binary,
}

impl Format {
    pub(crate) const fn code(self) -> u16 {
        match self {
            Self::Text => 0,
            Self::Binary => 1,
        }
    }

    pub(crate) const fn from_code(code: u16) -> Option<Self> {
        match code {
            0 => Some(Self::Text),
            1 => Some(Self::Binary),
            _ => None,
        }
    }
}

/// The formats wanted for the columns of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats<'a> {
    /// The same for every column, however many there are.
    All(Format),
    /// One per column; their number must be that of the columns.
    Each(&'a [Format]),
}
