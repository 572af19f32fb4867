//! How a thread drives a session: `waiting` moves the bytes until the request is answered, by a `descriptor`, which is a `channel` of its
//! own or lies beneath `tls` (`opening`: decrypting). `lock` gives one thread at a time the connection; `ended` is a handler that ends the program.

pub mod channel;
pub mod descriptor;
pub mod ended;
pub mod lock;
mod opening;
pub mod tls;
pub mod waiting;
