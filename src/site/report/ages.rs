//! When runbooks were last updated, as a chart. The axis holds dates: how long ago they are, and where today is, is the
//! browser's to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use super::Report;
use crate::corpus::Kind;
use crate::report::count;
use crate::settings::Fact;
use crate::site::navigation::plain_title;
use crate::site::pages::href;
use crate::source::FileId;

#[derive(Serialize)]
pub struct AgesView<'v> {
    /// Runbooks with a date, and without.
    dated: usize,
    undated: usize,
    /// Runbooks whose date lies ahead: they are in no bar, which would stretch the axis.
    future: usize,
    overdue: usize,
    /// The chart as SVG; empty without dates.
    svg: String,
    /// `month`, `quarter` or `year`.
    unit: &'static str,
    /// The same as numbers, without the stretches in which nothing was updated.
    rows: Vec<StretchView>,
    /// The runbooks that were left alone longest.
    oldest: Vec<OldView<'v>>,
}

/// The rule that says that a date lies ahead.
const FUTURE: &str = "future-date";

/// A stretch of time.
#[derive(Serialize)]
struct StretchView {
    label: String,
    count: usize,
    overdue: usize,
}

#[derive(Serialize)]
struct OldView<'v> {
    title: &'v str,
    url: String,
    date: String,
    overdue: bool,
}

impl Report<'_, '_, '_> {
    /// The dates of all runbooks.
    pub fn ages(&self) -> AgesView<'_> {
        const OLDEST: usize = 10;
        let runbooks = || self.corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook);
        let date =
            |file: FileId| self.corpus.entry(file).metadata.get(Fact::LastUpdated).and_then(|value| value.date());
        let mut dated: Vec<(Date, FileId)> =
            runbooks().filter_map(|entry| Some((date(entry.file)?, entry.file))).collect();
        let with_date = dated.len();
        let ahead: BTreeSet<FileId> = self
            .site
            .diagnostics
            .iter()
            .filter(|found| found.rule == FUTURE)
            .map(|found| found.finding.location.file)
            .collect();
        dated.retain(|(_, file)| !ahead.contains(file));
        dated.sort();
        let is_overdue = |file: &FileId| self.site.overdue.contains(file);
        let dates: Vec<(Date, bool)> = dated.iter().map(|(date, file)| (*date, is_overdue(file))).collect();
        let axis = Axis::over(&dates);
        let bars = axis.as_ref().map(|axis| axis.bars(&dates)).unwrap_or_default();
        let old = |(date, file): &(Date, FileId)| {
            let entry = self.corpus.entry(*file);
            OldView { title: plain_title(entry), url: href(entry), date: date.to_string(), overdue: is_overdue(file) }
        };
        AgesView {
            dated: dated.len(),
            undated: runbooks().count() - with_date,
            future: with_date - dated.len(),
            overdue: dates.iter().filter(|(_, overdue)| *overdue).count(),
            svg: axis.as_ref().map_or(String::new(), |axis| draw(axis, &bars)),
            unit: axis.as_ref().map_or("", |axis| axis.unit.name()),
            rows: axis.as_ref().map_or(Vec::new(), |axis| axis.rows(&bars)),
            oldest: dated.iter().take(OLDEST).map(old).collect(),
        }
    }
}

