//! Reads what the config says of the look: the theme over the default one, then colours, pictures and style sheets.
//! What is wrong with one of these files is a mistake of the config, shown where it names the file.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::discover::describe;
use super::open::{ConfigFile, clean};
use super::root::repository_top;
use crate::corpus::path;
use crate::diagnostic::ConfigError;
use crate::settings::{SitePath, SiteSettings, nearest};
use crate::site::{Address, Theme, addresses_in_css, palette};

/// Folder of the site for the files that the config names.
const OWN: &str = "assets/custom";

/// The theme that the config asks for.
pub fn load_theme(settings: &SiteSettings, configs: &[ConfigFile]) -> Result<Theme, ConfigError> {
    let mut theme = match &settings.theme {
        None => Theme::default_theme(),
        Some(named) => read_theme(named, folder_of(named, configs))?,
    };
    if let Some(css) = palette::stylesheet(&settings.colors, &theme)? {
        let path = format!("{OWN}/colors.css");
        theme.look.stylesheets.push(path.clone());
        theme.assets.insert(path, css.into_bytes());
    }
    for sheet in &settings.css {
        read_styles(sheet, configs, &mut theme)?;
    }
    theme.look.logo = picture("logo", settings.logo.as_ref(), configs, &mut theme)?;
    theme.look.icon = picture("icon", settings.icon.as_ref(), configs, &mut theme)?;
    Ok(theme)
}

/// A folder over the default theme, each of its files in the place of the one of the same path; or a theme of the program.
fn read_theme(named: &SitePath, config_folder: &Path) -> Result<Theme, ConfigError> {
    let folder = config_folder.join(&named.path);
    if !folder.is_dir() {
        return Theme::built_in(&named.path).ok_or_else(|| no_theme(named, &folder));
    }
    let mut theme = Theme::default_theme();
    let failed = |path: &Path, problem: String| mistake(named, format!("cannot read {}: {problem}", path.display()));
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let entry =
            entry.map_err(|error| failed(&folder, error.io_error().map_or_else(|| error.to_string(), describe)))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().is_file() && !hidden {
            let bytes = fs::read(entry.path()).map_err(|error| failed(entry.path(), describe(&error)))?;
            let relative = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            theme.insert(relative.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(theme)
}

fn no_theme(named: &SitePath, folder: &Path) -> ConfigError {
    let names = Theme::BUILT_IN.map(|name| format!("`{name}`")).join(" and ");
    let help = match nearest(&named.path, &Theme::BUILT_IN) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("name a folder relative to the config; the themes of the program are {names}"),
    };
    let message = match folder.exists() {
        true => format!("the theme `{}` is no folder", named.path),
        false => format!("there is no folder and no theme `{}`", named.path),
    };
    ConfigError { help: Some(help), ..mistake(named, message) }
}

/// A picture with the endings and the first bytes of its format.
struct Format {
    endings: &'static [&'static str],
    is: fn(&[u8]) -> bool,
}

const FORMATS: [Format; 7] = [
    Format { endings: &["svg"], is: |bytes| holds(bytes, b"<svg") },
    Format { endings: &["png"], is: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n") },
    Format { endings: &["jpg", "jpeg"], is: |bytes| bytes.starts_with(b"\xff\xd8\xff") },
    Format { endings: &["gif"], is: |bytes| bytes.starts_with(b"GIF8") },
    Format { endings: &["webp"], is: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") },
    Format { endings: &["avif"], is: |bytes| bytes.get(4..8) == Some(b"ftyp") },
    Format { endings: &["ico"], is: |bytes| bytes.starts_with(b"\0\0\x01\0") },
];

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|part| part == word)
}

