//! `rule "New York" prefix +1212, trunk ny`

use super::Printer;
use super::shared;
use crate::bounded::{NumberLength, StripLength};
use crate::id::{OutboundRuleId, PhoneNumberId};
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{keys, name, quoted};
use crate::number::NumberPrefix;
use crate::organization::Status;
use crate::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use crate::region::CountryCode;
use crate::text::{DialPrefix, Name, TrunkName};

const SETTINGS: &[&str] =
    &["inactive", "prefix", "countries", "trunk", "caller", "for", "up", "digits", "drop", "add", "premium"];

/// Reads a rule; its position is its place in the file.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<OutboundRule> {
    let mut rule = OutboundRule {
        id: OutboundRuleId::new(object.id),
        name: "?".parse().ok()?,
        position: u32::try_from(object.id.saturating_sub(1)).unwrap_or(u32::MAX),
        countries: Vec::new(),
        prefixes: Vec::new(),
        min_length: None,
        max_length: None,
        strip: StripLength::literal::<0>(),
        prepend: "".parse().ok()?,
        trunk: None,
        caller_id: CallerIdPolicy::Extension,
        permissions: PermissionClasses::default(),
        allow_premium: false,
        status: Status::Active,
    };
    found.object(
        context,
        object,
        &mut rule,
        |cursor, rule| {
            rule.name = cursor.declared_name::<Name>("the name of the rule")?;
            Ok(())
        },
        setting,
    );
    Some(rule)
}

fn setting(cursor: &mut Cursor<'_>, rule: &mut OutboundRule) -> Read<Slot> {
    let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut rule.status)),
        Some("prefix") => {
            cursor.advance();
            let slot = Slot::Many("prefix", place(rule.prefixes.len()));
            rule.prefixes.push(cursor.parsed::<NumberPrefix>("the beginning of a number like +1212")?);
            while cursor.word().is_some_and(|word| word.starts_with('+')) {
                rule.prefixes.push(cursor.parsed::<NumberPrefix>("the beginning of a number like +1212")?);
            }
            Ok(slot)
        }
        Some("countries") => {
            cursor.advance();
            let slot = Slot::Many("country", place(rule.countries.len()));
            rule.countries.push(cursor.parsed::<CountryCode>("a country code like US")?);
            while cursor.word().is_some_and(|word| word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase())) {
                rule.countries.push(cursor.parsed::<CountryCode>("a country code like US")?);
            }
            Ok(slot)
        }
        Some("trunk") => {
            cursor.advance();
            rule.trunk = Some(cursor.declared_name::<TrunkName>("the name of a trunk")?);
            Ok(Slot::One("trunk"))
        }
        Some("caller") => {
            cursor.advance();
            rule.caller_id = if cursor.eat("anonymous") {
                CallerIdPolicy::Anonymous
            } else if cursor.eat("number") {
                CallerIdPolicy::Number { phone_number_id: PhoneNumberId::new(cursor.reference(Kind::Number)?) }
            } else {
                return Err(cursor.expected_word("`number …` or `anonymous`", &["number", "anonymous"]));
            };
            Ok(Slot::One("caller"))
        }
        Some("for") => {
            cursor.advance();
            rule.permissions = classes(cursor)?;
            Ok(Slot::One("for"))
        }
        Some("drop") => {
            cursor.advance();
            rule.strip = cursor.bounded::<0, 16>("a number of characters")?;
            Ok(Slot::One("drop"))
        }
        Some("add") => {
            cursor.advance();
            rule.prepend = cursor.parsed::<DialPrefix>("what is dialled first, like 00")?;
            Ok(Slot::One("add"))
        }
        Some("premium") => {
            cursor.advance();
            cursor.need("too")?;
            rule.allow_premium = true;
            Ok(Slot::One("premium"))
        }
        Some("up") => {
            cursor.advance();
            cursor.need("to")?;
            rule.max_length = Some(cursor.bounded::<1, 15>("digits")?);
            cursor.need("digits")?;
            Ok(Slot::One("length"))
        }
        Some(word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
            length(cursor, rule, word)?;
            Ok(Slot::One("length"))
        }
        _ => Err(cursor.expected_word("a setting of a rule", SETTINGS)),
    }
}

