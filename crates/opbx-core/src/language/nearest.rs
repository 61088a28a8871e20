//! The name that was probably meant.

/// More candidates than this are not compared: the answer is a courtesy, and a file of ten megabytes may hold a
/// million names.
const MOST_CANDIDATES: usize = 10_000;

/// Longer names are not compared.
const LONGEST: usize = 64;

/// The candidate with the fewest typing mistakes to `found`, if it is near enough to be what was meant: one mistake in
/// a short name, two in one of six characters or more. Letter case alone is no mistake.
pub(super) fn nearest<'n>(found: &str, candidates: impl Iterator<Item = &'n str>) -> Option<String> {
    let fold = |text: &str| -> Vec<char> { text.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect() };
    let wanted = fold(found);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let bound = if wanted.len() >= 6 { 2 } else { 1 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.take(MOST_CANDIDATES) {
        let letters = fold(candidate);
        if letters.len().abs_diff(wanted.len()) > bound || candidate == found {
            continue;
        }
        let mistakes = mistakes(&wanted, &letters);
        if mistakes <= bound && best.is_none_or(|(fewest, _)| mistakes < fewest) {
            best = Some((mistakes, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other (optimal string
/// alignment): `Slaes` is one mistake away from `Sales`.
fn mistakes(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, &letter) in one.iter().enumerate() {
        let mut current = Vec::with_capacity(other.len() + 1);
        current.push(row + 1);
        for (column, &theirs) in other.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&above, column) + usize::from(letter != theirs);
            let mut fewest = replaced.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let swapped =
                row > 0 && column > 0 && one.get(row - 1) == Some(&theirs) && other.get(column - 1) == Some(&letter);
            if swapped {
                fewest = fewest.min(at(&before, column - 1) + 1);
            }
            current.push(fewest);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_is_seen_through_and_another_word_is_not() {
        let names = ["Sales", "Support", "Front desk"];
        for (found, meant) in [
            ("Slaes", Some("Sales")),
            ("sales", Some("Sales")),
            ("Sale", Some("Sales")),
            ("Suport", Some("Support")),
            ("Front  dsk", Some("Front desk")),
            ("Slase", None),
            ("Billing", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, names.iter().copied()).as_deref(), meant, "{found}");
        }
    }
}
