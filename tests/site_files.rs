//! What makes a site belong somewhere and what others depend on: its address, look, feeds, former addresses, and that no
//! page loads anything from elsewhere.

mod copy;
mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use copy::copy;
use folder::Folder;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runbook-site");

/// A handbook is in `docs`, and its site in `site`.
impl Folder {
    /// Builds `docs` to `site`, and gives the exit code and what was said.
    fn build(&self, arguments: &[&str]) -> (i32, String) {
        said(Command::new(PROGRAM).current_dir(self.path()).args(["build", "docs"]).args(arguments))
    }

    #[track_caller]
    fn built(&self, arguments: &[&str]) -> String {
        let (code, said) = self.build(arguments);
        assert_eq!(code, 0, "{said}");
        said
    }

    #[track_caller]
    fn read(&self, path: &str) -> String {
        let path = self.path().join("site").join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn has(&self, path: &str) -> bool {
        self.path().join("site").join(path).is_file()
    }
}

fn said(command: &mut Command) -> (i32, String) {
    let Output { status, stdout, stderr } = command.env("COLUMNS", "120").output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout) + &text(stderr))
}

fn runbook(title: &str, head: &str) -> String {
    format!(
        "{head}# Runbook: {title}\n\n## Purpose\n\nBring {title} back to where it was before.\n\n## Prerequisites\n\nNone.\n\n\
         ## Procedure\n\n1. Stop it.\n\n## Verification\n\nIt runs.\n\n## Rollback\n\nNone.\n\n## Post-Incident\n\nTell.\n"
    )
}

#[test]
fn with_a_base_url_a_site_has_a_map_a_feed_and_whole_addresses() {
    let dated = |day: &str| format!("---\nlast_updated: {day}\nowner: \"A & B <c>\"\n---\n");
    let folder = Folder::new(&[
        (
            "docs/README.md",
            "# Ops & Co\n\nWhat to do when the trams of the city stand still.\n\n- [a](a.md)\n- [b](b.md)\n",
        ),
        ("docs/a.md", &runbook("Old & one", &dated("2025-01-02"))),
        ("docs/b c.md", &runbook("New one", &dated("2026-03-04"))),
        ("docs/undated.md", &runbook("Undated", "")),
    ]);
    folder.built(&[]);
    for path in ["sitemap.xml", "feed.xml", "404.html"] {
        assert!(!folder.has(path), "{path} without a base URL");
    }
    assert!(!folder.read("a.html").contains("canonical"));
    assert_eq!(folder.read("robots.txt"), "User-agent: *\nAllow: /\n");
    let list = folder.read("llms.txt");
    assert!(list.starts_with("# Ops & Co\n\n> What to do when the trams of the city stand still.\n"), "{list}");
    assert!(list.contains("\n- [New one](b%20c.html): Bring New one back to where it was before.\n"), "{list}");

    folder.write("docs/runbook-site.toml", "[site]\nbase-url = \"https://ops.example/tram\"\n");
    folder.built(&[]);
    let map = folder.read("sitemap.xml");
    let map = roxmltree::Document::parse(&map).expect("XML");
    let texts = |name: &str| {
        let nodes =
            map.descendants().filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", name)));
        nodes.filter_map(|node| node.text()).map(str::to_string).collect::<Vec<_>>()
    };
    let addresses = ["a.html", "b%20c.html", "index.html", "undated.html"];
    assert_eq!(texts("loc"), addresses.map(|address| format!("https://ops.example/tram/{address}")));
    assert_eq!(texts("lastmod"), ["2025-01-02", "2026-03-04"]);

    let feed = folder.read("feed.xml");
    let feed = roxmltree::Document::parse(&feed).expect("XML");
    const ATOM: &str = "http://www.w3.org/2005/Atom";
    let text = |node: roxmltree::Node<'_, '_>, name: &str| {
        let child = node.children().find(|child| child.has_tag_name((ATOM, name)));
        child.unwrap_or_else(|| panic!("no {name}")).text().unwrap_or_default().to_string()
    };
    let root = feed.root_element();
    assert_eq!((text(root, "title"), text(root, "updated")), ("Ops & Co".into(), "2026-03-04T00:00:00Z".into()));
    assert_eq!(text(root, "id"), "https://ops.example/tram/");
    let entries: Vec<_> = root.children().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
    let facts: Vec<_> =
        entries.iter().map(|entry| [text(*entry, "title"), text(*entry, "id"), text(*entry, "updated")]).collect();
    assert_eq!(
        facts,
        [
            ["New one", "https://ops.example/tram/b%20c.html", "2026-03-04T00:00:00Z"],
            ["Old & one", "https://ops.example/tram/a.html", "2025-01-02T00:00:00Z"],
        ]
    );
    let page = folder.read("a.html");
    for tag in [
        "<link rel=\"canonical\" href=\"https://ops.example/tram/a.html\">",
        "<meta property=\"og:title\" content=\"Old &amp; one\">",
        "<meta property=\"og:url\" content=\"https://ops.example/tram/a.html\">",
        "<meta property=\"og:site_name\" content=\"Ops &amp; Co\">",
        "<meta property=\"article:modified_time\" content=\"2025-01-02\">",
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Ops &amp; Co\" href=\"feed.xml\">",
    ] {
        assert!(page.contains(tag), "no {tag} in {page}");
    }
    assert!(!folder.read("404.html").contains("canonical"));
    assert_eq!(folder.read("robots.txt"), "User-agent: *\nAllow: /\n\nSitemap: https://ops.example/tram/sitemap.xml\n");
    assert!(folder.read("llms.txt").contains("](https://ops.example/tram/a.html)"));
    // The command line goes before the config.
    folder.built(&["--base-url", "https://other.example"]);
    assert!(folder.read("sitemap.xml").contains("<loc>https://other.example/a.html</loc>"));
}

