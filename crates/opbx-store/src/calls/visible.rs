//! What may be looked for by someone from whom the last digits of numbers are hidden.
//!
//! A filter must not tell what a list hides: someone who may ask "does it end in 7?" ten times knows the digit. So a text is
//! found only by a part of it that lies among the digits that are shown. Which those are is said by the three numbers below; whoever
//! shows numbers hides by the same ones.

use sea_orm::IdenStatic;
use sea_orm::sea_query::{Expr, Iden};

/// Texts with at most so many digits are shown whole: they are extensions, and nobody's number outside.
pub const LONGEST_SHOWN_WHOLE: usize = 5;
/// So many digits at the end of a number are hidden.
pub const HIDDEN_DIGITS: usize = 3;
/// So many digits at the beginning are shown of a text with more digits that is more than a number: an address, or a name with
/// a number in it. Where its number ends is not known.
pub const SHOWN_OF_OTHERS: usize = 3;

/// Whether the first place where a part stands in a column lies among the digits that are shown.
///
/// Digits of other scripts are never shown, so they are never found either.
pub(super) fn is_visible<C: IdenStatic + Iden>(column: C, part: &str) -> Expr {
    let part = part.to_lowercase();
    if part.chars().any(|letter| letter.is_numeric() && !letter.is_ascii_digit()) {
        return Expr::cust("1 = 0");
    }
    if !part.bytes().any(|letter| letter.is_ascii_digit()) {
        // Letters and marks are shown wherever they stand.
        return Expr::cust("1 = 1");
    }
    let (text, length) = (column.as_str(), part.chars().count());
    let found = format!("INSTR(LOWER({text}), ?)");
    let (all, plus) = (digits(text), format!("CASE WHEN {text} LIKE '+%' THEN 1 ELSE 0 END"));
    let head = digits(&format!("SUBSTR({text}, 1, {found} + {length} - 1)"));
    let tail = digits(&format!("SUBSTR({text}, {found} + {length})"));
    let sql = format!(
        "({found} > 0 AND ({all} <= {LONGEST_SHOWN_WHOLE} OR {head} <= {SHOWN_OF_OTHERS} \
         OR ({all} = LENGTH({text}) - {plus} AND {tail} >= {HIDDEN_DIGITS})))"
    );
    let places = sql.matches('?').count();
    Expr::cust_with_values(sql, std::iter::repeat_n(part, places))
}

/// How many digits a text holds.
fn digits(text: &str) -> String {
    let without = (0..=9).fold(text.to_owned(), |text, digit| format!("REPLACE({text}, '{digit}', '')"));
    // The difference is in bytes or in characters, by the engine; a digit is one of either.
    format!("(LENGTH({text}) - LENGTH({without}))")
}
