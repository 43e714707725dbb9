//! Weights of the score, learned from pairs that are known to be right or wrong.

use crate::score::{COUNT, Features, PRIOR, at, score};

/// Times that all examples are gone through.
const EPOCHS: usize = 8;
/// How far one example moves a weight at first (Adagrad).
const STEP: f32 = 0.08;
/// How strongly weights are held at the prior, for each example.
const HOLD: f32 = 2e-4;

/// A pair with its answer.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) features: Features,
    pub(crate) right: bool,
    /// How often it counts.
    pub(crate) weight: f32,
}

/// Moves the weights towards the answers. What speaks against a pair never comes to speak for
/// it, nor the other way round.
pub(crate) fn learn(start: &Features, examples: &[Example], epochs: usize) -> Features {
    let mut weights = *start;
    let mut seen = [1e-2_f32; COUNT];
    for _ in 0..epochs {
        for example in examples {
            let guess = 1.0 / (1.0 + (-score(&weights, &example.features)).exp());
            let miss = (guess - if example.right { 1.0 } else { 0.0 }) * example.weight;
            for place in 0..COUNT {
                let slope = miss * example.features[place] + HOLD * (weights[place] - PRIOR[place]);
                seen[place] += slope * slope;
                weights[place] -= STEP * slope / seen[place].sqrt();
            }
        }
        for (place, weight) in weights.iter_mut().enumerate() {
            if place != at::BIAS && place != at::SCRIPT {
                let prior = PRIOR[place];
                *weight = if prior > 0.0 {
                    weight.max(0.0)
                } else {
                    weight.min(0.0)
                };
            }
        }
    }
    weights
}

/// The weights after all examples.
pub(crate) fn train(examples: &[Example]) -> Features {
    learn(&PRIOR, examples, EPOCHS)
}

#[cfg(test)]
mod tests {
    use super::{Example, train};
    use crate::score::{COUNT, PRIOR, at, score};

    #[test]
    fn what_always_goes_with_wrong_pairs_weighs_more_against_them() {
        let example = |price: f32, right: bool| {
            let mut features = [0.0; COUNT];
            features[at::BIAS] = 1.0;
            features[at::SHARED] = 1.0;
            features[at::IN_LEFT] = 1.0;
            features[at::PRICE] = price;
            Example {
                features,
                right,
                weight: 1.0,
            }
        };
        let examples: Vec<_> = (0..200)
            .map(|i| example(f32::from(i % 2 == 0), i % 2 == 1))
            .collect();
        let weights = train(&examples);
        assert!(weights[at::PRICE] < PRIOR[at::PRICE]);
        let of = |price| score(&weights, &example(price, true).features);
        assert!(of(0.0) > 0.0 && of(1.0) < 0.0);
    }
}
