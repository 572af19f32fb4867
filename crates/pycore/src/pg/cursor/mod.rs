//! Results that are fetched in parts: the class that Python sees, and what the core knows of each (`portal`).

pub mod pg_cursor;
pub mod portal;
