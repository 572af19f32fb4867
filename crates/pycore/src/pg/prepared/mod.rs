//! Prepared statements: what is known of one (`statement`), which are kept (`cache`), what they are called (`naming`), which types have to
//! be looked up first (`lookup`; for rows that are here already: `kept`) and when that is true no more (`forgetting`), and how a stale one is prepared anew (`heal`).

pub mod asked;
pub mod cache;
mod forgetting;
pub mod heal;
pub mod kept;
pub mod lookup;
pub mod naming;
pub mod statement;