fn classes(cursor: &mut Cursor<'_>) -> Read<PermissionClasses> {
    let (national, international) = match cursor.word() {
        Some("national") => (true, false),
        Some("international") => (false, true),
        Some("nobody") => (false, false),
        _ => {
            let words = &["national", "international", "nobody"];
            return Err(cursor.expected_word("`national`, `international` or `nobody`", words));
        }
    };
    cursor.advance();
    Ok(PermissionClasses { national, international })
}

/// `8-15 digits`, `8 digits`, `8 or more digits`
fn length(cursor: &mut Cursor<'_>, rule: &mut OutboundRule, word: &str) -> Read<()> {
    let wanted = "a number of digits from 1 to 15, like 10 or 8-15";
    let (least, most) = word.split_once('-').unwrap_or((word, word));
    let bound = |digits: &str| digits.parse().ok().and_then(NumberLength::new);
    let (Some(least), Some(most)) = (bound(least), bound(most)) else { return Err(cursor.expected(wanted)) };
    if least > most {
        return Err(Fault::at(cursor.offset(), format!("no number has {word} digits: the smaller one stands first")));
    }
    cursor.advance();
    rule.min_length = Some(least);
    rule.max_length = Some(most);
    if !word.contains('-') && cursor.eat("or") {
        cursor.need("more")?;
        rule.max_length = None;
    }
    cursor.need("digits")
}

/// Prints a rule.
pub(crate) fn print<'k>(rule: &OutboundRule, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("rule {}", quoted(rule.name.as_str()));
    let mut block = Block::new(Kind::Rule, rule.id.get(), printer.kept, head);
    block.head(rule.status == Status::Inactive, "inactive");
    // A long list gets lines of its own.
    let short = |count: usize| (1..=8).contains(&count);
    let prefixes = || rule.prefixes.iter().map(ToString::to_string);
    let countries = || rule.countries.iter().map(ToString::to_string);
    block.head(short(rule.prefixes.len()), format!("prefix {}", prefixes().collect::<Vec<_>>().join(" ")));
    block.head(short(rule.countries.len()), format!("countries {}", countries().collect::<Vec<_>>().join(" ")));
    if let Some(trunk) = &rule.trunk {
        block.head(true, format!("trunk {}", name(trunk.as_str())));
    }
    match rule.caller_id {
        CallerIdPolicy::Extension => {}
        CallerIdPolicy::Anonymous => block.head(true, "caller anonymous"),
        CallerIdPolicy::Number { phone_number_id } => {
            let number = printer.names.of(Kind::Number, phone_number_id.get());
            block.head(true, format!("caller number {number}"));
        }
    }
    match rule.permissions {
        PermissionClasses { national: true, international: true } => {}
        PermissionClasses { national: true, international: false } => block.head(true, "for national"),
        PermissionClasses { national: false, international: true } => block.head(true, "for international"),
        PermissionClasses { national: false, international: false } => block.head(true, "for nobody"),
    }
    match (rule.min_length, rule.max_length) {
        (None, None) => {}
        (Some(least), None) => block.head(true, format!("{least} or more digits")),
        (None, Some(most)) => block.head(true, format!("up to {most} digits")),
        (Some(least), Some(most)) if least == most => block.head(true, format!("{least} digits")),
        (Some(least), Some(most)) => block.head(true, format!("{least}-{most} digits")),
    }
    block.head(rule.strip.get() > 0, format!("drop {}", rule.strip));
    block.head(!rule.prepend.as_str().is_empty(), format!("add {}", keys(rule.prepend.as_str())));
    block.head(rule.allow_premium, "premium too");
    if !short(rule.prefixes.len()) {
        block.list("prefix", "prefix", " ", prefixes());
    }
    if !short(rule.countries.len()) {
        block.list("country", "countries", " ", countries());
    }
    block
}