/// How many months a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn months(self) -> i32 {
        match self {
            Unit::Month => 1,
            Unit::Quarter => 3,
            Unit::Year => 12,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

/// Bars that stand beside each other at most. What is older stands in the first one.
const BARS: i32 = 24;

/// The axis of time, in stretches of one unit, counted from the year 0.
struct Axis {
    unit: Unit,
    first: i32,
    last: i32,
    /// Whether the first bar holds what is older, too.
    older: bool,
}

/// Runbooks by stretch: all, and those overdue.
type Bars = BTreeMap<i32, (usize, usize)>;

impl Axis {
    /// The axis over some dates, the oldest first: months where they fit, else quarters, else years.
    fn over(dates: &[(Date, bool)]) -> Option<Axis> {
        let ((oldest, _), (newest, _)) = (dates.first()?, dates.last()?);
        let fits = |unit: &Unit| stretch(*newest, *unit) - stretch(*oldest, *unit) < BARS;
        let unit = [Unit::Month, Unit::Quarter].into_iter().find(fits).unwrap_or(Unit::Year);
        let (oldest, last) = (stretch(*oldest, unit), stretch(*newest, unit));
        let first = oldest.max(last - BARS + 1);
        Some(Axis { unit, first, last, older: oldest < first })
    }

    fn bars(&self, dates: &[(Date, bool)]) -> Bars {
        let mut bars = Bars::new();
        for (date, overdue) in dates {
            let (all, due) = bars.entry(stretch(*date, self.unit).max(self.first)).or_default();
            *all += 1;
            *due += usize::from(*overdue);
        }
        bars
    }

    fn rows(&self, bars: &Bars) -> Vec<StretchView> {
        let row = |(stretch, (count, overdue)): (&i32, &(usize, usize))| StretchView {
            label: self.label(*stretch),
            count: *count,
            overdue: *overdue,
        };
        bars.iter().map(row).collect()
    }

    /// `March 2026`, `1st quarter of 2026`, `2026`
    fn label(&self, stretch: i32) -> String {
        let (year, part) = self.parts(stretch);
        let name = match self.unit {
            Unit::Month => format!("{} {year}", MONTHS[part]),
            Unit::Quarter => format!("{} quarter of {year}", ["1st", "2nd", "3rd", "4th"][part]),
            Unit::Year => year.to_string(),
        };
        if self.older && stretch == self.first { format!("{name} and before") } else { name }
    }

    /// What stands under a bar.
    fn tick(&self, stretch: i32) -> String {
        let (year, part) = self.parts(stretch);
        match self.unit {
            Unit::Month => MONTHS[part][..3].to_string(),
            Unit::Quarter => format!("Q{}", part + 1),
            Unit::Year if self.older && stretch == self.first => format!("≤ {year}"),
            Unit::Year => year.to_string(),
        }
    }

    /// The year of a stretch, and which of the year's stretches it is, from 0.
    fn parts(&self, stretch: i32) -> (i32, usize) {
        let per_year = 12 / self.unit.months();
        (stretch.div_euclid(per_year), stretch.rem_euclid(per_year) as usize)
    }
}

fn stretch(date: Date, unit: Unit) -> i32 {
    (i32::from(date.year()) * 12 + i32::from(date.month()) - 1).div_euclid(unit.months())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

// In units of the drawing, which is as many pixels wide where there is room.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 220.0;
const TOP: f64 = 26.0;
const BASE: f64 = 172.0;
const LEFT: f64 = 8.0;

/// Stretches that are kept free behind the last one, for today.
const AHEAD: i32 = 2;

fn draw(axis: &Axis, bars: &Bars) -> String {
    let slots = (axis.last - axis.first + 1 + AHEAD).max(8);
    let slot = (WIDTH - 2.0 * LEFT) / f64::from(slots);
    let highest = bars.values().map(|(all, _)| *all).max().unwrap_or(1);
    let height = |number: usize| (BASE - TOP) * number as f64 / highest as f64;
    let x = |stretch: i32| LEFT + f64::from(stretch - axis.first) * slot;
    let width = (slot * 0.72).min(44.0);
    let mut svg = format!(
        "<svg class=\"ages\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"ages-title ages-description\" \
         data-ages=\"\" data-first=\"{}\" data-months=\"{}\" data-left=\"{LEFT}\" data-slot=\"{slot:.2}\" data-top=\"{TOP}\" \
         data-base=\"{BASE}\">",
        axis.first,
        axis.unit.months()
    );
    let total: usize = bars.values().map(|(all, _)| all).sum();
    let overdue: usize = bars.values().map(|(_, due)| due).sum();
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<title id=\"ages-title\">When runbooks were last updated, by {}</title>\
         <desc id=\"ages-description\">{} from {} to {}, {overdue} of them overdue for review. The table below holds the numbers.</desc>\
         <defs><pattern id=\"overdue-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect class=\"hatch-ground\" width=\"6\" height=\"6\"/><rect class=\"hatch-line\" width=\"2.4\" height=\"6\"/></pattern></defs>\
         <line class=\"axis\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{BASE}\" y2=\"{BASE}\"/>",
        axis.unit.name(),
        count(total, "runbook"),
        axis.label(axis.first),
        axis.label(axis.last),
    );
    for (stretch, (all, due)) in bars {
        let left = x(*stretch) + (slot - width) / 2.0;
        let (whole, late) = (height(*all), height(*due));
        let _ = write!(
            svg,
            "<g><title>{}: {}, {due} overdue</title>\
             <rect class=\"column\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
            axis.label(*stretch),
            count(*all, "runbook"),
            BASE - whole,
            whole - late,
        );
        if *due > 0 {
            let _ = write!(
                svg,
                "<rect class=\"column overdue\" fill=\"url(#overdue-hatch)\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{late:.1}\"/>",
                BASE - late,
            );
        }
        let middle = left + width / 2.0;
        let _ =
            write!(svg, "<text class=\"number\" x=\"{middle:.1}\" y=\"{:.1}\">{all}</text></g>", BASE - whole - 6.0);
    }
    // Each tick needs some thirty units.
    let every = (34.0 / slot).ceil().max(1.0) as i32;
    let mut year_at: Option<i32> = None;
    for stretch in axis.first..=axis.last {
        let (year, part) = axis.parts(stretch);
        let middle = x(stretch) + slot / 2.0;
        if (stretch - axis.first) % every == 0 {
            let _ = write!(
                svg,
                "<text class=\"tick\" x=\"{middle:.1}\" y=\"{}\">{}</text>",
                BASE + 18.0,
                axis.tick(stretch)
            );
        }
        let opens = stretch == axis.first || part == 0;
        let has_room = year_at.is_none_or(|at| f64::from(stretch - at) * slot > 40.0);
        if axis.unit != Unit::Year && opens && has_room {
            year_at = Some(stretch);
            let _ = write!(svg, "<text class=\"tick year\" x=\"{middle:.1}\" y=\"{}\">{year}</text>", BASE + 36.0);
        }
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis_of(texts: &[&str]) -> (Axis, Bars) {
        let dates: Vec<(Date, bool)> =
            texts.iter().map(|text| (text.parse().expect("a date"), text.starts_with("2024"))).collect();
        let axis = Axis::over(&dates).expect("dates");
        let bars = axis.bars(&dates);
        (axis, bars)
    }

    #[test]
    fn the_unit_fits_the_range() {
        let cases = [
            (&["2026-01-05", "2026-11-20"][..], Unit::Month, "January 2026"),
            (&["2023-02-05", "2026-11-20"], Unit::Quarter, "1st quarter of 2023"),
            (&["2010-02-05", "2026-11-20"], Unit::Year, "2010"),
            (&["1970-01-01", "2026-11-20"], Unit::Year, "2003 and before"),
        ];
        for (dates, unit, first) in cases {
            let (axis, bars) = axis_of(dates);
            assert_eq!((axis.unit, axis.label(axis.first).as_str()), (unit, first));
            assert!(axis.last - axis.first < BARS);
            assert_eq!(bars.values().map(|(all, _)| all).sum::<usize>(), 2);
        }
    }

    #[test]
    fn overdue_runbooks_are_a_part_of_their_bar() {
        let (axis, bars) = axis_of(&["2024-11-02", "2024-11-30", "2025-01-01"]);
        let rows = axis.rows(&bars);
        let shown: Vec<_> = rows.iter().map(|row| (row.label.as_str(), row.count, row.overdue)).collect();
        assert_eq!(shown, [("November 2024", 2, 2), ("January 2025", 1, 0)]);
        let svg = draw(&axis, &bars);
        assert_eq!(svg.matches("class=\"column\"").count(), 2);
        assert_eq!(svg.matches("class=\"column overdue\"").count(), 1);
        roxmltree::Document::parse(&svg).expect("well-formed");
    }
}
