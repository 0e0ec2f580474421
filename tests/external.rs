//! `check --external` against servers on this machine that misbehave as those on the web do. Nothing else is asked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A request that a server got.
#[derive(Debug, Clone)]
struct Request {
    method: String,
    path: String,
    at: Instant,
}

/// A server of its own port, and so a host of its own.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (now, most_at_once) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (log, most) = (Arc::clone(&requests), Arc::clone(&most_at_once));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, now, most) = (Arc::clone(&log), Arc::clone(&now), Arc::clone(&most));
                thread::spawn(move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // A client that goes away is no failure of the test.
                    let _ = answer(stream, &log, UnderWay(now));
                });
            }
        });
        Server { address, requests, most_at_once }
    }

    fn link(&self, path: &str) -> String {
        format!("[{path}]({}{path})", self.address)
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }

    /// `HEAD /x GET /x`
    fn heard(&self, path: &str) -> String {
        let requests = self.requests();
        let of_path = requests.iter().filter(|request| request.path == path);
        of_path.map(|request| request.method.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// A request that is counted until it is answered.
struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<Request>>, under_way: UnderWay) -> std::io::Result<()> {
    let mut start = [0; 16];
    let len = stream.peek(&mut start)?;
    if start[..len].windows(6).any(|part| part == b"/reset") {
        // What was sent is not read, so that the system resets the connection.
        return Ok(());
    }
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut words = first.split(' ').map(str::to_string);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let before = {
        let mut log = log.lock().expect("no panic");
        let before = log.iter().filter(|request| request.path == path).count();
        log.push(Request { method: method.clone(), path: path.clone(), at: Instant::now() });
        before
    };
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let is_head = method == "HEAD";
    let status = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let text = match path.as_str() {
        "/missing" => status("404 Not Found"),
        "/gone" => status("410 Gone"),
        "/login" => status("401 Unauthorized"),
        "/error" => status("500 Internal Server Error"),
        "/flaky" if before < 2 => status("502 Bad Gateway"),
        "/head-refused" if is_head => status("405 Method Not Allowed"),
        "/head-lies" if is_head => status("404 Not Found"),
        "/head-garbage" if is_head => "\u{1}\u{2}\r\n\r\n".to_string(),
        "/garbage" => "220 mail.acme.io ESMTP\r\n\r\n".to_string(),
        "/half" => "HTTP/1.1 200 OK\r\nContent-".to_string(),
        "/loop" => status("302 Found\r\nLocation: /loop"),
        "/moved" => status("301 Moved Permanently\r\nLocation: /ok"),
        "/moved-away" => status("302 Found\r\nLocation: /missing"),
        "/busy" if before == 0 => status("429 Too Many Requests\r\nRetry-After: 1"),
        "/busy-until" if before == 0 => status("503 Service Unavailable\r\nRetry-After: Thu, 01 Jan 2015 00:00:00 GMT"),
        "/busy-always" => status("429 Too Many Requests\r\nRetry-After: 0"),
        "/busy-for-an-hour" => status("429 Too Many Requests\r\nRetry-After: 3600"),
        path if path.starts_with("/hang") => {
            thread::sleep(Duration::from_secs(20));
            return Ok(());
        }
        "/drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(100));
            }
            return Ok(());
        }
        "/endless" if !is_head => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
            return Ok(());
        }
        "/endless" => status("405 Method Not Allowed"),
        "/slow" => {
            thread::sleep(Duration::from_millis(150));
            status("200 OK")
        }
        _ => status("200 OK"),
    };
    // Who has the answer may ask again before this thread goes on.
    drop(under_way);
    stream.write_all(text.as_bytes())
}

/// A handbook with a cache of its own.
struct Handbook(tempfile::TempDir);

impl Handbook {
    fn new(links: &[String], options: &str) -> Handbook {
        let handbook = Handbook(tempfile::tempdir().expect("a temporary folder"));
        handbook.write("docs/a.md", &format!("# A\n\n{}\n", links.join("\n")));
        handbook.write("docs/runbook-site.toml", &format!("[rules]\ndead-external-link = {{ {options} }}\n"));
        handbook
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Findings by the path of their address, and what was said beside them.
    fn check(&self, arguments: &[&str]) -> (BTreeMap<String, String>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
        for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(proxy).env_remove(proxy.to_uppercase());
        }
        let cache = self.path().join("cache");
        command.env("XDG_CACHE_HOME", &cache).env("HOME", &cache).env("LOCALAPPDATA", &cache);
        command.current_dir(self.path()).args(["check", "--output-format", "json", "--fail-on", "never"]);
        let output = command.args(arguments).output().expect("the program starts");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{said}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut findings = BTreeMap::new();
        for diagnostic in report["diagnostics"].as_array().expect("a list") {
            assert_eq!(diagnostic["rule"], "dead-external-link");
            let (message, subject) = (diagnostic["message"].as_str(), diagnostic["subject"].as_str());
            let (message, subject) = (message.expect("a text"), subject.expect("a text"));
            let path = subject.splitn(4, '/').nth(3).unwrap_or_default();
            let problem = message.split("` ").last().unwrap_or_default();
            findings.insert(format!("/{path}"), problem.to_string());
        }
        (findings, said)
    }
}

