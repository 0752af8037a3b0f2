//! Which arithmetic the processor gives the learners.
//!
//! Products of matrices (logistic regression; the filter of k-nearest neighbours, whose answers are made exact afterwards) are
//! those of the crate matrixmultiply, and exponentials and logarithms those of the C library. Both choose their code for the
//! processor when they run, and what they choose may round the last bit of a sum or a product in another way. So the
//! choice stands in every report, beside the version, and checkpoints of another one are not gone on with.

/// What is chosen on this machine: the architecture, and the widest instructions that there is code for.
pub(crate) fn kernel() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        // In the order in which matrixmultiply asks.
        if std::arch::is_x86_feature_detected!("avx512f") {
            "x86_64 avx512f"
        } else if std::arch::is_x86_feature_detected!("fma") && std::arch::is_x86_feature_detected!("avx2") {
            "x86_64 fma avx2"
        } else if std::arch::is_x86_feature_detected!("avx") {
            "x86_64 avx"
        } else {
            "x86_64 sse2"
        }
    }
    #[cfg(target_arch = "aarch64")]
    {
        if std::arch::is_aarch64_feature_detected!("neon") { "aarch64 neon" } else { "aarch64" }
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        std::env::consts::ARCH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_that_of_the_architecture_and_does_not_change() {
        assert_eq!(kernel().split(' ').next(), Some(std::env::consts::ARCH));
        assert_eq!(kernel(), kernel());
    }
}
