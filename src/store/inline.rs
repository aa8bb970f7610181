//! Tables `inline_code` and `inline_family`: codes and refresh tokens of the inline login.
//!
//! Whoever changes both takes the code's row first, so that a second use of a code and the family made of its first use find
//! one another, whichever comes first and on whichever replica.

use super::{Store, StoreError, on};

/// A code to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode {
    /// Its hash.
    pub code: String,
    /// What it stands for, sealed.
    pub granted: String,
    /// When it ends.
    pub ends: i64,
}

/// A family of refresh tokens to keep, with its first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFamily {
    /// The hash of the code it is made of.
    pub family: String,
    /// What it stands for, sealed.
    pub granted: String,
    /// The hash of its first refresh token.
    pub token: String,
    /// When it ends.
    pub ends: i64,
}

/// A family as a refresh finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyRow {
    /// What it stands for, sealed.
    pub granted: String,
    /// The hash of the only refresh token that is good.
    pub token: String,
}

/// How long a code that has been used is kept at least, in seconds: until the family that is made of it is there.
const AFTERLIFE: i64 = 60;

const PUT_CODE: &str = "INSERT INTO inline_code (code, granted, spent, ends) VALUES ($1, $2, 0, $3)";

const SPEND_CODE: &str =
    "UPDATE inline_code SET spent = 1, ends = ends + $1 WHERE code = $2 AND spent = 0 AND ends > $3 RETURNING granted";

/// Holds the row until the transaction ends.
const HOLD_CODE: &str = "UPDATE inline_code SET spent = 1 WHERE code = $1 AND spent = 1";

const BAR_CODE: &str = "UPDATE inline_code SET spent = 2 WHERE code = $1";

const PUT_FAMILY: &str = "INSERT INTO inline_family (family, granted, token, ends) VALUES ($1, $2, $3, $4)";

const FIND_FAMILY: &str = "SELECT granted, token FROM inline_family WHERE family = $1 AND ends > $2";

const ROTATE: &str = "UPDATE inline_family SET token = $1, ends = $2 WHERE family = $3 AND token = $4";

const END_FAMILY: &str = "DELETE FROM inline_family WHERE family = $1";

impl Store {
    /// Keeps a code.
    ///
    /// # Errors
    /// It may not have been kept.
    pub async fn put_code(&self, NewCode { code, granted, ends }: NewCode) -> Result<(), StoreError> {
        on!(self, write, pool => {
            sqlx::query(PUT_CODE).bind(code).bind(granted).bind(ends).execute(&pool).await.map(drop)
        })
    }

    /// Spends the code of this hash, and gives what it stands for; `None` if there is none at `now`, or it has been spent before,
    /// on any replica.
    ///
    /// # Errors
    /// Whether it has been spent is not known.
    pub async fn spend_code(&self, code: String, now: i64) -> Result<Option<String>, StoreError> {
        on!(self, write, pool => {
            sqlx::query_scalar(SPEND_CODE).bind(AFTERLIFE).bind(code).bind(now).fetch_optional(&pool).await
        })
    }

    /// Keeps the family that is made of a spent code; `false` if that code has been used again meanwhile, or is long gone.
    ///
    /// # Errors
    /// It may not have been kept.
    pub async fn put_family(&self, new: NewFamily) -> Result<bool, StoreError> {
        on!(self, write, pool => {
            let NewFamily { family, granted, token, ends } = new;
            let mut transaction = pool.begin().await?;
            let held = sqlx::query(HOLD_CODE).bind(&family).execute(&mut *transaction).await?.rows_affected() > 0;
            if held {
                let put = sqlx::query(PUT_FAMILY).bind(family).bind(granted).bind(token).bind(ends);
                put.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(held)
        })
    }

    /// The family of this name, unless it has ended by `now`.
    ///
    /// # Errors
    /// Whether there is one is not known.
    pub async fn family(&self, family: String, now: i64) -> Result<Option<FamilyRow>, StoreError> {
        let found: Option<(String, String)> =
            on!(self, read, pool => sqlx::query_as(FIND_FAMILY).bind(family).bind(now).fetch_optional(&pool).await)?;
        Ok(found.map(|(granted, token)| FamilyRow { granted, token }))
    }

    /// Puts the refresh token of the hash `next` in the place of that of `used`; `false` if that is not the family's good one, and
    /// nothing has changed. Of several that use the same one at a time, on any replica, one succeeds.
    ///
    /// # Errors
    /// Which of the two is good is not known.
    pub async fn rotate(&self, family: String, used: String, next: String, ends: i64) -> Result<bool, StoreError> {
        let rotated = on!(self, write, pool => {
            let rotate = sqlx::query(ROTATE).bind(next).bind(ends).bind(family).bind(used);
            rotate.execute(&pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rotated > 0)
    }

    /// Ends the family that is, or is yet to be, made of the code of this hash.
    ///
    /// # Errors
    /// It may go on.
    pub async fn end_family(&self, family: String) -> Result<(), StoreError> {
        on!(self, write, pool => {
            let mut transaction = pool.begin().await?;
            sqlx::query(BAR_CODE).bind(&family).execute(&mut *transaction).await?;
            sqlx::query(END_FAMILY).bind(family).execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }
}
