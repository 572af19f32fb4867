//! COPY: the class that Python sees, what the core knows of one under way (`copying`), and rows in the binary format.

pub mod copying;
pub mod decoder;
pub mod encoder;
pub mod pg_copy;
mod row;
