//! Broadcasts: what a template may say, whom it is for, and what is advised.

mod advice;
mod audience;
mod people;
mod plans;
mod states;
mod template_laws;
mod templates;
