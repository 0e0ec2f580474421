//! What Markdown becomes on a page. Cases compare the body of the page only.

use runbook_site::corpus::{Corpus, Facts};
use runbook_site::document::parse;
use runbook_site::report::Hidden;
use runbook_site::settings::Settings;
use runbook_site::site::{Content, Theme, render};
use runbook_site::source::Source;

/// The body of `page.md` on the site, beside a runbook `other.md`, a picture, and a page in a folder.
fn body(markdown: &str) -> String {
    let sources = [
        Source::new("folder/deep.md", "# Deep\n"),
        Source::new("other.md", "# Runbook: Other one\n\n## Part\n"),
        Source::new("page.md", format!("# Page\n\n{markdown}")),
    ];
    let files = ["pic.png", "run.html", "drawing.svg", "list.csv"].map(str::to_string).into();
    let facts = Facts { files, ..Facts::default() };
    let settings = Settings::default();
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let mut theme = Theme::default_theme();
    theme.templates.insert("document.html".to_string(), "{{ document.body | safe }}".to_string());
    let files = render(&corpus, &[], Hidden::default(), &[], &theme, None, &|_, _| None).expect("the site");
    let page = files.into_iter().find(|file| file.path == "page.html").expect("the page");
    match page.content {
        Content::Bytes(bytes) => String::from_utf8(bytes).expect("UTF-8").trim().to_string(),
        Content::CopyOf(source) => panic!("a copy of {source}"),
    }
}

#[track_caller]
fn shows(markdown: &str, html: &str) {
    assert_eq!(body(markdown), html, "{markdown}");
}

#[test]
fn placeholders_in_prose_are_visible_text() {
    shows("Delete <pod-name> now.", "<p>Delete &lt;pod-name&gt; now.</p>");
    shows("<pod-name>\n", "&lt;pod-name&gt;");
    shows(
        "## Scale <app>\n",
        "<h2 id=\"scale-\">Scale &lt;app&gt; <a class=\"anchor\" href=\"#scale-\" aria-label=\"Link to this section\">#</a></h2>",
    );
    // Beside real HTML, which is sanitised, too.
    shows("<b>Delete</b> <pod-name>", "<p><b>Delete</b> &lt;pod-name&gt;</p>");
}

#[test]
fn raw_html_cannot_run_or_load() {
    shows("<b onclick=\"x()\">a</b>\n", "<p><b>a</b></p>");
    shows("a<script>alert(1)</script>b", "<p>ab</p>");
    shows(
        "<img src=\"https://elsewhere.example/x.png\" alt=\"x\">\n",
        "<a class=\"external\" rel=\"noreferrer noopener\" href=\"https://elsewhere.example/x.png\">x</a>",
    );
    shows("<!-- secret -->\n\ntext", "<p>text</p>");
}

#[test]
fn code_in_details_survives_the_sanitiser() {
    let html = body("<details><summary>s</summary>\n\n```bash\nrm <x>\n```\n\n</details>\n");
    assert!(html.starts_with("<details><summary>s</summary>"), "{html}");
    assert!(html.contains("data-language=\"bash\"") && html.trim_end().ends_with("</details>"), "{html}");
    assert!(!html.contains("island"), "{html}");
}

#[test]
fn links_go_to_pages_or_say_why_not() {
    shows("[x](other.md#part)", "<p><a href=\"other.html#part\">x</a></p>");
    shows("[x](folder/deep.html)", "<p><a href=\"folder/deep.html\">x</a></p>");
    shows("[other.md](./other.md)", "<p><a href=\"other.html\">Other one</a></p>");
    shows(
        "[x](none.md)",
        "<p><span class=\"dead\" title=\"no file none.md\"><span class=\"mark danger\">missing</span> x<span class=\"visually-hidden\"> (no file none.md)</span></span></p>",
    );
    shows(
        "[x](../up.md)",
        "<p><span class=\"dead\" title=\"leaves the handbook: ../up.md\"><span class=\"mark danger\">not on this site</span> x<span class=\"visually-hidden\"> (leaves the handbook: ../up.md)</span></span></p>",
    );
    shows(
        "[x](javascript:alert(1))",
        "<p><span class=\"dead\" title=\"the scheme javascript: is not allowed\"><span class=\"mark danger\">not linked</span> x<span class=\"visually-hidden\"> (the scheme javascript: is not allowed)</span></span></p>",
    );
    shows(
        "[x](run.html)",
        "<p><span class=\"dead\" title=\"run.html is not published: it could run\"><span class=\"mark danger\">not on this site</span> x<span class=\"visually-hidden\"> (run.html is not published: it could run)</span></span></p>",
    );
    shows("[x](list.csv)", "<p><a href=\"list.csv\">x</a></p>");
    shows(
        "see https://a.example/b_c.",
        "<p>see <a class=\"external\" rel=\"noreferrer noopener\" href=\"https://a.example/b_c\">https://a.example/b_c</a>.</p>",
    );
}

