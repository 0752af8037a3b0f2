//! A naive Bayes model in a model file.
//!
//! The distribution (u8: 0 Gaussian, 1 Bernoulli); features (u64); classes and those that training showed; logarithms of priors
//! (f64); then, Gaussian: means and variances, class by class (f64); Bernoulli: the threshold, the logarithms of odds, feature by
//! feature, and those of all features off (f64).

use super::NaiveBayes;
use super::bernoulli::Bernoulli;
use super::gaussian::Gaussian;
use super::model::Likelihood;
use crate::learner::{Reader, SavedModel, Writer};

impl NaiveBayes {
    /// Writes what a model file says of it.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.byte(match self.likelihood {
            Likelihood::Gaussian(_) => 0,
            Likelihood::Bernoulli(_) => 1,
        });
        writer.size(self.features);
        writer.shown(self.classes, &self.present);
        writer.doubles(&self.priors);
        match &self.likelihood {
            Likelihood::Gaussian(Gaussian { means, variances }) => {
                writer.doubles(means);
                writer.doubles(variances);
            }
            Likelihood::Bernoulli(Bernoulli { threshold, odds, off }) => {
                writer.doubles(&[*threshold]);
                writer.doubles(odds);
                writer.doubles(off);
            }
        }
    }
}

impl SavedModel for NaiveBayes {
    const KINDS: &'static [u8] = &[4];

    fn decode(_kind: u8, reader: &mut Reader<'_>, _nested: u32) -> Result<Self, String> {
        let distribution = reader.byte()?;
        let features = reader.size()?;
        let (classes, present) = reader.shown()?;
        let size = features.checked_mul(present.len()).ok_or("it is cut short")?;
        let priors = reader.doubles(present.len())?;
        let total: f64 = priors.iter().map(|prior| prior.exp()).sum();
        if !present.is_empty() && (total - 1.0).abs() > 1e-9 {
            return Err(format!("the shares of its classes sum to {total}, not to 1"));
        }
        let likelihood = match distribution {
            0 => {
                let (means, variances) = (reader.doubles(size)?, reader.doubles(size)?);
                if variances.iter().any(|&variance| variance < f64::MIN_POSITIVE) {
                    return Err("one of its variances is not above zero".into());
                }
                Likelihood::Gaussian(Gaussian { means, variances })
            }
            1 => {
                let threshold = reader.doubles(1)?[0];
                let (odds, off) = (reader.doubles(size)?, reader.doubles(present.len())?);
                Likelihood::Bernoulli(Bernoulli { threshold, odds, off })
            }
            other => {
                return Err(format!("it is naive Bayes of kind {other}, which this program does not know"));
            }
        };
        Ok(Self { features, classes, present, priors, likelihood })
    }
}
