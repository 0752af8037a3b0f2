//! The laboratory: the general formulation of membership inference on a single target (Truex et al., section 3).
//!
//! Shadow data -> shadow models -> attack set D* -> attack model -> claims. Nothing here knows who was in: the adversary
//! reaches the target through a [`TargetApi`] that counts its queries, and whatever it learns from comes out of its
//! knowledge.

mod shadow_data;
mod target;

pub use shadow_data::ShadowData;
pub use target::TargetApi;
