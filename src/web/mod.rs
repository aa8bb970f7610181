//! HTTP: turns requests into values, calls the steps in order, and answers.
