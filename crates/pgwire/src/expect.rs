//! The protocol as one table: what may come, and where that leads.

/// What a session waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// The server asks who we are, or is content.
    Authentication,
    /// Accepted: parameters and the key are coming.
    Accepted,
    Parsed,
    Parameters,
    Description,
    Bound,
    /// The columns of what was just bound.
    Columns,
    /// Rows of one execution, and its end.
    Rows,
    /// Rows of a portal: their end, or that of the limit.
    Portal,
    Closed,
    /// The first statement of a simple query.
    Statement,
    /// Rows of a statement of a simple query.
    StatementRows,
    /// Another statement of a simple query, or its end.
    MoreStatements,
    /// A COPY was asked for: the server says whether it takes data or gives them.
    CopyAsked,
    /// The server takes data; before we have said that they are complete, it can only refuse them.
    CopyIn,
    /// We have said that they are complete.
    CopyInEnd,
    /// The server gives data.
    CopyOut,
    CopyOutEnd,
    /// An error came; the server skips to the end of the request.
    Recovery,
    /// Everything came; the server has yet to say so.
    Ready,
}

impl Expect {
    /// Whether nothing of its round has been executed when this is awaited.
    pub(crate) const fn is_before_execution(self) -> bool {
        matches!(
            self,
            Self::Parsed | Self::Parameters | Self::Description | Self::Bound | Self::Columns
        )
    }
}

/// Where a message leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// More of the same may come.
    Stay,
    /// On to the next step of the request.
    Advance,
    /// Aside, for now.
    Goto(Expect),
    /// The request (or start-up) is over.
    Done,
    /// The session is over.
    End,
}

/// None: the message must not come now.
#[inline]
pub(crate) const fn step(at: Expect, kind: u8) -> Option<Next> {
    use Expect as E;
    use Next::{Advance, Done, End, Goto, Stay};
    Some(match (at, kind) {
        (E::Rows | E::Portal | E::StatementRows, b'D') => Stay,
        (E::Rows | E::Portal, b'C' | b'I') => Advance,
        (E::Portal, b's') => Advance,

        (E::Authentication, b'R' | b'v') => Stay,
        (E::Accepted, b'K') => Stay,
        (E::Accepted, b'Z') => Done,
        (E::Authentication | E::Accepted, b'E') => End,

        (E::Parsed, b'1') => Advance,
        (E::Parameters, b't') => Advance,
        (E::Description, b'T' | b'n') => Advance,
        (E::Bound, b'2') => Advance,
        (E::Columns, b'T' | b'n') => Advance,
        (E::Closed, b'3') => Advance,

        (E::Statement | E::MoreStatements, b'T') => Goto(E::StatementRows),
        (E::Statement | E::MoreStatements, b'C' | b'I') => Goto(E::MoreStatements),
        (E::StatementRows, b'C') => Goto(E::MoreStatements),

        (E::Rows | E::Portal | E::Statement | E::MoreStatements | E::CopyAsked, b'G') => {
            Goto(E::CopyIn)
        }
        (E::Rows | E::Portal | E::Statement | E::MoreStatements | E::CopyAsked, b'H') => {
            Goto(E::CopyOut)
        }
        // It is no COPY: its rows are skipped.
        (E::CopyAsked, b'D') => Goto(E::Rows),
        (E::CopyAsked, b'C' | b'I') => Advance,
        (E::CopyInEnd, b'C') => Advance,
        (E::CopyOut, b'd') => Stay,
        (E::CopyOut, b'c') => Goto(E::CopyOutEnd),
        (E::CopyOutEnd, b'C') => Advance,

        (_, b'E') => Goto(E::Recovery),
        (E::Recovery | E::Ready | E::MoreStatements, b'Z') => Done,
        _ => return None,
    })
}

/// The server's words for a message type, for error messages.
pub(crate) const fn name(kind: u8) -> &'static str {
    match kind {
        b'1' => "ParseComplete",
        b'2' => "BindComplete",
        b'3' => "CloseComplete",
        b'A' => "NotificationResponse",
        b'C' => "CommandComplete",
        b'D' => "DataRow",
        b'E' => "ErrorResponse",
        b'G' => "CopyInResponse",
        b'H' => "CopyOutResponse",
        b'I' => "EmptyQueryResponse",
        b'K' => "BackendKeyData",
        b'N' => "NoticeResponse",
        b'R' => "Authentication",
        b'S' => "ParameterStatus",
        b'T' => "RowDescription",
        b'V' => "FunctionCallResponse",
        b'W' => "CopyBothResponse",
        b'Z' => "ReadyForQuery",
        b'c' => "CopyDone",
        b'd' => "CopyData",
        b'n' => "NoData",
        b's' => "PortalSuspended",
        b't' => "ParameterDescription",
        b'v' => "NegotiateProtocolVersion",
        _ => "an unknown message",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table once more, the other way round: per state, all messages that may come.
    #[test]
    fn nothing_else_may_come() {
        for (at, kinds) in [
            (Expect::Authentication, "ERv"),
            (Expect::Accepted, "EKZ"),
            (Expect::Parsed, "1E"),
            (Expect::Parameters, "Et"),
            (Expect::Description, "ETn"),
            (Expect::Bound, "2E"),
            (Expect::Columns, "ETn"),
            (Expect::Rows, "CDEGHI"),
            (Expect::Portal, "CDEGHIs"),
            (Expect::Closed, "3E"),
            (Expect::Statement, "CEGHIT"),
            (Expect::StatementRows, "CDE"),
            (Expect::MoreStatements, "CEGHITZ"),
            (Expect::CopyAsked, "CDEGHI"),
            (Expect::CopyIn, "E"),
            (Expect::CopyInEnd, "CE"),
            (Expect::CopyOut, "Ecd"),
            (Expect::CopyOutEnd, "CE"),
            (Expect::Recovery, "EZ"),
            (Expect::Ready, "EZ"),
        ] {
            let allowed: String = (0..=u8::MAX)
                .filter(|kind| step(at, *kind).is_some())
                .map(char::from)
                .collect();
            assert_eq!(allowed, kinds, "{at:?}");
        }
    }
}
