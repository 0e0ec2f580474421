//! What stands out of order.

/// Positions of the longest run of items in which each item may follow the one before it; of equals the last, so
/// that what came too early is outside and has to move.
pub fn longest_run<T>(items: &[T], follows: impl Fn(&T, &T) -> bool) -> Vec<usize> {
    // For each item the length of the longest run that ends there, and the item before it in that run.
    let mut ends: Vec<(usize, Option<usize>)> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let mut best = (1, None);
        for before in 0..at {
            if follows(&items[before], item) && ends[before].0 + 1 >= best.0 {
                best = (ends[before].0 + 1, Some(before));
            }
        }
        ends.push(best);
    }
    let longest = ends.iter().map(|(length, _)| *length).max().unwrap_or(0);
    let mut at = ends.iter().rposition(|(length, _)| *length == longest);
    let mut run = Vec::with_capacity(longest);
    while let Some(item) = at {
        run.push(item);
        at = ends[item].1;
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_to_move_is_outside_the_run() {
        let run = |items: &[u32]| longest_run(items, |a, b| a <= b);
        assert_eq!(run(&[0, 1, 4, 2, 3, 5]), [0, 1, 3, 4, 5]);
        assert_eq!(run(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(run(&[0, 2, 1]), [0, 2]);
        assert_eq!(run(&[0, 2, 1, 3]), [0, 2, 3]);
        assert_eq!(run(&[]), Vec::<usize>::new());
    }
}
