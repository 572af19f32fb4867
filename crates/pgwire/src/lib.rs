//! The PostgreSQL protocol without a socket.
//!
//! A [`Session`] is fed the bytes a server sent and gives back [`Event`]s; it is asked for
//! statements and gives back the bytes to send. It opens nothing, waits for nothing and knows no
//! runtime: "need more bytes" is a return value, so one implementation serves a blocking socket,
//! an event loop and a test that has neither.
//!
//! ```
//! use pgwire::{Config, Event, Session};
//!
//! let mut session = Session::new(Config::new("ada", "library"))?;
//! let startup = session.take_output(); // to be written to the socket
//! assert_eq!(startup.get(4..8), Some(&[0, 3, 0, 0][..]));
//!
//! let mut input: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"; // what the socket gave
//! assert!(matches!(session.next(&mut input)?, Some(Event::Ready)));
//! assert!(session.next(&mut input)?.is_none()); // more bytes, please
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`types`] holds the binary codecs: pure functions between wire bytes and plain Rust values.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod auth;
mod batch;
mod binary_copy;
mod binding;
mod bodies;
mod certificate;
mod column;
mod command_tag;
mod config;
mod control;
mod copy;
mod copying;
mod data_row;
mod draft;
mod error;
mod event;
mod expect;
mod fast_path;
mod format;
mod frames;
mod frontend;
mod grouping;
mod key;
mod keys;
mod limits;
mod parameters;
mod params;
mod parts;
mod pieces;
mod portal;
mod positions;
mod prepared;
mod reader;
mod replies;
mod request;
mod rows;
mod scram;
mod script;
mod server_error;
mod session;
mod startup;
mod statements;
mod tokens;
pub mod types;
mod unnamed;
mod with_client;
mod writer;

pub use batch::Batch;
pub use binary_copy::{COPY_HEADER, COPY_TRAILER, CopyTuple, copy_header, copy_tuple};
pub use binding::ChannelBinding;
pub use column::Column;
pub use command_tag::CommandTag;
pub use config::{Config, Password};
pub use control::{forgets_statements, leans_on_a_name, transaction_command, transaction_end};
pub use copy::{CopyFormat, Direction};
pub use data_row::{DataRow, KeptRow, Values};
pub use error::{DecodeError, EncodeError, ProtocolError, PushError, Refused};
pub use event::{Event, TransactionStatus};
pub use format::{Format, Formats};
pub use frontend::COPY_ROOM;
pub use key::{BackendKey, cancel_request};
pub use keys::{Key, keys};
pub use limits::{MAX_MESSAGE, MAX_PARAMETERS, SCRAM_MAX_ITERATIONS};
pub use params::Params;
pub use positions::{SUBSTRING, positions};
pub use rows::Rows;
pub use scram::{Hashing, Keys};
pub use script::{script_copies_with_client, script_forgets_statements, script_transaction_end};
pub use server_error::ServerError;
pub use session::Session;
pub use statements::Statements;
pub use tokens::Strings;
pub use unnamed::Unnamed;
pub use with_client::copies_with_client;

/// The number PostgreSQL gives a type, a table and other catalogue objects.
pub type Oid = u32;
