//! All rules by name, and their options and levels decoded from the config.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::{Rule, commands, escalation, housekeeping, index, links, metadata, procedure, sections, template};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{ConfigError, Finding, Level, RuleInfo};
use crate::settings::{ConfigLayer, LevelSetting, RuleSetting, Settings, meant, nearest};

/// The rules in the order in which they are listed. A rule is registered by its line here.
const REGISTRY: &[Registration] = &[
    Registration::of::<sections::MissingSection>(),
    Registration::of::<sections::MisorderedSection>(),
    Registration::of::<sections::EmptySection>(),
    Registration::of::<sections::PlaceholderText>(),
    Registration::of::<sections::NonstandardTitle>(),
    Registration::of::<sections::DuplicateTitle>(),
    Registration::of::<sections::DuplicateHeading>(),
    Registration::of::<sections::SkippedHeadingLevel>(),
    Registration::of::<metadata::MissingMetadata>(),
    Registration::of::<metadata::InvalidFrontMatter>(),
    Registration::of::<metadata::InvalidMetadataValue>(),
    Registration::of::<metadata::InvalidDate>(),
    Registration::of::<metadata::FutureDate>(),
    Registration::of::<metadata::InvalidDuration>(),
    Registration::of::<metadata::OverdueReview>(),
    Registration::of::<metadata::OutdatedLastUpdated>(),
    Registration::of::<metadata::MisorderedRevisions>(),
    Registration::of::<procedure::UnnumberedSteps>(),
    Registration::of::<procedure::MisnumberedStep>(),
    Registration::of::<procedure::MissingTimeEstimate>(),
    Registration::of::<procedure::ExceededTimeEstimate>(),
    Registration::of::<procedure::MissingExpectedOutput>(),
    Registration::of::<procedure::CommandOutsideCodeBlock>(),
    Registration::of::<procedure::UnlabelledCodeBlock>(),
    Registration::of::<procedure::PromptInCommand>(),
    Registration::of::<procedure::UncheckedList>(),
    Registration::of::<commands::UnmarkedDangerousCommand>(),
    Registration::of::<commands::NonstandardWarning>(),
    Registration::of::<commands::UnapprovedDangerousCommand>(),
    Registration::of::<commands::UnrecoverableCommand>(),
    Registration::of::<commands::ShellSyntaxError>(),
    Registration::of::<commands::SecretInCommand>(),
    Registration::of::<commands::PipeToShell>(),
    Registration::of::<commands::UnpinnedTarget>(),
    Registration::of::<commands::UnresolvedPlaceholder>(),
    Registration::of::<links::DeadLink>(),
    Registration::of::<links::DeadAnchor>(),
    Registration::of::<links::DeadImage>(),
    Registration::of::<links::CaseMismatchedLink>(),
    Registration::of::<links::EscapingLink>(),
    Registration::of::<links::AbsolutePathLink>(),
    Registration::of::<links::UndefinedReference>(),
    Registration::of::<links::ConflictingAlias>(),
    Registration::of::<links::DeadExternalLink>(),
    Registration::of::<index::DeadIndexRow>(),
    Registration::of::<index::UnlistedRunbook>(),
    Registration::of::<index::StaleIndexRow>(),
    Registration::of::<index::DuplicateIndexRow>(),
    Registration::of::<index::UnlinkedIndexEntry>(),
    Registration::of::<index::UncategorisedRunbook>(),
    Registration::of::<index::ConflictingRunbooks>(),
    Registration::of::<escalation::RoleWithoutContact>(),
    Registration::of::<escalation::UnknownPriority>(),
    Registration::of::<escalation::PriorityWithoutPath>(),
    Registration::of::<escalation::EscalationGap>(),
    Registration::of::<escalation::SlowFirstResponse>(),
    Registration::of::<escalation::ContactWithoutBackup>(),
    Registration::of::<escalation::ContactWithoutAddress>(),
    Registration::of::<escalation::MixedSeverityScale>(),
    Registration::of::<template::NonconformingTemplate>(),
    Registration::of::<template::BrokenTemplateFence>(),
    Registration::of::<housekeeping::UnreadableFile>(),
    Registration::of::<housekeeping::InvalidSuppression>(),
    Registration::of::<housekeeping::ExpiredSuppression>(),
    Registration::of::<housekeeping::UnusedSuppression>(),
    Registration::of::<housekeeping::StaleBaseline>(),
    Registration::of::<housekeeping::ConfigErrorRule>(),
];

