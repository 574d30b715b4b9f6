//! Stories that run the whole system together; everything is in `tests/`. This library is empty on purpose.
