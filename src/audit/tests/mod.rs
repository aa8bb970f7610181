//! One suite for both databases.

mod keeping;
mod meddling;
mod outage;
mod sinks;

/// Runs each of these on both.
macro_rules! on_both_stores {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::audit::testing::Stage;

            #[tokio::test]
            async fn in_sqlite() {
                super::$test(Stage::sqlite()).await;
            }

            #[tokio::test]
            async fn in_postgresql() {
                super::$test(Stage::postgres()).await;
            }
        })+
    };
}
use on_both_stores;