#[test]
fn pictures_of_the_handbook_are_shown_and_others_linked() {
    shows("![the *map*](pic.png)", "<p><img src=\"pic.png\" alt=\"the map\" loading=\"lazy\"></p>");
    shows(
        "![x](https://a.example/x.png)",
        "<p><a class=\"external\" rel=\"noreferrer noopener\" href=\"https://a.example/x.png\">x</a></p>",
    );
    shows(
        "![x](gone.png)",
        "<p><span class=\"dead\" title=\"no file gone.png\"><span class=\"mark danger\">missing</span> x<span class=\"visually-hidden\"> (no file gone.png)</span></span></p>",
    );
    shows("[plan](drawing.svg)", "<p><img src=\"drawing.svg\" alt=\"plan\" loading=\"lazy\"></p>");
}

#[test]
fn headings_have_anchors_that_do_not_meet_those_of_the_page() {
    shows(
        "## Search\n\n[up](#search)",
        "<h2 id=\"section-search\">Search <a class=\"anchor\" href=\"#section-search\" aria-label=\"Link to this section\">#</a></h2>\n<p><a href=\"#section-search\">up</a></p>",
    );
    shows(
        "## Test it {#try}\n",
        "<h2 id=\"test-it-try\"><span id=\"try\"></span>Test it <a class=\"anchor\" href=\"#test-it-try\" aria-label=\"Link to this section\">#</a></h2>",
    );
    shows(
        "# Second\n",
        "<h2 id=\"second\">Second <a class=\"anchor\" href=\"#second\" aria-label=\"Link to this section\">#</a></h2>",
    );
}

#[test]
fn warnings_stand_out_once() {
    shows(
        "⚠️ **WARNING**: it deletes\n",
        "<p class=\"warning\" data-warning>⚠️ <strong>WARNING</strong>: it deletes</p>",
    );
    shows(
        "> [!WARNING]\n> ⚠️ WARNING: it deletes\n",
        "<aside class=\"callout warning\" data-warning><p class=\"callout-title\">Warning</p>\n<p>⚠️ WARNING: it deletes</p>\n</aside>",
    );
}

#[test]
fn commands_can_be_copied_and_output_cannot() {
    let html = body("```console\n$ uptime\n up\n```\n\nExpected output:\n\n```text\n up\n```\n");
    assert!(
        html.contains("<span class=\"prompt\" data-skip>$ </span><span class=\"command\" data-command>uptime</span>"),
        "{html}"
    );
    assert!(html.contains("<span class=\"output\" data-skip> up</span>"), "{html}");
    assert!(html.contains("<details class=\"output\" open><summary>Expected output</summary><figure"), "{html}");
    assert_eq!(html.matches("<button").count(), 1, "{html}");
    assert_eq!(html.matches("data-output").count(), 1, "{html}");
}

/// The page of a runbook by a template.
fn runbook(template: &str, text: &str) -> String {
    let sources = [Source::new("run.md", text)];
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let mut theme = Theme::default_theme();
    theme.templates.insert("document.html".to_string(), template.to_string());
    let files = render(&corpus, &[], Hidden::default(), &[], &theme, None, &|_, _| None).expect("the site");
    let page = files.into_iter().find(|file| file.path == "run.html").expect("the page");
    let Content::Bytes(bytes) = page.content else { panic!("no page") };
    String::from_utf8(bytes).expect("UTF-8").trim().to_string()
}

const BODY: &str = "{{ document.body | safe }}";

/// A runbook whose procedure is this text.
fn procedure(text: &str) -> String {
    format!("# Runbook: Failover\n\n## Procedure\n\n{text}")
}

/// The elements of a page in their order, without those that only highlight.
fn outline(html: &str, tags: &[&str]) -> String {
    let mut outline = Vec::new();
    for tag in html.split('<').skip(1) {
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        if tags.contains(&name.trim_start_matches('/')) {
            outline.push(name);
        }
    }
    outline.join(" ")
}

