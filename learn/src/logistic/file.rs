//! A logistic regression in a model file.
//!
//! Numbers of features, classes, and classes that training showed (u64); those classes (u32); intercepts and weights, feature by
//! feature (f64); the fit: whether it converged (u8: 0 no, 1 yes, 2 where the parameters were given), and of a fit its iterations (u32),
//! objective and gradient (f64).

use super::{Convergence, LogisticRegression};
use crate::learner::{Reader, SavedModel, Writer};

/// Stands where a fit would say whether it converged.
const NOT_FITTED: u8 = 2;

impl LogisticRegression {
    /// Writes what a model file says of it.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.size(self.features);
        writer.shown(self.classes, &self.present);
        writer.doubles(&self.intercepts);
        writer.doubles(&self.weights);
        let Some(reported) = self.convergence else { return writer.byte(NOT_FITTED) };
        writer.byte(u8::from(reported.converged));
        writer.word(reported.iterations);
        writer.doubles(&[reported.objective, reported.gradient]);
    }
}

impl SavedModel for LogisticRegression {
    const KINDS: &'static [u8] = &[3];

    fn decode(_kind: u8, reader: &mut Reader<'_>, _nested: u32) -> Result<Self, String> {
        let features = reader.size()?;
        let (classes, present) = reader.shown()?;
        let outputs = match present.len() {
            0 | 1 => 0,
            2 => 1,
            more => more,
        };
        let intercepts = reader.doubles(outputs)?;
        let size = features.checked_mul(outputs).ok_or("it is cut short")?;
        let weights = reader.doubles(size)?;
        let converged = match reader.byte()? {
            0 => false,
            1 => true,
            NOT_FITTED => {
                return Ok(Self { features, classes, present, weights, intercepts, convergence: None });
            }
            other => return Err(format!("whether it converged is {other}, which is none of 0, 1 and 2")),
        };
        let iterations = reader.word()?;
        let [objective, gradient] = [reader.doubles(1)?[0], reader.doubles(1)?[0]];
        if objective < 0.0 || gradient < 0.0 {
            return Err(format!("its objective {objective} or gradient {gradient} is below zero"));
        }
        let convergence = Some(Convergence { converged, iterations, objective, gradient });
        Ok(Self { features, classes, present, weights, intercepts, convergence })
    }
}