fn is(findings: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> = findings.iter().map(|(path, problem)| (path.as_str(), problem.as_str())).collect();
    assert_eq!(found, expected);
}

const QUICK: &str = "timeout-seconds = 1, retries = 1";

#[test]
fn what_is_alive_is_told_from_what_is_dead() {
    let server = Server::start();
    let paths = [
        "/ok",
        "/missing",
        "/gone",
        "/login",
        "/error",
        "/head-refused",
        "/head-lies",
        "/head-garbage",
        "/garbage",
        "/half",
        "/loop",
        "/moved",
        "/moved-away",
        "/reset",
        "/hang",
        "/drip",
        "/endless",
    ];
    let mut links: Vec<String> = paths.iter().map(|path| server.link(path)).collect();
    links.push("[local](http://localhost:1/x) [example](https://wiki.example/x) <https://$HOST.acme.io/x>".to_string());
    let handbook = Handbook::new(&links, QUICK);
    let (findings, said) = handbook.check(&["docs", "--external"]);
    is(
        &findings,
        &[
            ("/drip", "does not answer: nothing came within 1 s"),
            ("/error", "answers 500, an error of its server"),
            ("/garbage", "does not answer: what came is no HTTP"),
            ("/gone", "answers 410, gone"),
            ("/half", "does not answer: the connection was closed"),
            ("/hang", "does not answer: nothing came within 1 s"),
            ("/loop", "does not answer: it redirects without end"),
            ("/missing", "answers 404, not found"),
            ("/moved-away", "answers 404, not found"),
            ("/reset", "does not answer: connection reset by peer"),
        ],
    );
    assert!(!said.contains("not judged"), "{said}");
    assert_eq!(server.heard("/login"), "HEAD");
    assert_eq!(server.heard("/head-refused"), "HEAD GET");
    assert_eq!(server.heard("/error"), "HEAD GET GET");
}

#[test]
fn a_host_that_speaks_no_tls_does_not_answer() {
    let server = Server::start();
    let handbook = Handbook::new(&[server.link("/x").replace("http:", "https:")], QUICK);
    let (findings, _) = handbook.check(&["docs", "--external"]);
    assert!(findings["/x"].starts_with("does not answer: "), "{findings:?}");
    assert_eq!(server.heard("/x"), "");
}

#[test]
fn what_goes_better_the_next_time_is_alive() {
    let server = Server::start();
    let handbook = Handbook::new(&[server.link("/flaky")], "retries = 1");
    is(&handbook.check(&["docs", "--external"]).0, &[]);
    assert_eq!(server.heard("/flaky"), "HEAD GET GET");
    let server = Server::start();
    let handbook = Handbook::new(&[server.link("/flaky")], "retries = 0");
    is(&handbook.check(&["docs", "--external"]).0, &[("/flaky", "answers 502, an error of its gateway")]);
}

#[test]
fn a_host_that_is_busy_is_asked_when_it_wishes() {
    let server = Server::start();
    let others: Vec<String> = (0..6).map(|page| server.link(&format!("/page-{page}"))).collect();
    let links: Vec<String> = [server.link("/busy"), server.link("/busy-until")].into_iter().chain(others).collect();
    let handbook = Handbook::new(&links, "per-host = 1");
    is(&handbook.check(&["docs", "--external"]).0, &[]);
    let requests = server.requests();
    let busy = requests.iter().position(|request| request.path == "/busy").expect("asked");
    let wait = requests[busy + 1].at - requests[busy].at;
    assert!(wait >= Duration::from_millis(990), "{wait:?}");
}

#[test]
fn a_host_that_stays_busy_is_left_alone_and_named() {
    for (path, options, asked) in [("/busy-for-an-hour", "per-host = 1", 1), ("/busy-always", "retries = 1", 2)] {
        let server = Server::start();
        let handbook = Handbook::new(&[server.link(path)], options);
        let (findings, said) = handbook.check(&["docs", "--external"]);
        is(&findings, &[]);
        assert!(said.contains("asks to be left alone for now: 1 address not judged"), "{said}");
        assert_eq!(server.requests().len(), asked, "{path}");
    }
}

