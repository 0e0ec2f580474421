//! The health of a handbook as a small picture.

use super::xml::xml;
use super::{Counts, Report, count};

/// The badge as SVG: a word and the gravest kind of findings, in words and in a colour. It is read aloud, loads nothing,
/// and has the same shape whatever font draws it.
pub fn badge(report: &Report<'_>) -> String {
    let counts = Counts::of(report.diagnostics);
    let (health, color) = match (counts.errors, counts.warnings) {
        (0, 0) => ("healthy".to_string(), GREEN),
        (0, warnings) => (count(warnings, "warning"), AMBER),
        (errors, _) => (count(errors, "error"), RED),
    };
    draw("runbooks", &health, color)
}

/// Each colour has a contrast of 7 or more to the white text.
const GREY: &str = "#4a4842";
const GREEN: &str = "#1c6433";
const AMBER: &str = "#784600";
const RED: &str = "#a51a13";

/// Pixels.
const HEIGHT: usize = 20;
const PADDING: usize = 7;

fn draw(label: &str, health: &str, color: &str) -> String {
    let (label_width, health_width) = (text_width(label), text_width(health));
    let left = label_width + 2 * PADDING;
    let right = health_width + 2 * PADDING;
    let width = left + right;
    let health_at = left + PADDING;
    let (label, health) = (xml(label), xml(health));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"{label}: {health}\">\n\
         <title>{label}: {health}</title>\n\
         <clipPath id=\"shape\"><rect width=\"{width}\" height=\"{HEIGHT}\" rx=\"3\"/></clipPath>\n\
         <g clip-path=\"url(#shape)\">\n\
         <rect width=\"{left}\" height=\"{HEIGHT}\" fill=\"{GREY}\"/>\n\
         <rect x=\"{left}\" width=\"{right}\" height=\"{HEIGHT}\" fill=\"{color}\"/>\n\
         </g>\n\
         <g fill=\"#fff\" font-family=\"Verdana, 'DejaVu Sans', Geneva, sans-serif\" font-size=\"11\" aria-hidden=\"true\">\n\
         <text x=\"{PADDING}\" y=\"14\" textLength=\"{label_width}\">{label}</text>\n\
         <text x=\"{health_at}\" y=\"14\" textLength=\"{health_width}\">{health}</text>\n\
         </g>\n\
         </svg>\n"
    )
}

/// Width of a text in Verdana at 11 pixels, rounded up to whole pixels. Other fonts are fitted to it.
fn text_width(text: &str) -> usize {
    let hundredths: usize = text.chars().map(character_width).sum();
    hundredths.div_ceil(100)
}

/// Hundredths of a pixel.
fn character_width(character: char) -> usize {
    let known = WIDTHS.iter().find(|(characters, _)| characters.contains(character));
    known.map_or(700, |(_, width)| *width)
}

/// The letters by their width. A digit, and whatever else, has 700.
const WIDTHS: [(&str, usize); 10] = [
    ("il", 302),
    (" f", 387),
    ("t", 433),
    ("r", 470),
    ("cs", 573),
    ("kvxyz", 651),
    ("ae", 661),
    ("bdghnopqu", 697),
    ("w", 900),
    ("m", 1070),
];
