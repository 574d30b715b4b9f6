//! Fuzz targets for every parser of bytes that strangers send; all code is in `tests/`. This library is empty on purpose.
