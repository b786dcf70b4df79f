//! What handlers take out of a request: who asks, and for what.

mod actor;
mod asked;
mod file;
mod held;
mod inquiry;

pub(crate) use actor::{Actor, SESSION_COOKIE, refuse_cross_site};
pub(crate) use asked::{Asked, FilterParams};
pub(crate) use file::{AskedFile, FileParams};
pub(crate) use held::Held;
pub(crate) use inquiry::Inquiry;