/// What is known of every rule.
pub fn all() -> impl Iterator<Item = &'static RuleInfo> {
    REGISTRY.iter().map(|registration| registration.info)
}

/// A rule by its name; if there is none, the name that was probably meant.
pub fn find(name: &str) -> Result<&'static RuleInfo, RuleError> {
    all().find(|info| info.name == name).ok_or_else(|| RuleError::unknown(name))
}

/// JSON schema of the config: that of [`ConfigLayer`], with the names and options of all rules.
pub fn config_schema() -> Value {
    let mut generator = SchemaGenerator::default();
    let mut schema = generator.root_schema_for::<ConfigLayer>().to_value();
    let level = json!({ "enum": ["error", "warning", "info", "off"] });
    let mut properties = Map::new();
    for group in all().map(|info| info.group).collect::<BTreeSet<_>>() {
        let table = json!({ "type": "object", "properties": { "level": level }, "additionalProperties": false });
        let description = format!("All rules of the group {group}.");
        properties.insert(group.to_string(), json!({ "description": description, "anyOf": [level, table] }));
    }
    for Registration { info, schema, .. } in REGISTRY {
        let mut options = schema(&mut generator).to_value();
        options["properties"]["level"] = level.clone();
        let link = format!("{}. `runbook-site explain {}` tells more.", info.summary, info.name);
        properties.insert(info.name.to_string(), json!({ "description": link, "anyOf": [level, options] }));
    }
    let rules = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    for (name, definition) in generator.take_definitions(true) {
        schema["$defs"][name] = definition;
    }
    schema["$defs"]["Rules"] = rules;
    let reference = json!({ "$ref": "#/$defs/Rules" });
    schema["properties"]["rules"] = reference.clone();
    schema["$defs"]["OverrideLayer"]["properties"]["rules"] = reference;
    schema
}

/// No rule has this name, or none is left.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleError {
    pub message: String,
    pub help: String,
}

impl RuleError {
    fn unknown(name: &str) -> Self {
        let mut names: Vec<&str> = all().flat_map(|info| [info.name, info.group]).collect();
        names.sort_unstable();
        names.dedup();
        let help = match nearest(name, &names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`runbook-site rules` lists them".to_string(),
        };
        RuleError { message: format!("unknown rule `{name}`"), help }
    }
}

/// A rule with its options, at the level at which it reports.
pub struct ConfiguredRule {
    pub info: &'static RuleInfo,
    pub level: Level,
    check: Box<dyn Check>,
}

impl ConfiguredRule {
    /// Runs the rule over one document.
    pub fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        self.check.check(corpus, entry, findings);
    }

    /// Whether the rule could judge in this run.
    pub fn has_facts(&self, corpus: &Corpus<'_>) -> bool {
        self.check.has_facts(corpus)
    }
}

/// The rules that run, which overrides of the config may change for some documents.
#[derive(Default)]
pub struct Rules {
    all: RuleSet,
    /// By the overrides that concern a document, by position.
    overridden: BTreeMap<Vec<usize>, RuleSet>,
}