/// Takes a picture into the theme and gives its path on the site.
fn picture(
    key: &str,
    named: Option<&SitePath>,
    configs: &[ConfigFile],
    theme: &mut Theme,
) -> Result<Option<String>, ConfigError> {
    let Some(named) = named else { return Ok(None) };
    let bytes = read_named(named, configs)?;
    let ending = path::file_name(&named.path).rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()));
    let is_picture = known.is_some_and(|format| (format.is)(&bytes)) && (ending != "ico" || key == "icon");
    if !is_picture {
        let help = match FORMATS.iter().find(|format| (format.is)(&bytes)).filter(|_| known.is_some()) {
            Some(format) => format!("it holds what files that end in `.{}` hold", format.endings[0]),
            None => "name a file in SVG, PNG, JPEG, GIF, WebP or AVIF".to_string(),
        };
        let message = format!("`{}` is no picture that browsers show", named.path);
        return Err(ConfigError { help: Some(help), ..mistake(named, message) });
    }
    let path = format!("{OWN}/{key}.{ending}");
    theme.assets.insert(path.clone(), bytes);
    Ok(Some(path))
}

/// Takes a style sheet into the theme, with the fonts and pictures that it names.
fn read_styles(named: &SitePath, configs: &[ConfigFile], theme: &mut Theme) -> Result<(), ConfigError> {
    let bytes = read_named(named, configs)?;
    let at = |line: usize, message: String, help: &str| ConfigError {
        help: Some(help.to_string()),
        ..mistake(named, format!("{} line {line}: {message}", named.path))
    };
    let Ok(css) = String::from_utf8(bytes) else {
        return Err(mistake(named, format!("`{}` is not UTF-8 text", named.path)));
    };
    // One folder for each sheet keeps files of the same name apart, and relative addresses as they are.
    let number = theme.look.stylesheets.len();
    let folder = format!("{OWN}/{number}");
    for (line, address) in addresses_in_css(&css) {
        match address {
            Address::Import => {
                return Err(at(line, "`@import` loads another file".to_string(), "name that file in `css`, too"));
            }
            Address::Web(address) => {
                let message = format!("`{address}` would be loaded from elsewhere");
                return Err(at(
                    line,
                    message,
                    "pages load nothing from the network: put the file beside the style sheet",
                ));
            }
            Address::Local(file) => {
                let relative = path::join("", &file);
                if relative.starts_with("..") || file.starts_with('/') {
                    let message = format!("`{file}` lies outside of the style sheet's folder");
                    return Err(at(line, message, "put the file beside the style sheet or below it"));
                }
                let beside = SitePath { path: path::join(path::folder(&named.path), &file), ..named.clone() };
                let bytes = read_named(&beside, configs).map_err(|error| {
                    at(line, error.message, "put the file beside the style sheet, or take its address out")
                })?;
                theme.assets.insert(format!("{folder}/{relative}"), bytes);
            }
        }
    }
    let path = format!("{folder}/{}", path::file_name(&named.path));
    theme.look.stylesheets.push(path.clone());
    theme.assets.insert(path, css.into_bytes());
    Ok(())
}

/// The bytes of a file that the config names. It must lie in the config's folder or, in a git repository, in that.
fn read_named(named: &SitePath, configs: &[ConfigFile]) -> Result<Vec<u8>, ConfigError> {
    let folder = folder_of(named, configs);
    let file = clean(&folder.join(&named.path));
    let real = |path: &Path| {
        path.canonicalize()
            .map_err(|error| mistake(named, format!("cannot read `{}`: {}", named.path, describe(&error))))
    };
    let top = repository_top(folder).unwrap_or(folder);
    if Path::new(&named.path).is_absolute() || !real(&file)?.starts_with(real(top)?) {
        let help = format!("it must lie in {} or below", top.display());
        return Err(ConfigError { help: Some(help), ..mistake(named, format!("`{}` is out of reach", named.path)) });
    }
    match file.is_file() {
        true => fs::read(&file)
            .map_err(|error| mistake(named, format!("cannot read `{}`: {}", named.path, describe(&error)))),
        false => Err(mistake(named, format!("`{}` is no file", named.path))),
    }
}

/// The folder from which a path of the config is taken.
fn folder_of<'c>(named: &SitePath, configs: &'c [ConfigFile]) -> &'c Path {
    configs.get(named.file).map_or(Path::new(""), ConfigFile::folder)
}

fn mistake(named: &SitePath, message: String) -> ConfigError {
    ConfigError::at(named.file, named.span.clone(), message)
}
