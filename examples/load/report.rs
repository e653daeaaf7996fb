//! The figures beside their goals.

use std::fmt::Write;

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    goal: Option<f64>,
}

impl Figure {
    /// A value that should be no more than `goal`.
    pub(crate) const fn with_goal(name: &'static str, value: f64, unit: &'static str, goal: f64) -> Self {
        Self { name, value, unit, goal: Some(goal) }
    }

    /// A value that is told and not judged.
    pub(crate) const fn plain(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit, goal: None }
    }

    /// Whether the goal is met, where there is one.
    pub(crate) fn is_met(&self) -> bool {
        self.goal.is_none_or(|goal| self.value <= goal)
    }
}

/// A line for each figure.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut table = format!("{:<36}{:>10}     {:>8}\n", "", "measured", "goal");
    for figure in figures {
        let Figure { name, value, unit, goal } = figure;
        write!(table, "{name:<36}{value:>10.2} {unit:<3}").expect("a string takes every character");
        if let Some(goal) = goal {
            let verdict = if figure.is_met() { "met" } else { "MISSED" };
            write!(table, " {goal:>8} {unit:<3} {verdict}").expect("a string takes every character");
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Figure, table};

    #[test]
    fn a_goal_is_met_up_to_its_value() {
        assert!(Figure::with_goal("a", 8.0, "ms", 8.0).is_met());
        assert!(!Figure::with_goal("a", 8.01, "ms", 8.0).is_met());
        assert!(Figure::plain("a", 1e9, "s").is_met());
    }

    #[test]
    fn a_missed_goal_is_seen() {
        let table = table(&[Figure::with_goal("CPU", 9.5, "ms", 8.0), Figure::plain("wall", 3.25, "s")]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(
            lines[1].starts_with("CPU") && lines[1].contains("9.50 ms") && lines[1].ends_with("8 ms  MISSED"),
            "{table}"
        );
        assert!(lines[2].ends_with("3.25 s"), "{table}");
    }
}