#[test]
fn a_host_gets_few_requests_at_a_time_and_each_address_once() {
    let server = Server::start();
    let mut links: Vec<String> =
        (0..12).map(|page| format!("[a]({0}/slow#a) [b]({0}/slow#b{page}) {0}/ok?{page}", server.address)).collect();
    links.push(format!("[c]({}/missing#c)", server.address));
    let handbook = Handbook::new(&links, "per-host = 3");
    is(&handbook.check(&["docs", "--external"]).0, &[("/missing#c", "answers 404, not found")]);
    assert!(server.most_at_once.load(Ordering::SeqCst) <= 3);
    assert_eq!(server.heard("/slow"), "HEAD");
}

#[test]
fn hosts_do_not_wait_for_each_other_and_silent_ones_are_given_up() {
    let (hanging, quick) = (Server::start(), Server::start());
    let mut links: Vec<String> = (0..40).map(|page| hanging.link(&format!("/hang/{page}"))).collect();
    links.push(quick.link("/ok"));
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    links.extend((0..40).map(|page| format!("[x](http://{closed}/{page})")));
    let handbook = Handbook::new(&links, QUICK);
    let start = Instant::now();
    let (findings, _) = handbook.check(&["docs", "--external"]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!(findings.len(), 80);
    assert!(hanging.requests().len() < 10, "{}", hanging.requests().len());
    assert_eq!(findings["/39"], "does not answer: connection refused");
}

#[test]
fn the_alive_are_kept_and_the_dead_asked_again() {
    let server = Server::start();
    let handbook = Handbook::new(&[server.link("/ok"), server.link("/missing")], QUICK);
    let dead = [("/missing", "answers 404, not found")];
    let run = |arguments: &[&str]| is(&handbook.check(&[&["docs", "--external"], arguments].concat()).0, &dead);
    run(&["--no-cache"]);
    assert!(!handbook.path().join("cache").exists());
    run(&[]);
    run(&[]);
    assert_eq!(
        (server.heard("/ok").as_str(), server.heard("/missing").as_str()),
        ("HEAD HEAD", "HEAD GET HEAD GET HEAD GET")
    );
    run(&["--no-cache"]);
    assert_eq!(server.heard("/ok"), "HEAD HEAD HEAD");
    let kept: Vec<_> = walk(&handbook.path().join("cache"));
    assert_eq!(kept.len(), 1);
    assert!(!fs::read_to_string(&kept[0]).expect("a file").contains("127.0.0.1"));
    fs::write(&kept[0], "{\"version\": 1, \"alive\"").expect("a file");
    run(&[]);
    assert_eq!(server.heard("/ok"), "HEAD HEAD HEAD HEAD");
    handbook.write("docs/runbook-site.toml", "[rules]\ndead-external-link = { cache-hours = 0 }\n");
    run(&[]);
    assert_eq!(server.heard("/ok"), "HEAD HEAD HEAD HEAD HEAD");
}

#[test]
fn a_cache_that_cannot_be_kept_is_said_and_changes_nothing() {
    let server = Server::start();
    let handbook = Handbook::new(&[server.link("/missing")], QUICK);
    handbook.write("cache", "a file where a folder should be");
    let (findings, said) = handbook.check(&["docs", "--external"]);
    is(&findings, &[("/missing", "answers 404, not found")]);
    assert!(said.contains("cannot keep what the web answered"), "{said}");
}

#[test]
fn nothing_is_asked_that_need_not_be() {
    let server = Server::start();
    let port = server.address.rsplit_once(':').expect("a port").1;
    let links = [server.link("/missing"), server.link("/kept/x"), server.link("/given-up")];
    let options =
        format!("allow = [\"{}/kept/*\"], deny = [\"127.0.0.1:{port}/given-up\"], accept = [404]", server.address);
    let handbook = Handbook::new(&links, &options);
    handbook.write("docs/b.md", &format!("# B\n\n{}\n", server.link("/of-b")));
    is(&handbook.check(&["docs"]).0, &[]);
    assert!(server.requests().is_empty());
    is(&handbook.check(&["docs/a.md", "--external"]).0, &[("/given-up", "is denied by the config")]);
    assert_eq!((server.heard("/missing").as_str(), server.requests().len()), ("HEAD", 1));
    handbook.write("docs/runbook-site.toml", "[rules]\nlinks = \"off\"\n");
    is(&handbook.check(&["docs", "--external", "--no-cache"]).0, &[]);
    assert_eq!(server.requests().len(), 1);
}

/// Files below a folder.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
