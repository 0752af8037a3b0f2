//! A logistic regression in a model file.
//!
//! Numbers of features, classes, and classes that training showed (u64); those classes (u32); intercepts and weights, feature by
//! feature (f64); the fit: whether it converged (u8), its iterations (u32), its objective and gradient (f64).

use super::{Convergence, LogisticRegression};
use crate::learner::{Reader, Writer};

impl LogisticRegression {
    /// Writes what a model file says of it.
    pub(crate) fn encode(&self, writer: &mut Writer) {
        writer.size(self.features);
        writer.shown(self.classes, &self.present);
        writer.doubles(&self.intercepts);
        writer.doubles(&self.weights);
        writer.byte(u8::from(self.convergence.converged));
        writer.word(self.convergence.iterations);
        writer.doubles(&[self.convergence.objective, self.convergence.gradient]);
    }

    /// Reads it back and checks that it can answer.
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Self, String> {
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
            other => return Err(format!("whether it converged is {other}, neither 0 nor 1")),
        };
        let iterations = reader.word()?;
        let [objective, gradient] = [reader.doubles(1)?[0], reader.doubles(1)?[0]];
        if objective < 0.0 || gradient < 0.0 {
            return Err(format!("its objective {objective} or gradient {gradient} is below zero"));
        }
        let convergence = Convergence { converged, iterations, objective, gradient };
        Ok(Self { features, classes, present, weights, intercepts, convergence })
    }
}
