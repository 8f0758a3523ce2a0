//! The attributes of `bdd-steps`.
