//! The date of the system.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far the first place on Earth to see a new day is ahead of UTC.
const FIRST_DAWN: SignedDuration = SignedDuration::from_hours(14);

/// The latest date that a calendar shows anywhere: what an author in Auckland dates today is not in the future for a
/// server that counts in UTC.
pub fn today() -> Date {
    let now = Timestamp::now();
    TimeZone::UTC.to_datetime(now.checked_add(FIRST_DAWN).unwrap_or(now)).date()
}

/// The date in UTC, for what is written down: it is in no place's future by more than some hours.
pub fn today_in_utc() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}
