//! `turncoat data fetch`, from a server on loopback: nothing here comes from outside.
//!
//! The files of Adult cannot stand in the repository, and only their content gets their names; so what is fetched whole needs the
//! folder of public data sets, and everything that goes wrong does not.

use std::fs;
use std::path::PathBuf;

use crate::server::{Answer, Request, Server, broken, part, status, whole};
use crate::support::{Ended, Place, data_folder};

const NAMES: [&str; 3] = ["adult.data", "adult.test", "adult.names"];

/// `turncoat data fetch adult` from a server, with little patience.
fn fetch(place: &Place, server: &Server, more: &[&str]) -> Ended {
    let from = format!("http://{}/adult", server.address);
    let usual = ["data", "fetch", "adult", "--data-dir", "data", "--retries", "1"];
    let mut command = place.turncoat(&[&usual[..], &["--from", &from], more].concat());
    for proxy in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    place.end(command)
}

fn partial(place: &Place) -> PathBuf {
    place.path("data/adult/adult.data.partial")
}

/// Nothing is left of a file that is known to be wrong.
fn nothing_is_left(place: &Place) {
    assert!(fs::read_dir(place.path("data/adult")).unwrap().next().is_none());
}

/// The three files, where they are.
fn adult() -> Option<[Vec<u8>; 3]> {
    let folder = data_folder()?.join("adult");
    let read = NAMES.map(|name| fs::read(folder.join(name)).ok());
    let [Some(data), Some(test), Some(names)] = read else { return None };
    Some([data, test, names])
}

macro_rules! adult {
    () => {
        match adult() {
            Some(files) => files,
            None => {
                println!("skipped: no folder of public data sets");
                return;
            }
        }
    };
}

#[test]
fn what_is_fetched_is_what_was_published() {
    let files = adult!();
    let place = Place::new();
    let server = Server::answering(files.each_ref().map(|file| whole(file, "")));
    let ended = fetch(&place, &server, &[]).ok();
    assert_eq!(ended.stdout.matches("SHA-256 ok  fetched").count(), 3, "{}", ended.stdout);
    assert!(ended.stderr.contains("--data-dir data") && !ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
    let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, NAMES.map(|name| format!("/adult/{name}")));
    for (name, content) in NAMES.iter().zip(&files) {
        assert!(fs::read(place.path("data/adult").join(name)).unwrap() == *content, "{name}");
    }
    // A second time there is nothing to do.
    let ended = fetch(&place, &server, &["--quiet"]).ok();
    assert_eq!(ended.stdout.matches("was there").count(), 3, "{}", ended.stdout);
    assert_eq!((server.requests().len(), ended.stderr.as_str()), (3, ""));
    place.run(&["data", "verify", "adult", "--data-dir", "data"]).ok();
    place.run(&["data", "describe", "--set", "data=adult", "--data-dir", "data"]).ok();
}

#[test]
fn a_server_that_dies_in_the_middle_is_asked_for_the_rest() {
    let [data, test, names] = adult!();
    let place = Place::new();
    let server = Server::answering([
        broken(whole(&data, "ETag: \"one\"\r\nLast-Modified: Sun, 22 Nov 2026 00:00:00 GMT\r\n"), 1_000_000),
        broken(part(&data, 1_000_000), 500_000),
        part(&data, 1_500_000),
        whole(&test, ""),
        whole(&names, ""),
    ]);
    fetch(&place, &server, &[]).ok();
    let requested: Vec<Request> = server.requests();
    assert_eq!((requested[0].header("range"), requested[0].header("if-range")), (None, None));
    assert_eq!(
        (requested[1].header("range"), requested[1].header("if-range")),
        (Some("bytes=1000000-"), Some("\"one\""))
    );
    assert_eq!(requested[2].header("range"), Some("bytes=1500000-"));
    assert!(fs::read(place.path("data/adult/adult.data")).unwrap() == data);
}

#[test]
fn a_download_that_was_given_up_goes_on_with_the_same_command() {
    let [data, test, names] = adult!();
    let place = Place::new();
    let server = Server::answering([broken(whole(&data, "ETag: W/\"weak\"\r\n"), 2_000_000)]);
    fetch(&place, &server, &[])
        .fails(3, &["2000000 bytes are kept, and the same command goes on from there"]);
    assert_eq!(fs::read(partial(&place)).unwrap().len(), 2_000_000);
    let server = Server::answering([part(&data, 2_000_000), whole(&test, ""), whole(&names, "")]);
    fetch(&place, &server, &[]).ok();
    // A weak tag says nothing about bytes.
    let first = &server.requests()[0];
    assert_eq!((first.header("range"), first.header("if-range")), (Some("bytes=2000000-"), None));
    assert!(!partial(&place).exists());
}