impl Rules {
    /// Decodes what the config says of rules. `paths` are those of the documents.
    pub fn configure<'p>(settings: &Settings, paths: impl Iterator<Item = &'p str>) -> Result<Rules, ConfigError> {
        let mut overridden = BTreeMap::new();
        // An override that concerns no document may hold a mistake all the same.
        let alone = (0..settings.overrides.len()).map(|at| vec![at]);
        let together: BTreeSet<Vec<usize>> = alone.chain(paths.map(|path| settings.overrides_of(path))).collect();
        for overrides in together {
            let set = RuleSet::configure(&settings.rules_with(&overrides))?;
            overridden.insert(overrides, set);
        }
        Ok(Rules { all: RuleSet::configure(&settings.rules)?, overridden })
    }

    /// Whether a rule runs on any document.
    pub fn runs(&self, name: &str) -> bool {
        let sets = std::iter::once(&self.all).chain(self.overridden.values());
        sets.flat_map(|set| &set.rules).any(|rule| rule.info.name == name)
    }

    /// Those that run where no override says otherwise.
    pub fn everywhere(&self) -> &RuleSet {
        &self.all
    }

    /// Those that run on the document of a path.
    pub fn at(&self, settings: &Settings, path: &str) -> &RuleSet {
        self.overridden.get(&settings.overrides_of(path)).unwrap_or(&self.all)
    }

    /// Leaves only the rules that `select` names, all where it names none, without those that `ignore` names. Both hold
    /// names of rules and groups.
    pub fn narrow(&mut self, select: &[String], ignore: &[String]) -> Result<(), RuleError> {
        let names = |info: &RuleInfo, name: &String| info.name == name || info.group == name;
        if let Some(unknown) = select.iter().chain(ignore).find(|name| !all().any(|info| names(info, name))) {
            return Err(RuleError::unknown(unknown));
        }
        let is_in = |list: &[String], info: &RuleInfo| list.iter().any(|name| names(info, name));
        let mut left = 0;
        for set in std::iter::once(&mut self.all).chain(self.overridden.values_mut()) {
            set.rules.retain(|rule| (select.is_empty() || is_in(select, rule.info)) && !is_in(ignore, rule.info));
            left += set.rules.len();
        }
        match left {
            0 => Err(RuleError {
                message: "no rule is left to run".to_string(),
                help: "name one that neither `--ignore` nor the config turns off".to_string(),
            }),
            _ => Ok(()),
        }
    }
}

/// Rules with their options and levels.
pub struct RuleSet {
    pub rules: Vec<ConfiguredRule>,
}

impl RuleSet {
    /// Decodes the `[rules]` of a config. What is said of a rule goes before what is said of its group.
    pub fn configure(settings: &BTreeMap<String, RuleSetting>) -> Result<RuleSet, ConfigError> {
        for (name, setting) in settings {
            let known = |info: &RuleInfo| info.name == name || (info.group == name && setting.options.is_empty());
            if !all().any(known) {
                let RuleError { message, help } = RuleError::unknown(name);
                return Err(ConfigError {
                    help: Some(help),
                    ..ConfigError::at(setting.file, setting.name_span.clone(), message)
                });
            }
        }
        let mut rules = Vec::new();
        for registration in REGISTRY {
            let info = registration.info;
            let (own, group) = (settings.get(info.name), settings.get(info.group));
            let level = own.and_then(|setting| setting.level).or(group.and_then(|setting| setting.level));
            let check = (registration.decode)(own)?;
            match level.unwrap_or(LevelSetting::At(info.level)) {
                LevelSetting::Off => {}
                LevelSetting::At(level) => rules.push(ConfiguredRule { info, level, check }),
            }
        }
        Ok(RuleSet { rules })
    }
}

impl Default for RuleSet {
    /// All rules with their defaults.
    fn default() -> Self {
        let rule = |registration: &Registration| ConfiguredRule {
            info: registration.info,
            level: registration.info.level,
            check: (registration.default)(),
        };
        RuleSet { rules: REGISTRY.iter().map(rule).collect() }
    }
}

