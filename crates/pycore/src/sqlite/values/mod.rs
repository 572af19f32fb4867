//! Values on their way to SQLite and back.
//!
//! `params` brings those of an execution to `encode`, `decode` makes them of what is stored, by their `declared` kinds; `foreign` does both for
//! another driver. `codecs` of users come between, for reading (`custom`) and writing (`custom_writing`). `fit` is what a column can hold.

pub mod civil;
pub mod codecs;
pub mod custom;
pub mod custom_writing;
pub mod declared;
pub mod decode;
mod decode_list;
pub mod encode;
mod encode_list;
mod encode_number;
mod encode_time;
pub mod fit;
pub mod foreign;
pub mod foreign_rows;
pub mod params;
mod uuid_text;
