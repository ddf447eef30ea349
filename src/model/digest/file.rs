//! Reads a digest file.