struct Registration {
    info: &'static RuleInfo,
    default: fn() -> Box<dyn Check>,
    decode: fn(Option<&RuleSetting>) -> Decoded,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Registration {
    const fn of<R: Rule>() -> Self {
        let default = || -> Box<dyn Check> { Box::new(R::default()) };
        Registration { info: &R::INFO, default, decode: decode::<R>, schema: |generator| R::json_schema(generator) }
    }
}

type Decoded = Result<Box<dyn Check>, ConfigError>;

fn decode<R: Rule>(setting: Option<&RuleSetting>) -> Decoded {
    Ok(Box::new(options::<R>(setting)?))
}

/// The options of a rule, for those who gather the facts that it needs.
pub fn options<R: Rule>(setting: Option<&RuleSetting>) -> Result<R, ConfigError> {
    let Some(setting) = setting else { return Ok(R::default()) };
    setting.options.clone().try_into().map_err(|error: toml::de::Error| {
        let list = || format!("`runbook-site explain {}` lists its options", R::INFO.name);
        let message = format!("option of `{}`: {}", R::INFO.name, error.message());
        ConfigError {
            help: Some(meant(error.message()).unwrap_or_else(list)),
            ..ConfigError::at(setting.file, setting.span.clone(), message)
        }
    })
}

/// [`Rule`] without its constant, so that rules of all types stand in one list.
trait Check: Send + Sync {
    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>);
    fn has_facts(&self, corpus: &Corpus<'_>) -> bool;
}

impl<R: Rule> Check for R {
    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        Rule::check(self, corpus, entry, findings);
    }

    fn has_facts(&self, corpus: &Corpus<'_>) -> bool {
        Rule::has_facts(self, corpus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configure(text: &str) -> Result<RuleSet, ConfigError> {
        RuleSet::configure(&Settings::parse(text).expect("valid").rules)
    }

    #[test]
    fn a_rule_goes_before_its_group() {
        let set = configure("[rules]\nlinks = \"off\"\ndead-anchor = \"info\"\n").expect("valid");
        let links: Vec<_> = set.rules.iter().filter(|rule| rule.info.group == "links").collect();
        assert_eq!(links.len(), 1);
        assert_eq!((links[0].info.name, links[0].level), ("dead-anchor", Level::Info));
    }

    #[test]
    fn unknown_names_and_options_are_refused_with_a_remedy() {
        let error = configure("[rules]\ndead-links = \"off\"\n").err().expect("a mistake");
        assert_eq!(
            (error.message.as_str(), error.help.as_deref()),
            ("unknown rule `dead-links`", Some("did you mean `dead-link`?"))
        );
        let error = configure("[rules]\ndead-link = { ignroe = 1 }\n").err().expect("a mistake");
        assert!(error.message.starts_with("option of `dead-link`: unknown field `ignroe`"), "{}", error.message);
    }

    #[test]
    fn a_run_can_be_narrowed_by_rules_and_groups() {
        let narrowed = |select: &[&str], ignore: &[&str]| {
            let strings = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
            let mut rules = Rules::default();
            let result = rules.narrow(&strings(select), &strings(ignore));
            result.map(|()| rules.all.rules.iter().map(|rule| rule.info.name).collect::<Vec<_>>())
        };
        let escalation = narrowed(&["escalation"], &["escalation-gap"]).expect("rules");
        assert!(escalation.contains(&"unknown-priority") && !escalation.contains(&"escalation-gap"));
        assert_eq!(narrowed(&["dead-link"], &[]), Ok(vec!["dead-link"]));
        let unknown = narrowed(&[], &["dead-lnik"]).expect_err("unknown");
        assert_eq!(unknown.help, "did you mean `dead-link`?");
        assert_eq!(narrowed(&["links"], &["links"]).expect_err("nothing").message, "no rule is left to run");
    }

    #[test]
    fn names_are_kebab_case_and_stand_once() {
        let mut names: Vec<_> = all().map(|info| info.name).collect();
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
