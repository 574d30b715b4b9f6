//! Files of guests, good and broken, and the lines they become.

mod any_file;
mod cards;
mod encodings;
mod headers;
mod limits;
mod numbers;
mod packages;
mod repeated;
mod rows;
mod sentences;
mod spreadsheets;
mod world;
