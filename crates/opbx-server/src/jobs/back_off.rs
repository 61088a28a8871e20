//! How long a job that has failed waits for its next attempt.

use jiff::SignedDuration;

/// Before the second attempt, at most.
const FIRST: i64 = 10_000;
/// Before any attempt, at most.
const LONGEST: i64 = 60 * 60 * 1_000;

/// Twice as long after each attempt, from ten seconds up to an hour, of which `dice` decides a half: what failed together
/// does not come back together.
pub(super) fn back_off(attempt: u32, dice: u32) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(20);
    let whole = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let share = i64::from(dice).saturating_mul(whole / 2) / i64::from(u32::MAX);
    SignedDuration::from_millis(whole / 2 + share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_an_hour_and_half_of_it_is_chance() {
        let seconds = |attempt, dice| back_off(attempt, dice).as_secs();
        let (least, most) = (|attempt| seconds(attempt, 0), |attempt| seconds(attempt, u32::MAX));
        assert_eq!([1, 2, 3, 9, 10, 99].map(most), [10, 20, 40, 2_560, 3_600, 3_600]);
        assert_eq!([1, 2, 3, 9, 10, 99].map(least), [5, 10, 20, 1_280, 1_800, 1_800]);
        assert_eq!(seconds(1, u32::MAX / 2), 7);
        assert_eq!(most(0), 10);
    }
}
