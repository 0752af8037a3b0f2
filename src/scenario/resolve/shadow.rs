//! stub
use crate::scenario::write::Out;
use turncoat_attack::lab::ShadowPlan;
pub(super) fn shadow(k: &ShadowPlan) -> Out {
    Out::map([("records", Out::plain(k.get().records)), ("noise", Out::number(k.get().noise))])
}