#[test]
fn headings_of_steps_open_sections() {
    let html = runbook(
        BODY,
        &procedure(
            "### Step 1: Look\n\na\n\n#### 2. Nested\n\nb\n\n### Step 3: *Act* now (5-10 min)\n\nc\n\n## Rollback\n\nd\n",
        ),
    );
    assert_eq!(
        outline(&html, &["section", "h2", "h3", "h4", "p"]),
        "h2 /h2 section h3 /h3 p /p section h4 /h4 p /p /section /section section h3 /h3 p /p /section h2 /h2 p /p"
    );
    let act = html.find("data-step-key=\"step-3-act-now-5-10-min\"").map(|at| &html[at..]).expect("the step");
    assert!(act.starts_with("data-step-key=\"step-3-act-now-5-10-min\" data-step-number=\"3\" data-step-title=\"Act now\" data-step-hash=\""), "{act}");
    assert!(act.contains("data-min-minutes=\"5\" data-max-minutes=\"10\">"), "{act}");
    assert!(
        act.contains("<input type=\"checkbox\" data-step id=\"done-step-3-act-now-5-10-min\" aria-label=\"Step 3 done: Act now\">"),
        "{act}"
    );
    assert!(
        act.contains("<span class=\"step-number\">Step 3:</span> <em>Act</em> now <span class=\"estimate\">(5-10 min)</span> <a class=\"anchor\""),
        "{act}"
    );
}

