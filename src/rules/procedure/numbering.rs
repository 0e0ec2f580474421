//! What is wrong with a row of numbers that should count up.

use crate::corpus::longest_run;

/// A fault at one position of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Numbers are left out between the position `after` and this one.
    Gap { after: usize },
    /// The number stands at the position `of` before.
    Repeat { of: usize },
    /// It belongs before the position `before_this`, which stands ahead of it.
    Behind { of: usize },
    /// It belongs behind a position that follows it.
    Ahead { of: usize },
}

/// The faults of a row, in its order. `is_elsewhere` tells of a number that is left out between two positions whether
/// it stands there in another form.
pub fn faults(numbers: &[u32], is_elsewhere: impl Fn(u32, usize, usize) -> bool) -> Vec<(usize, Fault)> {
    if numbers.windows(2).all(|pair| pair[1] == pair[0].saturating_add(1)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut once: Vec<usize> = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        match once.iter().find(|earlier| numbers[**earlier] == *number) {
            Some(earlier) => found.push((at, Fault::Repeat { of: *earlier })),
            None => once.push(at),
        }
    }
    let run: Vec<usize> = longest_run(&once, |a, b| numbers[*a] < numbers[*b]).iter().map(|at| once[*at]).collect();
    for at in once.iter().copied().filter(|at| !run.contains(at)) {
        let larger_before = run.iter().copied().find(|other| *other < at && numbers[*other] > numbers[at]);
        let smaller_behind = run.iter().copied().rev().find(|other| *other > at && numbers[*other] < numbers[at]);
        found.extend(match (larger_before, smaller_behind) {
            (Some(of), _) => Some((at, Fault::Behind { of })),
            (None, Some(of)) => Some((at, Fault::Ahead { of })),
            (None, None) => None,
        });
    }
    for pair in run.windows(2) {
        let (after, at) = (pair[0], pair[1]);
        let is_missing = |number: u32| !numbers.contains(&number) && !is_elsewhere(number, after, at);
        // Numbers far apart are no count: one missing number says it.
        if (numbers[after] + 1..numbers[at]).take(numbers.len() + 100).any(is_missing) {
            found.push((at, Fault::Gap { after }));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case = (&'static [u32], &'static [(usize, Fault)]);

    #[test]
    fn each_fault_is_found_once() {
        let cases: [Case; 8] = [
            (&[1, 2, 3], &[]),
            (&[0, 1], &[]),
            (&[1, 2, 4, 5], &[(2, Fault::Gap { after: 1 })]),
            (&[1, 2, 2, 3], &[(2, Fault::Repeat { of: 1 })]),
            (&[1, 3, 2, 4], &[(1, Fault::Ahead { of: 2 })]),
            (&[1, 2, 4, 5, 3], &[(4, Fault::Behind { of: 2 })]),
            (&[1, 1], &[(1, Fault::Repeat { of: 0 })]),
            (&[1, 2, 2, 5], &[(2, Fault::Repeat { of: 1 }), (3, Fault::Gap { after: 1 })]),
        ];
        for (numbers, expected) in cases {
            assert_eq!(faults(numbers, |_, _, _| false), expected, "{numbers:?}");
        }
    }

    #[test]
    fn a_number_in_another_form_is_no_gap() {
        assert_eq!(faults(&[1, 3], |number, _, _| number == 2), []);
    }
}
