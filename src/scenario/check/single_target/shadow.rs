//! stub
use crate::scenario::reader::{At, Reader};
use turncoat_attack::lab::{RawShadowPlan, ShadowPlan, Step};
pub(super) fn shadow(r: &mut Reader<'_>, at: &At<'_>) -> Option<ShadowPlan> {
    let f = r.any_fields(at)?;
    let n = r.whole(&f.get("records")?, 1..=10_000_000)?;
    let noise = match f.get("noise") {
        Some(at) => r.number(&at)?,
        None => 0.0,
    };
    RawShadowPlan { records: n as usize, noise, steps: vec![Step::SameDistribution] }.check().ok()
}
