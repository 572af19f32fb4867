//! Transactions: a BEGIN that goes out with the first statement (`begin`), what ends one (`command`), one that a block alone may end
//! (`guard`), and one that is all or nothing (`whole`).

pub mod begin;
pub mod command;
mod guard;
pub mod whole;
