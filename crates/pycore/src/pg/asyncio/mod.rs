//! How the event loop drives a session: `protocol` reads into its memory, `queue` gathers what one turn of the loop asks for, `wake` has
//! the task that waits go on within the read that brought its answer.

pub mod protocol;
pub mod queue;
pub mod wake;
