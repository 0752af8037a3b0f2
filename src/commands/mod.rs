//! One file for each command of the command line.

mod ask;
mod certs;
mod check;
mod compare;
mod credentials;
mod data;
mod dispatch;
mod guard;
mod identity;
mod manual;
mod new;
mod report;
mod resume;
mod roles;
mod run;
mod scenarios;

pub use dispatch::{answered, dispatch};
