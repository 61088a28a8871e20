//! The written form: what is read and what is refused.
//!
//! The core has no JSON library, so a value just rich enough to hold a schedule stands in for the text.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor, value};

use super::*;

#[derive(Debug, Clone)]
enum Value {
    Null,
    Bool(bool),
    Text(&'static str),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

use Value::{Bool, List, Map, Null, Text};

impl<'de> Deserializer<'de> for Value {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, value::Error> {
        match self {
            Null => visitor.visit_unit(),
            Bool(bool) => visitor.visit_bool(bool),
            Text(text) => visitor.visit_str(text),
            List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, value::Error> {
        if matches!(self, Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, value::Error> {
        let Text(text) = self else { return Err(value::Error::custom("an enum is text")) };
        visitor.visit_enum(text.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, value::Error> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

fn range(start: &'static str, end: &'static str) -> Value {
    Map(vec![("start", Text(start)), ("end", Text(end))])
}

fn day(enabled: bool, ranges: Vec<Value>) -> Value {
    Map(vec![("enabled", Bool(enabled)), ("ranges", List(ranges))])
}

#[test]
fn a_time_of_day_is_read_exactly() {
    for text in ["00:00", "09:05", "23:59", "24:00"] {
        assert_eq!(text.parse::<MinuteOfDay>().unwrap().to_string(), text);
    }
    for text in ["", "9:00", "24:01", "25:00", "12:60", "12-30", "12:30:00", " 9:00", "-1:00", "1٢:00", "+1:00"] {
        assert_eq!(text.parse::<MinuteOfDay>(), Err(HoursError::NotATime), "{text}");
    }
    assert_eq!(MinuteOfDay::new(24, 0), Some(MinuteOfDay::END_OF_DAY));
    assert_eq!((MinuteOfDay::new(24, 1), MinuteOfDay::new(0, 60)), (None, None));
    assert_eq!(MinuteOfDay::new(255, 255), None);
}

#[test]
fn a_range_may_end_at_24_but_not_start_there() {
    assert_eq!(read::<OpeningRange>(range("09:00", "24:00")).unwrap().to_string(), "09:00-24:00");
    assert_eq!(read::<OpeningRange>(range("24:00", "09:00")).unwrap_err(), HoursError::StartsAtTheEnd.to_string());
    assert!(!read::<OpeningRange>(range("09:00", "24:00")).unwrap().runs_over_midnight());
    assert!(read::<OpeningRange>(range("09:00", "09:00")).unwrap().runs_over_midnight());
}

#[test]
fn ranges_of_a_day_are_sorted_and_do_not_overlap() {
    assert_eq!(ranges("13:00-17:00 09:00-13:00"), ranges("09:00-13:00 13:00-17:00"));
    // A range over midnight belongs to its own day: the morning of that day is free.
    ranges("00:00-02:00 22:00-02:00");
    let new = |pair: [&str; 2]| {
        let [first, second] = pair.map(|text| ranges(text).as_slice()[0]);
        OpeningRanges::new(vec![first, second])
    };
    for pair in [
        ["09:00-12:00", "11:59-13:00"],
        ["09:00-12:00", "09:00-12:00"],
        ["22:00-02:00", "23:00-24:00"],
        ["09:00-09:00", "10:00-11:00"],
        ["00:00-24:00", "22:00-02:00"],
    ] {
        assert!(matches!(new(pair), Err(HoursError::Overlap(..))), "{pair:?}");
    }
}

#[test]
fn a_week_is_read() {
    let week: WeeklySchedule = read(Map(vec![
        ("monday", day(true, vec![range("13:30", "17:00"), range("09:00", "12:30")])),
        ("sunday", day(false, vec![range("10:00", "14:00")])),
    ]))
    .unwrap();
    assert_eq!(week.day(Weekday::Monday).open_ranges(), ranges("09:00-12:30 13:30-17:00").as_slice());
    assert_eq!(*week.day(Weekday::Tuesday), DayHours::default());
    assert!(week.day(Weekday::Sunday).open_ranges().is_empty());
    assert_eq!(week.day(Weekday::Sunday).ranges(), &ranges("10:00-14:00"), "a disabled day keeps its ranges");
    assert!(read::<WeeklySchedule>(Map(vec![])).unwrap().never_opens());
}

#[test]
fn a_week_is_refused() {
    let refuse = |name, day| read::<WeeklySchedule>(Map(vec![(name, day)])).unwrap_err();
    assert_eq!(refuse("monday", day(true, vec![])), HoursError::NoRanges.to_string());
    assert_eq!(
        refuse("monday", day(false, vec![range("09:00", "12:00"), range("11:00", "13:00")])),
        "09:00-12:00 and 11:00-13:00 overlap"
    );
    assert!(refuse("funday", day(false, vec![])).contains("unknown field `funday`"));
    assert!(refuse("monday", Map(vec![("enabled", Bool(false)), ("lunch", Null)])).contains("unknown field `lunch`"));
}

#[test]
fn exceptions_are_read() {
    let christmas = vec![("date", Text("2026-12-25")), ("name", Text("Christmas")), ("type", Text("closed"))];
    let read_days = |more: Vec<(&'static str, Value)>| {
        read::<Exceptions<String>>(List(vec![Map([christmas.clone(), more].concat())]))
            .map(|days| days.as_slice()[0].clone())
    };
    let expected = special("2026-12-25", "Christmas", "", None);
    assert_eq!(read_days(vec![]), Ok(expected.clone()));
    assert_eq!(read_days(vec![("ranges", List(vec![])), ("destination", Null)]), Ok(expected.clone()));
    assert_eq!(
        read_days(vec![("destination", Text("box"))]),
        Ok(ScheduleException { destination: Some("box".into()), ..expected })
    );
    assert_eq!(
        read_days(vec![("ranges", List(vec![range("09:00", "12:00")]))]),
        Err(HoursError::ClosedWithRanges.to_string())
    );
    assert!(read_days(vec![("color", Text("red"))]).unwrap_err().contains("unknown field `color`"));

    let twice = List(vec![Map(christmas.clone()), Map(christmas)]);
    assert_eq!(read::<Exceptions<String>>(twice).unwrap_err(), "2026-12-25 is listed twice");
    let special_hours = |ranges| {
        let day = vec![
            ("date", Text("2026-12-24")),
            ("name", Text("Eve")),
            ("type", Text("special_hours")),
            ("ranges", ranges),
        ];
        read::<Exceptions<String>>(List(vec![Map(day)]))
    };
    assert_eq!(special_hours(List(vec![])).unwrap_err(), HoursError::NoRanges.to_string());
    let eve = special_hours(List(vec![range("22:00", "02:00")])).unwrap();
    assert_eq!(eve.as_slice(), [special("2026-12-24", "Eve", "22:00-02:00", None)]);
    let impossible = vec![("date", Text("2026-02-29")), ("name", Text("Leap")), ("type", Text("closed"))];
    assert!(read::<Exceptions<String>>(List(vec![Map(impossible)])).is_err());
}

#[test]
fn a_holiday_has_no_destination() {
    let with = |more: Vec<(&'static str, Value)>| {
        let day = vec![("date", Text("2026-07-03")), ("name", Text("Independence Day")), ("type", Text("closed"))];
        read::<HolidayList>(Map(vec![("days", List(vec![Map([day, more].concat())]))]))
    };
    assert_eq!(with(vec![]), Ok(list(vec![special("2026-07-03", "Independence Day", "", None)])));
    assert!(with(vec![("destination", Text("box"))]).is_err());
}

#[test]
fn an_override_is_read() {
    assert_eq!(read::<Override>(Map(vec![])), Ok(Override::default()));
    let drill = Map(vec![("mode", Text("closed")), ("until", Text("2026-03-01T14:00:00Z")), ("reason", Text("Drill"))]);
    let expected =
        Override { mode: OverrideMode::Closed, until: Some(at("2026-03-01T14:00:00Z")), reason: Some("Drill".into()) };
    assert_eq!(read::<Override>(drill), Ok(expected));
    assert!(read::<Override>(Map(vec![("mode", Text("ajar"))])).is_err());
}

#[test]
fn what_is_written_is_what_was_read() {
    // The written form is the raw form, and raw → value → raw changes nothing.
    let exception = special("2026-12-24", "Eve", "09:00-12:00", Some("box".to_owned()));
    let list = Exceptions::new(vec![exception.clone(), special("2026-12-23", "Before", "", None)]).unwrap();
    assert_eq!(Exceptions::new(Vec::from(list.clone())), Ok(list), "the order given is kept");
    assert_eq!(String::from("07:05".parse::<MinuteOfDay>().unwrap()), "07:05");
}