#[test]
fn a_server_without_ranges_sends_all_and_that_replaces_what_was_there() {
    let [data, test, names] = adult!();
    let place = Place::new();
    place.file("data/adult/adult.data.partial", "of another version");
    let server = Server::answering([whole(&data, ""), whole(&test, ""), whole(&names, "")]);
    fetch(&place, &server, &[]).ok();
    assert_eq!(server.requests()[0].header("range"), Some("bytes=18-"));
    assert!(fs::read(place.path("data/adult/adult.data")).unwrap() == data);
}

#[test]
fn redirects_are_followed() {
    let files = adult!();
    let place = Place::new();
    let home = Server::answering(files.each_ref().map(|file| whole(file, "")));
    let moved = |name: &str| {
        let to = format!("HTTP/1.1 302 Found\r\nLocation: http://{}/else/{name}\r\n", home.address);
        Answer::Says(format!("{to}Content-Length: 0\r\nConnection: close\r\n\r\n").into_bytes())
    };
    let server = Server::answering(NAMES.map(moved));
    fetch(&place, &server, &[]).ok();
    assert_eq!(home.requests()[0].path, "/else/adult.data");
}

#[test]
fn another_content_is_refused_and_nothing_is_kept_of_it() {
    let place = Place::new();
    // As long as the published file.
    let server = Server::answering([whole(&vec![b'x'; 3_974_305], "")]);
    fetch(&place, &server, &[]).fails(
        3,
        &[
            "/adult/adult.data is not the published file: its SHA-256 is ",
            "should be 5b00264637db",
            "--from URL",
        ],
    );
    nothing_is_left(&place);
    let server = Server::answering([whole(&vec![b'x'; 3_974_306], "")]);
    fetch(&place, &server, &[]).fails(3, &["sends more than the 3974305 bytes of the published file"]);
    nothing_is_left(&place);
}

#[test]
fn a_part_that_does_not_fit_is_thrown_away() {
    let place = Place::new();
    let of_another = "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\nContent-Range: bytes 3-4/5\r\nConnection: close\r\n\r\nxy";
    for answer in [Answer::Says(of_another.into()), status("416 Range Not Satisfiable")] {
        place.file("data/adult/adult.data.partial", "abc");
        let server = Server::answering([answer, status("503 Service Unavailable")]);
        fetch(&place, &server, &[]).fails(3, &["503", "0 bytes are kept"]);
        assert_eq!(server.requests()[1].header("range"), None);
        assert!(!partial(&place).exists());
    }
}

#[test]
fn what_asking_again_cannot_change_is_said_at_once() {
    let place = Place::new();
    let server = Server::answering([status("404 Not Found")]);
    fetch(&place, &server, &[])
        .fails(3, &["/adult/adult.data: the server answers 404; the file is not there"]);
    assert_eq!(server.requests().len(), 1);
    let server = Server::answering([status("403 Forbidden")]);
    fetch(&place, &server, &[]).fails(3, &["the server answers 403; try again later, or a mirror"]);
}

#[test]
fn what_may_pass_is_asked_again_but_not_for_ever() {
    let place = Place::new();
    let server = Server::answering([status("503 Service Unavailable"), status("429 Too Many Requests")]);
    fetch(&place, &server, &[]).fails(3, &["the server answers 429", "(2 attempts)"]);
    let server = Server::answering([Answer::Silence, Answer::Silence]);
    fetch(&place, &server, &["--timeout-ms", "200"]).fails(3, &["timeout", "(2 attempts)"]);
    assert_eq!(server.requests().len(), 2);
    // Nobody listens there any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let from = format!("http://{gone}");
    place
        .run(&["data", "fetch", "adult", "--from", &from, "--retries", "0"])
        .fails(3, &["(1 attempts); 0 bytes are kept"]);
}