#[test]
fn items_are_steps_with_addresses_of_their_own() {
    let html = runbook(
        BODY,
        &procedure(
            "1. Look at `x` (2 min)\n2. [ ] Act\n\n   ```bash\n   ls\n   ```\n\nThen:\n\n1. Again\n   - no step\n",
        ),
    );
    let keys: Vec<&str> = html.split("data-step-key=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(keys, ["procedure-step-1", "procedure-step-2", "procedure-step-1-2"]);
    assert!(html.contains("<li class=\"step\" id=\"procedure-step-1\" data-step-key"), "{html}");
    assert_eq!(html.matches("<input type=\"checkbox\"").count(), 3, "a task that is a step has one box: {html}");
    let anchor = "Again <a class=\"anchor\" href=\"#procedure-step-1-2\" aria-label=\"Link to this step\">#</a>";
    assert!(html.contains(anchor), "{html}");
    assert!(html.contains("<li>no step</li>"), "{html}");
}

#[test]
fn html_across_steps_leaves_the_page_whole() {
    let across =
        "### Step 1: Look\n\n<details><summary>more</summary>\n\na\n\n### Step 2: Act\n\nb\n\n</details>\n\nc\n";
    let html = runbook(BODY, &procedure(across));
    for tag in ["section", "details"] {
        assert_eq!(html.matches(&format!("<{tag}")).count(), html.matches(&format!("</{tag}>")).count(), "{html}");
    }
    for text in ["<p>a</p>", "<p>b</p>", "<p>c</p>", "data-step-number=\"2\""] {
        assert_eq!(html.matches(text).count(), 1, "{text}: {html}");
    }
    let forged = runbook(BODY, &procedure("<section data-step-key=\"x\"><input type=\"checkbox\" data-step>\n"));
    assert!(!forged.contains("<section") && !forged.contains("<input"), "{forged}");
}

#[test]
fn an_index_has_no_steps() {
    let html = body("1. one\n2. two\n");
    assert!(!html.contains("data-step"), "{html}");
}

#[test]
fn a_block_without_a_command_is_copied_whole() {
    for block in ["# daily\n0 4 * * 6 /opt/clean.sh", "enable_costs = false", "# hosts\n[databases]\nshop = host=db"] {
        let html = runbook(BODY, &procedure(&format!("```bash\n{block}\n```\n")));
        assert!(html.contains("<figure class=\"code\"") && !html.contains("data-skip"), "{html}");
    }
    let session = runbook(BODY, &procedure("```console\n$ uptime\n0 users\n```\n"));
    assert_eq!(session.matches("data-skip").count(), 2, "{session}");
}

#[test]
fn a_block_says_what_it_destroys_and_what_to_fill_in() {
    let html = runbook(
        BODY,
        &procedure(
            "```bash\nkubectl get pvc <claim> # look\nfor c in a b; do\n  kubectl delete pvc $c -n \"<Name space>\"\ndone\n```\n",
        ),
    );
    assert!(
        html.contains(
            "<figure class=\"code\" id=\"first-destructive-command\" data-language=\"bash\" data-risk=\"destructive\">"
        ),
        "{html}"
    );
    assert!(html.contains("</span> destructive: deletes a volume claim and, unless its volume is retained, the data</span></figcaption>"), "{html}");
    assert_eq!(
        html.matches("<button type=\"button\" data-copy hidden").count(),
        3,
        "one for all, two for each: {html}"
    );
    assert_eq!(html.matches("data-command").count(), 2, "{html}");
    assert!(html.contains("<var class=\"variable\" data-variable=\"claim\" data-place=\"bare start\"><span"), "{html}");
    assert!(html.contains("data-variable=\"name-space\" data-place=\"double start\">"), "{html}");
    let inner = "<span class=\"command\" data-risk=\"destructive\" data-reason=\"deletes a volume claim and, unless its volume is retained, the data\">";
    assert!(html.contains(inner), "{html}");
    assert!(html.contains("aria-label=\"Copy: for c in a b; do …\""), "{html}");
}

#[test]
fn the_places_of_commands_move_with_what_is_hidden() {
    let html = runbook(
        BODY,
        &procedure(
            "```bash\nexport DB_PASSWORD=hunter2-X9q7\npsql \"postgres://a:hunter2-X9q7@h/<db>\"\nrm <file>\n```\n",
        ),
    );
    assert!(!html.contains("hunter2"), "{html}");
    assert!(
        html.contains("data-variable=\"db\" data-place=\"double\"><span class=\"hl-string\">&lt;db&gt;</span></var>"),
        "{html}"
    );
    assert!(
        html.contains("data-variable=\"file\" data-place=\"bare start\"><span class=\"hl-operator\">&lt;</span>file<span class=\"hl-operator\">&gt;</span></var></span><button"),
        "{html}"
    );
}

#[test]
fn the_head_says_what_one_needs_to_know() {
    let template = "{{ document.lede | safe }}|{% for risk in document.risks %}{{ risk.count }} {{ risk.risk }} {{ risk.anchor }};{% endfor %}|\
                    {% for item in document.variables %}{{ item.name }} ({{ item.hint }});{% endfor %}|{{ document.estimate.min }}-{{ document.estimate.max }}|{{ document.body | safe }}";
    let text = "# Runbook: Failover\n\n**Estimated Time**: 5-10 minutes\n\n## Purpose\n\nMake a replica the primary when the primary is lost.\n\n## Procedure\n\n\
                ### Step 1: Go\n\n```bash\nkubectl rollout restart deploy <app>\nkubectl delete pvc <claim> <app>\n```\n\nOutput:\n\n```\nkubectl delete pvc <other>\n```\n";
    let page = runbook(template, text);
    let parts: Vec<&str> = page.splitn(5, '|').collect();
    let lede = parts[0];
    assert!(lede.starts_with("<h2 class=\"visually-hidden\" id=\"purpose\">Purpose"), "{lede}");
    assert!(lede.ends_with("<p class=\"lede\">Make a replica the primary when the primary is lost.</p>\n"), "{lede}");
    assert_eq!(parts[1], "1 destructive first-destructive-command;1 disruptive first-destructive-command;");
    assert_eq!(parts[2], "app (app);claim (claim);");
    assert_eq!(parts[3], "5-10");
    assert!(!parts[4].contains("Make a replica") && !parts[4].contains("Purpose"), "{}", parts[4]);
}

#[test]
fn a_purpose_with_more_in_it_keeps_its_heading() {
    let template = "{{ document.lede | safe }}|{{ document.body | safe }}";
    let lede = "Make a replica the primary when the primary is lost";
    let with =
        |rest: &str| runbook(template, &format!("# Runbook: A\n\n## Purpose\n\n{lede}{rest}\n\n## Procedure\n\nb\n"));
    let page = with(".\n\n- a list\n");
    assert!(page.starts_with(&format!("<p class=\"lede\">{lede}.</p>\n|<h2 id=\"purpose\">")), "{page}");
    // What introduces a list stays with it.
    let page = with(":\n\n- a list\n");
    assert!(page.starts_with("|<h2 id=\"purpose\">") && page.contains(&format!("<p>{lede}:</p>")), "{page}");
}

#[test]
fn output_hangs_on_its_command() {
    let long = "x\n".repeat(13);
    let html = body(&format!("```bash\nls\n```\n\n**Expected Output**:\n\n```\n{long}```\n"));
    assert!(html.contains("</figure>\n<details class=\"output\"><summary>Expected Output</summary><figure"), "{html}");
    assert_eq!(html.matches("Expected Output").count(), 1, "{html}");
    let html = body("```bash\nls\n```\n\nErwartete Ausgabe:\n\n```\nx\n```\n");
    assert!(html.contains("<details class=\"output\" open><summary>Erwartete Ausgabe</summary>"), "{html}");
    let html = body("Output:\n\ntext\n\n```bash\nls\n```\n");
    assert!(html.contains("<p>Output:</p>") && !html.contains("<details"), "{html}");
    // A prompt is there to be typed behind.
    let html = body("Output:\n\n```console\n$ ls\n```\n");
    assert!(html.contains("<p>Output:</p>") && html.contains("data-command"), "{html}");
}

#[test]
fn the_head_of_a_page_is_not_repeated_in_its_text() {
    shows("**Owner**: Ops\n**Estimated Time**: 5 minutes\n\nText.\n", "<p>Text.</p>");
    shows("Text with **Owner**: in it.\n", "<p>Text with <strong>Owner</strong>: in it.</p>");
}

#[test]
fn an_id_that_a_heading_has_stands_once() {
    let html = body("<a id=\"edge\"></a>\n\n## Edge\n\n<a id=\"other\"></a>\n");
    assert_eq!(html.matches("id=\"edge\"").count(), 1, "{html}");
    assert!(html.contains("<a id=\"other\"></a>"), "{html}");
}

#[test]
fn text_cannot_take_the_place_of_code() {
    let html = body("isl&#97;nd0:0;\n\n```text\nx\n```\n");
    assert!(html.starts_with("<p>island0:0;</p>"), "{html}");
    assert!(html.ends_with("</figure>"), "{html}");
}

#[test]
fn tables_and_lists_are_accessible() {
    let html = body("| A | B |\n|--|--:|\n| 1 | 2 |\n\n- [ ] todo\n- [x] done\n");
    assert!(
        html.contains("<div class=\"wide\" role=\"region\" aria-label=\"Table: Page\" tabindex=\"0\"><table>"),
        "{html}"
    );
    assert!(html.contains("<th scope=\"col\" class=\"align-right\">B</th>"), "{html}");
    assert_eq!(html.matches("<li class=\"task\">").count(), 2, "{html}");
    assert!(html.contains("<input type=\"checkbox\" disabled checked aria-label=\"done\"> done"), "{html}");
}

#[test]
fn a_runbook_says_whom_to_call_and_an_index_links_what_it_names() {
    let index = "# Ops\n\n## Emergencies\n\n| Scenario | Runbook | Approval Required | Priority |\n|--|--|--|--|\n\
                 | Disk full | [a.md](a.md) | DBA + Security Team | P1/P2 |\n| Other | [b.md](b.md) | None | P2 |\n\
                 | Gone | [c.md](c.md) | None | |\n\n\
                 ## Runbook Categories\n\n- **Disk full**: free space\n- **Elsewhere**: nothing\n\n\
                 ## P1 Escalation\n\n| Time | Escalate to |\n|--|--|\n| 0-15 min | On-call |\n| 15+ min | Lead, Manager |\n\n\
                 ## Contacts\n\n| Role | Primary | Backup | Method |\n|--|--|--|--|\n| DBA | @dba | - | Slack |\n\
                 | Security | @sec | @ciso | Phone |\n\n## Required Sections\n\n1. **Purpose**\n";
    let sources = [
        Source::new("README.md", index),
        Source::new("a.md", "# Runbook: Disk full\n"),
        Source::new("b.md", "# Runbook: Other\n"),
        Source::new("c.md", "# Runbook: Gone\n"),
    ];
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let mut theme = Theme::default_theme();
    theme.templates.insert("index.html".to_string(), "{{ document.body | safe }}".to_string());
    let call = "{{ document.call.priority }}:{% for c in document.call.contacts %}{{ c.role }} {{ c.primary }} {{ c.backup }};\
                {% endfor %}{% for b in document.call.bands %}{{ b.time }} {{ b.roles }};{% endfor %}";
    theme.templates.insert("document.html".to_string(), call.to_string());
    let files = render(&corpus, &[], Hidden::default(), &[], &theme, None, &|_, _| None).expect("the site");
    let text = |path: &str| match &files.iter().find(|file| file.path == path).expect("a file").content {
        Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Content::CopyOf(source) => panic!("a copy of {source}"),
    };
    assert_eq!(text("a.html"), "P1:DBA @dba ;Security @sec @ciso;0–15 min On-call;15+ min Lead, Manager;");
    assert_eq!(text("b.html"), ":");
    // Without a priority an emergency escalates as the gravest does.
    assert_eq!(text("c.html"), "P1:0–15 min On-call;15+ min Lead, Manager;");
    assert!(text("index.html").contains("<strong><a href=\"a.html\">Disk full</a></strong>"), "{}", text("index.html"));
    assert!(text("index.html").contains("<strong>Elsewhere</strong>"));
    let model: serde_json::Value = serde_json::from_str(&text("runbooks.json")).expect("JSON");
    assert_eq!(
        (model["documents"][1]["url"].as_str(), model["documents"][1]["errors"].as_u64()),
        (Some("a.html"), Some(0))
    );
}
