//! The schema for editors, which another validator reads, says what the walk says; and what is made of it is as it would be made now.

mod accepted;
mod refused;
mod reported;
mod stored;
