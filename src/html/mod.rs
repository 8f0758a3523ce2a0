//! What all pages that bdd writes share: text that cannot become markup, the policy, colours and the theme.
//!
//! It knows neither results nor features.

pub(crate) mod markup;
pub(crate) mod policy;
