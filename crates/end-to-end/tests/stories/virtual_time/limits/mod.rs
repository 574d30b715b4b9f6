//! The rules of design §6, measured on what the guests' phones showed and not on our own tables.
//!
//! [`life`] lets simulated days and weeks pass, [`phones`] looks for breaches, [`weeks`] says that there are none, and
//! [`torn`] and [`scenes`] tear each rule out of the book and see that it is missed. Rules are measured by the clock of the
//! world, which nobody sets, while the clock of the machine is.

mod life;
mod phones;
mod scenes;
mod torn;
mod weeks;
