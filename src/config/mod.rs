//! The operator's file, read and checked into a value.
