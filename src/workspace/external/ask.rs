//! One request to one address, and what its outcome means.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use ureq::http::{Response, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error};

use crate::corpus::Answer;
use crate::rules::DeadExternalLink;
use crate::workspace::discover::describe;

/// What one attempt came to.
pub enum Outcome {
    Settled(Answer),
    /// May be another next time; the answer counts if it is the last attempt.
    Uncertain(Answer),
    /// The host wants to be asked later, after the time that it names.
    Busy(Option<Duration>),
}

/// Redirects after which an address is taken to lead nowhere.
const REDIRECTS: u32 = 10;

/// What asks. Certificates are judged as the system does, so that those of a company's own authority hold.
pub fn agent(options: &DeadExternalLink) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .timeout_global(Some(Duration::from_secs(options.timeout_seconds.get())))
        .user_agent(concat!("runbook-site/", env!("CARGO_PKG_VERSION")))
        .accept("text/html, */*;q=0.8")
        .build();
    config.new_agent()
}

/// Asks for the head alone first, which costs the host less. Where that is not answered well, whole pages are asked
/// for: many hosts refuse `HEAD`, or answer it with another status.
pub fn ask(agent: &Agent, options: &DeadExternalLink, address: &str, attempt: u32) -> Outcome {
    let uri = escape(address);
    if attempt == 0 {
        match agent.head(&uri).call() {
            Ok(response) if is_alive(options, response.status()) => return Outcome::Settled(Answer::Alive),
            Ok(response) if is_busy(&response) => return Outcome::Busy(retry_after(&response)),
            // A host that is slow once is not asked a second time at once.
            Err(error @ Error::Timeout(_)) => return failure(&error, options),
            Ok(_) | Err(_) => {}
        }
    }
    match agent.get(&uri).call() {
        Ok(response) if is_alive(options, response.status()) => Outcome::Settled(Answer::Alive),
        Ok(response) if is_busy(&response) => Outcome::Busy(retry_after(&response)),
        Ok(response) if response.status().is_server_error() => {
            Outcome::Uncertain(Answer::Status(response.status().as_u16()))
        }
        Ok(response) => Outcome::Settled(Answer::Status(response.status().as_u16())),
        Err(error) => failure(&error, options),
    }
}

fn is_alive(options: &DeadExternalLink, status: StatusCode) -> bool {
    status.is_success() || options.accept.contains(&status.as_u16())
}

fn is_busy(response: &Response<Body>) -> bool {
    let status = response.status();
    status == StatusCode::TOO_MANY_REQUESTS
        || (status == StatusCode::SERVICE_UNAVAILABLE && response.headers().contains_key("retry-after"))
}

/// `Retry-After`, which is a number of seconds or a date.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(Timestamp::now())).unwrap_or_default())
}

fn failure(error: &Error, options: &DeadExternalLink) -> Outcome {
    let silent = |reason: &str| Answer::Silent(reason.to_string());
    match error {
        Error::TooManyRedirects => Outcome::Settled(silent("it redirects without end")),
        Error::BadUri(_) | Error::Http(_) => Outcome::Settled(silent("it is no valid address")),
        Error::Rustls(error) => Outcome::Settled(Answer::Silent(format!("no secure connection: {error}"))),
        Error::Tls(problem) => Outcome::Settled(Answer::Silent(format!("no secure connection: {problem}"))),
        Error::HostNotFound => Outcome::Uncertain(silent("there is no such host")),
        Error::Timeout(_) => {
            Outcome::Uncertain(Answer::Silent(format!("nothing came within {} s", options.timeout_seconds)))
        }
        Error::Protocol(_) => Outcome::Uncertain(silent("what came is no HTTP")),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Outcome::Uncertain(silent("the connection was closed"))
        }
        // What the certificate is found to be comes in these clothes.
        Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Outcome::Settled(Answer::Silent(format!("no secure connection: {}", describe(error))))
        }
        Error::Io(error) => Outcome::Uncertain(Answer::Silent(describe(error))),
        _ => Outcome::Uncertain(silent("the connection failed")),
    }
}

/// What a browser escapes before it asks.
fn escape(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~' | b'[' | b']' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
