//! stub
use crate::scenario::write::Out;
use turncoat_attack::lab::Knowledge;
pub(super) fn knowledge(k: &Knowledge) -> Out {
    Out::plain(k.name())
}
