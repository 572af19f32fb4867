//! Dates, times and intervals as text: what the server writes with the DateStyle ISO and the IntervalStyle postgres, and what it
//! reads whatever they are. Text in another style is refused, never taken for another moment.

mod read;
mod write;

pub use read::{read_date, read_interval, read_time, read_timestamp, read_timetz};
pub use write::{write_date, write_interval, write_time, write_timestamp, write_timetz};

#[cfg(test)]
mod tests;
