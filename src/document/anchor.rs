//! The fragments that GitHub gives to headings.

use std::collections::HashSet;

use unicode_general_category::{GeneralCategory, get_general_category};

/// Hands out fragments in the order of the headings: the second `Setup` becomes `setup-1`.
#[derive(Debug, Default)]
pub struct Anchors {
    seen: HashSet<String>,
}

impl Anchors {
    /// The fragment of the next heading with this text.
    pub fn next(&mut self, text: &str) -> String {
        let base = slug(text);
        let mut anchor = base.clone();
        let mut count = 0;
        while !self.seen.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{base}-{count}");
        }
        anchor
    }
}

/// Lower case, spaces as hyphens, all else dropped but letters, marks, numbers, `_` and `-`.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' => slug.push('-'),
            'a'..='z' | '0'..='9' | '-' | '_' => slug.push(character),
            'A'..='Z' => slug.push(character.to_ascii_lowercase()),
            _ if character.is_ascii() => {}
            _ if is_word(character) => slug.extend(character.to_lowercase()),
            _ => {}
        }
    }
    slug
}

fn is_word(character: char) -> bool {
    use GeneralCategory::*;
    matches!(
        get_general_category(character),
        UppercaseLetter
            | LowercaseLetter
            | TitlecaseLetter
            | ModifierLetter
            | OtherLetter
            | NonspacingMark
            | SpacingMark
            | EnclosingMark
            | DecimalNumber
            | LetterNumber
            | OtherNumber
            | ConnectorPunctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_those_of_github() {
        let mut anchors = Anchors::default();
        let cases = [
            ("Step 1: Confirm the issue", "step-1-confirm-the-issue"),
            ("Setup", "setup"),
            ("Setup", "setup-1"),
            ("💾 Backup & Restore", "-backup--restore"),
            ("Überprüfung", "überprüfung"),
            ("", ""),
            ("", "-1"),
            ("snake_case-name", "snake_case-name"),
        ];
        for (text, anchor) in cases {
            assert_eq!(anchors.next(text), anchor, "{text}");
        }
    }
}
