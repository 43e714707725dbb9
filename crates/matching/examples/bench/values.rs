//! What variants of one product differ by.

use crate::chance::Chance;
use crate::goods::{Axis, COLOURS, Names, SIDES, SIZES, TASTES};

/// One value of an axis, as each language writes it.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) axis: Axis,
    pub(crate) said: [String; 4],
    /// Other ways to write it in the store.
    pub(crate) also: Vec<String>,
    pub(crate) code: String,
}

fn same(text: String) -> [String; 4] {
    [text.clone(), text.clone(), text.clone(), text]
}

fn named(axis: Axis, names: &Names) -> Value {
    Value {
        axis,
        said: names.map(str::to_owned),
        also: Vec::new(),
        code: names[0]
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(3)
            .collect::<String>()
            .to_uppercase(),
    }
}

fn measured(axis: Axis, amount: usize, units: Names, also: Vec<String>) -> Value {
    Value {
        axis,
        said: units.map(|unit| format!("{amount} {unit}")),
        also,
        code: amount.to_string(),
    }
}

/// Some values of an axis.
pub(crate) fn values(chance: &mut Chance, axis: Axis) -> Vec<Value> {
    let count = 1 + chance.below(4);
    let some = |chance: &mut Chance, of: &[Names]| {
        let mut all = of.to_vec();
        chance.shuffle(&mut all);
        all.truncate(count);
        all.iter()
            .map(|names| named(axis, names))
            .collect::<Vec<_>>()
    };
    match axis {
        Axis::Colour => some(chance, COLOURS),
        Axis::Taste => some(chance, TASTES),
        Axis::Side => SIDES.iter().map(|names| named(axis, names)).collect(),
        Axis::Size => {
            let from = chance.below(3);
            let sizes = SIZES[from..(from + count + 1).min(SIZES.len())].iter();
            sizes
                .map(|s| Value {
                    axis,
                    said: same((*s).to_owned()),
                    also: Vec::new(),
                    code: (*s).to_owned(),
                })
                .collect()
        }
        Axis::Shoe => (0..count)
            .map(|step| {
                let size = 37 + step + count;
                Value {
                    axis,
                    said: same(size.to_string()),
                    also: vec![format!("EU {size}")],
                    code: size.to_string(),
                }
            })
            .collect(),
        Axis::Litres | Axis::Grams | Axis::Storage | Axis::Pieces => amounts(chance, axis, count),
    }
}

fn amounts(chance: &mut Chance, axis: Axis, count: usize) -> Vec<Value> {
    let some = |chance: &mut Chance, of: &[usize]| {
        let mut all = of.to_vec();
        chance.shuffle(&mut all);
        all.truncate(count);
        all
    };
    match axis {
        Axis::Litres => some(chance, &[200, 330, 500, 750, 1_000, 1_500, 3_000])
            .into_iter()
            .map(|ml| {
                let also = vec![
                    format!("{}.{:02}L", ml / 1_000, ml % 1_000 / 10),
                    format!("{}cl", ml / 10),
                    format!("{ml}ml"),
                ];
                measured(axis, ml, ["ml", "ml", "ml", "مل"], also)
            })
            .collect(),
        Axis::Grams => some(chance, &[50, 100, 250, 400, 500, 1_000, 2_000])
            .into_iter()
            .map(|g| {
                let also = vec![
                    format!("{g}gr"),
                    format!("{g} grams"),
                    format!("{}.{:03}kg", g / 1_000, g % 1_000),
                ];
                measured(axis, g, ["g", "g", "g", "جم"], also)
            })
            .collect(),
        Axis::Storage => some(chance, &[64, 128, 256, 512])
            .into_iter()
            .map(|gb| {
                measured(
                    axis,
                    gb,
                    ["GB", "Go", "GB", "جيجا"],
                    vec![format!("{gb}GB"), format!("{gb}gb")],
                )
            })
            .collect(),
        _ => some(chance, &[2, 4, 6, 10, 24, 50])
            .into_iter()
            .map(|n| {
                let also = vec![
                    format!("pack of {n}"),
                    format!("{n}pk"),
                    format!("({n} Pack)"),
                ];
                measured(axis, n, ["pcs", "pièces", "Stück", "حبة"], also)
            })
            .collect(),
    }
}
