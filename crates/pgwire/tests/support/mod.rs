//! A scripted server and a transcript: conversations as text.

pub mod calls;
pub mod client;
pub mod conversation;
pub mod events;
pub mod scram;
pub mod server;
pub mod tokens;
pub mod unnamed;
