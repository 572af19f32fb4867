//! Transactions: a BEGIN that goes out with the first statement (`begin`), one that a block alone may end (`guard`), and one that is all or
//! nothing (`whole`).

pub mod begin;
mod guard;
pub mod whole;
