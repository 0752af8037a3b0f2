//! A web server on loopback that answers as a test says, and remembers what it was asked.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of one request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The status line, headers and body, as they are.
    Says(Vec<u8>),
    /// The same, and the connection is cut after so many bytes of the body.
    Breaks { says: Vec<u8>, after: usize },
    /// Nothing at all, for longer than anybody waits.
    Silence,
}

/// One request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// With names in small letters.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Serves until the test ends.
pub(crate) struct Server {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers in turn; after the last one it says 500.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let Some(request) = read(&stream) else { continue };
                seen.lock().unwrap().push(request);
                let answer = answers.lock().unwrap().pop_front();
                match answer.unwrap_or_else(|| status("500 Internal Server Error")) {
                    Answer::Says(bytes) => drop(stream.write_all(&bytes)),
                    Answer::Breaks { says, after } => {
                        let body = says.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
                        drop(stream.write_all(&says[..body + after]));
                    }
                    Answer::Silence => {
                        std::thread::spawn(move || {
                            std::thread::sleep(Duration::from_secs(60));
                            drop(stream);
                        });
                    }
                }
            }
        });
        Self { address, requests }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Some(Request { path, headers })
}

/// A whole file.
pub(crate) fn whole(content: &[u8], more: &str) -> Answer {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n", content.len());
    Answer::Says([head.as_bytes(), content].concat())
}

/// The part of a file from a place on.
pub(crate) fn part(content: &[u8], from: usize) -> Answer {
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nContent-Range: bytes {from}-{}/{}\r\nConnection: close\r\n\r\n",
        content.len() - from,
        content.len() - 1,
        content.len()
    );
    Answer::Says([head.as_bytes(), &content[from..]].concat())
}

/// The answer, cut after so many bytes of its body.
pub(crate) fn broken(answer: Answer, after: usize) -> Answer {
    match answer {
        Answer::Says(says) => Answer::Breaks { says, after },
        other => other,
    }
}

/// A status without a body.
pub(crate) fn status(line: &str) -> Answer {
    Answer::Says(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes())
}
