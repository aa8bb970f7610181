//! `when`: a condition in the Common Expression Language (CEL).
//!
//! An expression is compiled and checked once: only the variables and functions below stand in it, so that what is misspelt is
//! found at the start. What it costs is bounded by its size, its depth and the length of the person's own lists: nothing in it
//! builds lists or repeats a repetition.

mod check;
mod scene;

use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::{Env, ExecutionError, Program};

pub(super) use scene::Scene;

/// A condition, compiled.
#[derive(Clone)]
pub struct When {
    text: Arc<str>,
    program: Arc<Program>,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct WhenError {
    /// The line within the text, counted from 1.
    pub line: usize,
    /// The character within the line, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

/// Why a condition has no result for somebody. Says nothing about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenFault {
    /// A claim, or a member of one, that they do not have.
    #[error("it asks for a claim that is not there; `has(…)` tells beforehand")]
    Missing,
    /// A number compared with a text, and the like.
    #[error("it puts values together that do not belong together")]
    Kinds,
    /// A division by zero, or a number too large.
    #[error("its arithmetic has no result")]
    Arithmetic,
    /// The client's address is not known.
    #[error("it asks for the client's address, which is not known")]
    NoAddress,
    /// A number or a text instead of yes or no.
    #[error("it is neither true nor false")]
    NoAnswer,
    /// Anything else.
    #[error("it has no result")]
    Other,
}

/// The standard functions and macros.
static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What the parser takes at the most for [`When::MAX_BYTES`], several times over.
const READER_STACK_BYTES: usize = 64 * 1024 * 1024;

impl When {
    /// Longest expression, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Compiles an expression.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its place.
    pub fn compile(text: &str) -> Result<Self, Vec<WhenError>> {
        check::size(text)?;
        // The parser descends a dozen steps for each bracket, so that it gets a stack that suits its work.
        std::thread::scope(|scope| {
            let reader = std::thread::Builder::new().stack_size(READER_STACK_BYTES);
            match reader.spawn_scoped(scope, || Self::read(text)).map(|reader| reader.join()) {
                Ok(Ok(read)) => read,
                Ok(Err(_)) | Err(_) => Err(vec![WhenError { line: 1, column: 1, what: "cannot be read".to_owned() }]),
            }
        })
    }

    fn read(text: &str) -> Result<Self, Vec<WhenError>> {
        let program = LANGUAGE.compile(text).map_err(|errors| {
            let place = |at: isize| usize::try_from(at).unwrap_or(1).max(1);
            let error = |error: &cel::ParseError| WhenError {
                line: place(error.pos.0),
                column: place(error.pos.1),
                what: error.msg.lines().next().unwrap_or("is no expression").to_owned(),
            };
            errors.errors.iter().map(error).collect::<Vec<_>>()
        })?;
        check::meaning(&program, text)?;
        Ok(Self { text: text.into(), program: Arc::new(program) })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<ExecutionError> for WhenFault {
    fn from(error: ExecutionError) -> Self {
        match error {
            ExecutionError::NoSuchKey(_) | ExecutionError::IndexOutOfBounds(_) => Self::Missing,
            ExecutionError::NoSuchOverload(_)
            | ExecutionError::UnexpectedType { .. }
            | ExecutionError::UnsupportedTargetType { .. }
            | ExecutionError::UnsupportedKeyType(_)
            | ExecutionError::UnsupportedIndex(..)
            | ExecutionError::UnsupportedBinaryOperator(..)
            | ExecutionError::ValuesNotComparable(..) => Self::Kinds,
            ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) | ExecutionError::Overflow(..) => {
                Self::Arithmetic
            }
            ExecutionError::FunctionError { function, .. } if function == scene::WITHIN => Self::NoAddress,
            // Some of the others repeat values.
            _ => Self::Other,
        }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("When").field(&self.text).finish()
    }
}

impl PartialEq for When {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[cfg(test)]
mod tests;
