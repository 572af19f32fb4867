//! What a session tells its owner.

use crate::Oid;
use crate::column::Column;
use crate::command_tag::CommandTag;
use crate::copy::CopyFormat;
use crate::data_row::DataRow;
use crate::scram::Hashing;
use crate::server_error::ServerError;

/// One thing that happened, in the order the server said it.
///
/// Between two [`Done`](Event::Done)s everything but `Notice`, `Notification` and `Parameter`
/// belongs to the oldest request in flight. After `Failed` only `Done` is left for it, or another
/// `Failed` that is fatal.
#[derive(Debug)]
pub enum Event<'a> {
    /// Start-up is finished: requests are welcome.
    Ready,
    /// The server asked for a proof of the password, for which that has to be hashed: run it, and give the keys to
    /// [`Session::hashed`](crate::Session::hashed). Until then the login stands still.
    Hashing(Hashing),
    /// The statement is prepared; what it takes and what it returns.
    Prepared {
        /// The type of each parameter, by position.
        parameters: Vec<Oid>,
        /// The columns of the result; none for a statement without one.
        columns: Vec<Column>,
        /// Whether it has a result, which may be one without columns.
        returns_rows: bool,
    },
    /// The columns of the rows that follow (simple queries, and statements without a name).
    Columns(Vec<Column>),
    /// One row. All rows of one execution have the same number of values; that this is the number
    /// of columns `Prepared` told is for the caller to check, who knows which statement it ran.
    Row(DataRow<'a>),
    /// One execution (or one statement of a simple query) succeeded.
    Complete(CommandTag<'a>),
    /// The row limit was reached: the portal may have more.
    Suspended,
    /// A COPY takes data: see [`Session::copy_data`](crate::Session::copy_data).
    CopyIn(CopyFormat),
    /// A COPY gives data.
    CopyOut(CopyFormat),
    /// Some of them; where a piece ends means nothing.
    CopyData(&'a [u8]),
    /// The statement was empty.
    EmptyQuery,
    /// The request failed; or, without a request in flight, the server ended the session.
    Failed(Box<ServerError>),
    /// The transaction has begun that was to begin with the oldest request, whose own replies follow.
    Begun,
    /// The oldest request is over, and the transaction status is fresh.
    Done,
    /// The same for a group of executions, each of which is over with its own `Complete`. After `Failed` those behind it were
    /// not run.
    GroupDone,
    /// The server remarks on something; never the end of a request.
    Notice(Box<ServerError>),
    /// Another session's NOTIFY.
    Notification {
        /// The process that notified.
        pid: i32,
        /// The channel's name.
        channel: &'a str,
        /// The text it sent, possibly empty.
        payload: &'a str,
    },
    /// A server parameter has, or now has, this value.
    Parameter {
        /// Its name.
        name: &'a str,
        /// Its new value.
        value: &'a str,
    },
}

/// Where the session stands, as of the last `ReadyForQuery`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionStatus {
    /// Start-up is not finished.
    Starting,
    /// No transaction is open.
    Idle,
    /// In a transaction.
    InTransaction,
    /// In a transaction that failed: only ROLLBACK is accepted.
    Failed,
}

impl TransactionStatus {
    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            b'I' => Some(Self::Idle),
            b'T' => Some(Self::InTransaction),
            b'E' => Some(Self::Failed),
            _ => None,
        }
    }
}