#[test]
fn a_file_of_another_content_is_not_replaced_unasked() {
    let place = Place::new();
    place.file("data/adult/adult.data", "mine");
    let server = Server::answering([status("404 Not Found")]);
    let ended = fetch(&place, &server, &[]);
    ended.fails(3, &["data/adult/adult.data is there already", "it is 4 bytes long", "--force"]);
    assert_eq!(server.requests().len(), 0);
    fetch(&place, &server, &["--force"]).fails(3, &["404"]);
    assert_eq!(fs::read_to_string(place.path("data/adult/adult.data")).unwrap(), "mine");
}

#[test]
fn the_command_line_is_checked_before_anything_is_asked() {
    let place = Place::new();
    place.run(&["data", "fetch", "adult", "--from", "mirror/adult"]).fails(3, &["is no address of a mirror"]);
    place
        .run(&["data", "fetch", "mnist"])
        .fails(2, &["turncoat fetches adult alone, not mnist", "yann.lecun.com"]);
    place.run(&["data", "fetch", "iris"]).fails(2, &["inside turncoat"]);
    place.run(&["data", "fetch", "adlut"]).fails(2, &["did you mean `adult`?"]);
    assert!(!place.path("data").exists());
}

/// A network that wants a login answers every request with its page, and calls it a success.
#[test]
fn a_page_in_place_of_the_file_is_not_asked_for_for_ever() {
    let place = Place::new();
    let page = b"<html>please log in</html>";
    let said = || whole(page, "Content-Type: text/html\r\n");
    place.file("data/adult/adult.data.partial", "of the file");
    let server = Server::answering(std::iter::repeat_with(said).take(9));
    let reported =
        ["something else: 26 bytes of text/html, where the file has 3974305 bytes", "(2 attempts)"];
    fetch(&place, &server, &[]).fails(3, &reported);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(fs::read_to_string(partial(&place)).unwrap(), "of the file", "what was there is kept");
    // One that does not say how long it is ends as soon as nothing more comes of it.
    let chunked = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>please log in</html>".to_vec();
    let server = Server::answering(std::iter::repeat_n(Answer::Says(chunked), 9));
    fetch(&place, &server, &[]).fails(3, &["it ended after 26 of 3974305 bytes", "(2 attempts)"]);
    assert!(server.requests().len() <= 3);
}

#[test]
fn two_at_once_take_turns() {
    let place = Place::new();
    fs::create_dir_all(place.path("data/adult")).unwrap();
    let held = fs::File::open(place.path("data/adult")).unwrap();
    held.lock().unwrap();
    let server = Server::answering([status("404 Not Found")]);
    let from = format!("http://{}", server.address);
    let waiting = place.start(&["data", "fetch", "adult", "--data-dir", "data", "--from", &from]);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(server.requests().is_empty(), "it works in a folder that another one works in");
    drop(held);
    waiting.wait().fails(3, &["another turncoat fetches into data/adult; waiting for it", "404"]);
}

#[test]
fn two_at_once_fetch_each_file_once() {
    let files = adult!();
    let place = Place::new();
    let server = Server::answering(files.each_ref().map(|file| whole(file, "")));
    let from = format!("http://{}", server.address);
    let both =
        [(); 2].map(|()| place.start(&["data", "fetch", "adult", "--data-dir", "data", "--from", &from]));
    for one in both {
        one.wait().ok();
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_proxy_that_is_none_is_named_and_an_empty_one_is_none() {
    let place = Place::new();
    let server = Server::answering([status("404 Not Found")]);
    let through = |value: &str| {
        let from = format!("http://{}/adult", server.address);
        let usual = ["data", "fetch", "adult", "--data-dir", "data", "--retries", "0", "--from", &from];
        let mut command = place.turncoat(&usual);
        for proxy in
            ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"]
        {
            command.env_remove(proxy);
        }
        command.env("HTTP_PROXY", value).env("ALL_PROXY", "");
        place.end(command)
    };
    through("http://").fails(74, &["HTTP_PROXY names no proxy", "give http://HOST:PORT, or unset it"]);
    through("socks5://127.0.0.1:1").fails(74, &["HTTP_PROXY names no proxy", "SOCKS"]);
    let reported = through("http://me:secret@127.0.0.1:1")
        .fails(3, &["through the proxy 127.0.0.1:1 that HTTP_PROXY names"]);
    assert!(!reported.stderr.contains("secret"), "{}", reported.stderr);
    assert!(server.requests().is_empty());
    through("").fails(3, &["404"]);
}