#[test]
fn a_handbook_without_dates_has_no_feed_and_no_link_to_one() {
    let folder = Folder::new(&[("docs/a.md", &runbook("One", ""))]);
    folder.built(&["--base-url", "https://ops.example"]);
    assert!(!folder.has("feed.xml") && folder.has("sitemap.xml"));
    assert!(!folder.read("a.html").contains("application/atom+xml"));
}

#[test]
fn pages_are_in_the_language_and_look_of_the_config() {
    let folder = Folder::new(&[
        ("docs/sub dir/a.md", &runbook("One", "")),
        (
            "docs/runbook-site.toml",
            "extends = \"../brand/base.toml\"\n[site]\nlanguage = \"de-AT\"\nedit = \"https://git.example/{path}?plain=1\"\n\
             css = [\"own.css\"]\n[site.colors]\naccent = \"#0b5d52\"\n",
        ),
        ("docs/own.css", "h1 { color: inherit }"),
        (
            "brand/base.toml",
            "[site]\nlogo = \"logo.svg\"\nicon = \"favicon.png\"\ncss = [\"css/base.css\"]\n[site.colors]\naccent = \"#7a1f2b\"\n",
        ),
        ("brand/logo.svg", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("brand/css/base.css", "@font-face { font-family: X; src: url('fonts/x.woff2?v=3#x') }"),
        ("brand/css/fonts/x.woff2", "font"),
    ]);
    folder.write("brand/favicon.png", b"\x89PNG\r\n\x1a\nrest");
    folder.built(&[]);
    let page = folder.read("sub dir/a.html");
    for part in [
        "<html lang=\"de-AT\"",
        "<link rel=\"icon\" href=\"../assets/custom/icon.png\">",
        "<img class=\"logo\" src=\"../assets/custom/logo.svg\" alt=\"\">",
        "href=\"https://git.example/sub%20dir/a.md?plain=1\"",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    // Colours go before style sheets, and those of the extended file before one's own.
    let sheets: Vec<&str> =
        page.split("rel=\"stylesheet\" href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let own: Vec<&&str> = sheets.iter().filter(|path| path.contains("custom")).collect();
    assert_eq!(own, [&"../assets/custom/colors.css", &"../assets/custom/1/base.css", &"../assets/custom/2/own.css"]);
    assert_eq!(folder.read("assets/custom/1/fonts/x.woff2"), "font");
    assert!(folder.read("assets/custom/colors.css").contains("--link: light-dark(#0b5d52, "));
    // A home page that was made up cannot be edited.
    assert!(!folder.read("index.html").contains("git.example"));
    let (_, shown) = said(Command::new(PROGRAM).current_dir(folder.path()).args(["config", "docs"]));
    for line in [
        "  language       de-AT  docs/runbook-site.toml:3\n",
        "  logo           logo.svg  brand/base.toml:2\n",
        "  css            css/base.css  brand/base.toml:4\n",
        "  css            own.css  docs/runbook-site.toml:5\n",
        "  colors.accent  #0b5d52 light  docs/runbook-site.toml:7\n",
    ] {
        assert!(shown.contains(line), "no {line} in {shown}");
    }
}

#[test]
fn mistakes_of_the_site_have_a_place_and_a_remedy() {
    let folder = Folder::new(&[
        ("docs/a.md", &runbook("One", "")),
        ("docs/text.svg", "no picture"),
        ("docs/photo.png", "GIF89a"),
        ("docs/import.css", "\n@import 'x.css';"),
        ("docs/web.css", "a { background: url(https://cdn.example/x.png) }"),
        ("docs/lost.css", "a { background: url(x.png) }"),
        ("docs/up.css", "a { background: url(../secret.txt) }"),
        ("secret.txt", "secret"),
        ("outside.svg", "<svg/>"),
    ]);
    folder.write("docs/latin.css", b"/* \xe4 */");
    let cases = [
        ("logo = \"none.svg\"", "cannot read `none.svg`: no such file or directory", ""),
        ("logo = \"../outside.svg\"", "`../outside.svg` is out of reach", "it must lie in"),
        ("logo = \"/etc/hostname\"", "`/etc/hostname` is out of reach", "it must lie in"),
        ("logo = \"text.svg\"", "`text.svg` is no picture that browsers show", "name a file in SVG"),
        ("logo = \"photo.png\"", "`photo.png` is no picture", "it holds what files that end in `.gif` hold"),
        ("icon = \"a.md\"", "`a.md` is no picture", "name a file in SVG"),
        ("icon = \".\"", "`.` is no file", ""),
        ("css = [\"import.css\"]", "import.css line 2: `@import` loads another file", "name that file in `css`, too"),
        (
            "css = [\"web.css\"]",
            "web.css line 1: `https://cdn.example/x.png` would be loaded from elsewhere",
            "beside the",
        ),
        ("css = [\"lost.css\"]", "lost.css line 1: cannot read `x.png`", "or take its address out"),
        ("css = [\"up.css\"]", "up.css line 1: `../secret.txt` lies outside of the style sheet's folder", "beside"),
        ("css = [\"latin.css\"]", "`latin.css` is not UTF-8 text", ""),
        ("theme = \"leger\"", "there is no folder and no theme `leger`", "did you mean `ledger`?"),
        ("theme = \"xyz\"", "there is no folder and no theme `xyz`", "`default` and `ledger`"),
        ("theme = \"a.md\"", "the theme `a.md` is no folder", ""),
        (
            "colors = { accent = \"#7fd1c7\" }",
            "has a contrast of 1.5:1 in the light scheme",
            "is the nearest that can be read",
        ),
        ("base-url = \"ops.example\"", "`ops.example` is no address", ""),
    ];
    for (line, message, remedy) in cases {
        folder.write("docs/runbook-site.toml", format!("[site]\n{line}\n"));
        let (code, said) = folder.build(&[]);
        // The renderer folds long lines.
        let flat = said.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, 2, "{line}: {said}");
        assert!(flat.contains(message) && flat.contains(remedy), "{line}: {said}");
        assert!(flat.contains("runbook-site.toml:2:"), "{line}: {said}");
        assert!(!folder.path().join("site").exists(), "{line}");
    }
}

#[test]
fn former_addresses_lead_to_where_documents_are_now() {
    let folder = Folder::new(&[
        ("docs/README.md", "# Ops\n\n- [a](db/a.md)\n- [b](b.md)\n"),
        ("docs/db/a.md", &runbook("One & all", "---\naliases:\n  - /old/place/\n  - was.html\n  - /b.html\n---\n")),
        ("docs/b.md", &runbook("Two", "")),
        ("docs/c.md", "# Three\n\n**Owner**: Ops\n**Aliases**: /third.html\n\n## Purpose\n"),
    ]);
    folder.built(&[]);
    assert!(folder.read("third.html").contains("href=\"c.html\""));
    assert!(!folder.read("c.html").contains("third.html"), "it is no fact for readers");
    let page = folder.read("old/place/index.html");
    for part in [
        "<noscript><meta http-equiv=\"refresh\" content=\"0; url=../../db/a.html\"></noscript>",
        "<link rel=\"canonical\" href=\"../../db/a.html\">",
        "<a id=\"target\" href=\"../../db/a.html\">One &amp; all</a>",
        "<meta name=\"robots\" content=\"noindex\">",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(folder.read("db/was.html").contains("href=\"a.html\""));
    assert!(folder.read("b.html").contains("Two"), "a page goes before an alias");
    let model: Value = serde_json::from_str(&folder.read("runbooks.json")).expect("JSON");
    let aliases: BTreeMap<&str, &Value> = model["documents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["path"].as_str().expect("a path"), &one["aliases"]))
        .collect();
    assert_eq!(*aliases["db/a.md"], serde_json::json!(["old/place/index.html", "db/was.html"]));
    assert_eq!(*aliases["b.md"], serde_json::json!([]));
    folder.built(&["--base-url", "https://ops.example/x"]);
    assert!(folder.read("old/place/index.html").contains("rel=\"canonical\" href=\"https://ops.example/x/db/a.html\""));
    assert!(!folder.read("sitemap.xml").contains("old/place"), "only pages are on the map");
}

#[test]
fn addresses_that_vanish_are_named_with_the_alias_that_keeps_them() {
    let folder = Folder::new(&[
        ("docs/moved.md", &runbook("Moved", "---\naliases: [/once.html]\n---\n")),
        ("docs/renamed.md", &runbook("Renamed", "")),
        ("docs/gone.md", &runbook("Gone", "")),
        ("docs/kept.md", &(runbook("Kept", "") + "\n## Extra\n\nMore.\n")),
        ("docs/redirected.md", &runbook("Redirected", "")),
    ]);
    folder.built(&[]);
    let docs = folder.path().join("docs");
    fs::remove_file(docs.join("gone.md")).expect("removed");
    fs::remove_file(docs.join("moved.md")).expect("removed");
    fs::remove_file(docs.join("redirected.md")).expect("removed");
    folder.write("docs/db/moved.md", runbook("Another title", ""));
    fs::rename(docs.join("renamed.md"), docs.join("other-name.md")).expect("renamed");
    folder.write("docs/db/new.md", runbook("Redirected", "---\naliases: [/redirected.html]\n---\n"));
    folder.write("docs/kept.md", runbook("Kept", ""));

    let (code, said) = folder.build(&["--compare", "site", "--strict"]);
    assert_eq!(code, 1, "{said}");
    for line in [
        "  gone.html (Runbook: Gone)\n    write `aliases: [/gone.html]` in the front matter of the document that takes its place\n",
        "  moved.html (Runbook: Moved)\n    it is now db/moved.html: write `aliases: [/moved.html]` in the front matter of db/moved.md\n",
        "  once.html (Runbook: Moved)\n    it is now db/moved.html: write `aliases: [/once.html]` in the front matter of db/moved.md\n",
        "  renamed.html (Runbook: Renamed)\n    it is now other-name.html: write `aliases: [/renamed.html]` in the front matter of other-name.md\n",
    ] {
        assert!(said.contains(line), "no {line} in {said}");
    }
    assert!(said.contains("4 addresses of the site before would not be there any more"), "{said}");
    assert!(folder.has("gone.html"), "the old site stays");

    let said = folder.built(&["--compare", "site/runbooks.json", "-v"]);
    assert!(said.contains("note: 4 addresses of the site before"), "{said}");
    assert!(said.contains("kept.html has no section extra any more"), "{said}");
    assert!(folder.has("db/moved.html") && !folder.has("gone.html"));
    let said = folder.built(&["--compare", "site", "--strict"]);
    assert!(!said.contains("site before"), "{said}");
}

#[test]
fn what_cannot_be_compared_with_ends_the_build() {
    let folder = Folder::new(&[
        ("docs/a.md", &runbook("One", "")),
        ("empty.json", ""),
        ("other.json", "{\"documents\": [{\"path\": \"a.md\"}]}"),
    ]);
    for (path, message) in [
        ("none.json", "there is no none.json"),
        ("docs", "there is no docs/runbooks.json"),
        ("empty.json", "empty.json is no runbooks.json of a site"),
        ("other.json", "other.json is no runbooks.json of a site: missing field"),
    ] {
        let (code, said) = folder.build(&["--compare", path]);
        assert_eq!(code, 2, "{path}: {said}");
        assert!(said.contains(message) && said.contains("help: name the runbooks.json"), "{path}: {said}");
        assert!(!folder.path().join("site").exists(), "{path}");
    }
}

/// In every theme, and whatever authors write.
#[test]
fn no_page_style_or_script_loads_anything_from_elsewhere() {
    for theme in runbook_site::site::Theme::BUILT_IN {
        for handbook in ["handbook", "faulty"] {
            let folder = Folder::new(&[]);
            copy(&Path::new("fixtures").join(handbook), &folder.path().join("docs"));
            folder.write("docs/runbook-site.toml", format!("[site]\ntheme = \"{theme}\"\n"));
            folder.built(&["--base-url", "https://ops.example"]);
            let mut seen = 0;
            for path in files(&folder.path().join("site")) {
                let Ok(text) = fs::read_to_string(&path) else { continue };
                let foreign = match path.extension().and_then(|ending| ending.to_str()) {
                    Some("html") => loaded_by_html(&text).into_iter().find(|address| is_foreign(address)),
                    Some("css") => {
                        runbook_site::site::addresses_in_css(&text).into_iter().find_map(|(_, address)| match address {
                            runbook_site::site::Address::Local(_) => None,
                            other => Some(format!("{other:?}")),
                        })
                    }
                    Some("js") => ["fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import("]
                        .into_iter()
                        .find(|word| text.contains(word) && path.starts_with(folder.path().join("site/assets")))
                        .map(str::to_string),
                    _ => continue,
                };
                assert_eq!(foreign, None, "{}", path.display());
                seen += 1;
            }
            assert!(seen > 20, "only {seen} files");
        }
    }
}

/// The values of `src`, `srcset`, `poster` and `data`, and of `href` in `link`, in the tags of a page.
fn loaded_by_html(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in html.split('<').skip(1).filter_map(|tag| tag.split('>').next()) {
        // The address of a page for search engines and readers of feeds is not loaded.
        let names = match tag.split_whitespace().next() {
            Some("link") if !tag.contains("canonical") => &["href"][..],
            _ => &["src", "srcset", "poster", "data", "background"],
        };
        for name in names {
            let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
            found.extend(value.map(str::to_string));
        }
        if let Some((_, style)) = tag.split_once(" style=\"") {
            let style = style.split('"').next().unwrap_or_default();
            found.extend(
                runbook_site::site::addresses_in_css(style).into_iter().map(|(_, address)| format!("{address:?}")),
            );
        }
    }
    found
}

fn is_foreign(address: &str) -> bool {
    address.starts_with("//") || address.contains("://") || address.starts_with("Web(")
}

#[test]
fn windows_line_ends_make_the_same_pages() {
    let folder = Folder::new(&[]);
    let (unix, windows) = (folder.path().join("unix/docs"), folder.path().join("windows/docs"));
    copy(Path::new("fixtures/handbook"), &unix);
    copy(Path::new("fixtures/handbook"), &windows);
    for path in files(&windows).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let text = fs::read_to_string(&path).expect("a document");
        fs::write(&path, text.replace('\n', "\r\n")).expect("a document");
    }
    let pages = |docs: &Path| {
        let out = docs.with_file_name("site");
        let (code, said) = said(Command::new(PROGRAM).arg("build").arg(docs).arg("--out").arg(&out));
        assert_eq!(code, 0, "{said}");
        let pages = files(&out).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "html"));
        pages
            .map(|path| {
                let text = fs::read_to_string(&path).expect("a page").replace("\r\n", "\n");
                // Hashes are those of the bytes.
                let text =
                    ["data-revision=\"", "data-step-hash=\""].into_iter().fold(text, |text, name| without(&text, name));
                (path.strip_prefix(&out).expect("below").to_path_buf(), text)
            })
            .collect::<BTreeMap<PathBuf, String>>()
    };
    let (unix, windows) = (pages(&unix), pages(&windows));
    assert!(unix.keys().eq(windows.keys()));
    for (path, page) in &unix {
        assert!(*page == windows[path], "{}", path.display());
    }
}

/// A page without the values of an attribute.
fn without(page: &str, attribute: &str) -> String {
    let mut parts = page.split(attribute);
    let first = parts.next().unwrap_or_default().to_string();
    let rest = parts.filter_map(|part| part.split_once('"')).map(|(_, rest)| rest);
    rest.fold(first, |page, rest| page + attribute + rest)
}

#[test]
fn an_empty_folder_is_said_to_be_one() {
    let folder = Folder::new(&[]);
    fs::create_dir(folder.path().join("docs")).expect("a folder");
    let (code, said) = folder.build(&[]);
    assert_eq!(code, 2);
    assert!(
        said.contains("nothing to check: no Markdown file in") && said.contains("help: runbooks are files"),
        "{said}"
    );
    assert!(!folder.path().join("site").exists());
}

/// A limit on the size of files stands for a disk that is full: writing fails in the middle of a file.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_the_old_site_and_nothing_beside_it() {
    let folder = Folder::new(&[("docs/a.md", &runbook("One", ""))]);
    folder.built(&[]);
    let before = contents(&folder.path().join("site"));
    folder.write("docs/b.md", runbook("Two", &"x ".repeat(40_000)));
    let script = format!("trap '' XFSZ; ulimit -f 8; exec '{PROGRAM}' build docs");
    let (code, said) = said(Command::new("sh").current_dir(folder.path()).args(["-c", &script]));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("cannot write") && said.contains("file too large"), "{said}");
    assert!(contents(&folder.path().join("site")) == before);
    let beside: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("docs/a.md", &runbook("One", "")), ("locked/x", "")]);
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("locked");
    // For root no folder is locked.
    if fs::write(locked.join("probe"), "").is_err() {
        let (code, said) = folder.build(&["--out", "locked/site"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("cannot write") && said.contains("locked"), "{said}");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("unlocked");
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}
