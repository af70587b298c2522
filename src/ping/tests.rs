use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::{Ping, PingError, Pings, Signal, address_of, root_of};
use crate::config::Settings;

fn ping(address: &str) -> Ping {
    let settings =
        Settings::parse(&format!("[schedule]\nping = \"{address}\"\n")).expect("settings");
    Ping::of(&settings).expect("an address")
}

/// A server that answers so many requests, and gives back their first lines.
fn server(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/uuid", listener.local_addr().expect("an address"));
    let served = std::thread::spawn(move || {
        let mut lines = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let mut request = String::new();
            reader.read_line(&mut request).expect("a line");
            let mut header = String::new();
            while reader.read_line(&mut header).expect("a line") > 2 {
                header.clear();
            }
            lines.push(request.trim_end().to_owned());
            let answer =
                format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("answered");
        }
        lines
    });
    (address, served)
}

#[test]
fn a_night_is_told_in_order() {
    let (address, served) = server(&["200 OK", "200 OK"]);
    Pings::begin(Some(ping(&address))).end(Signal::Failure);
    assert_eq!(
        served.join().expect("served"),
        ["GET /uuid/start HTTP/1.1", "GET /uuid/fail HTTP/1.1"]
    );
    Pings::begin(None).end(Signal::Success);
}

#[test]
fn success_is_the_address_itself() {
    let (address, served) = server(&["200 OK"]);
    ping(&address).send(Signal::Success).expect("heard");
    assert_eq!(served.join().expect("served"), ["GET /uuid HTTP/1.1"]);
}

#[test]
fn a_suffix_goes_to_the_path() {
    let address = "https://ping.example.org/a/?token=b";
    assert_eq!(
        address_of(address, Signal::Start),
        "https://ping.example.org/a/start?token=b"
    );
    assert_eq!(address_of(address, Signal::Success), address);
}

#[test]
fn what_went_wrong_is_told_without_the_address() {
    let (address, served) = server(&["404 Not Found"]);
    let error = ping(&address).send(Signal::Success).expect_err("refused");
    assert_eq!(error, PingError::Status(404));
    served.join().expect("served");
    // Nobody listens there any more.
    let error = ping(&address).send(Signal::Success).expect_err("refused");
    assert!(matches!(error, PingError::Connection(_)), "{error:?}");
    assert!(!format!("{error} {error:?} {:?}", ping(&address)).contains("uuid"));
}

#[test]
fn reaching_the_server_tells_it_nothing() {
    let (address, served) = server(&["404 Not Found"]);
    ping(&address).reach().expect("it answers");
    assert_eq!(served.join().expect("served"), ["GET / HTTP/1.1"]);
    assert!(ping(&address).reach().is_err());
    for (address, root) in [
        (
            "https://ping.example.org/a/b?c",
            "https://ping.example.org/",
        ),
        (
            "https://ping.example.org:8443?c=/",
            "https://ping.example.org:8443/",
        ),
        ("https://ping.example.org", "https://ping.example.org/"),
    ] {
        assert_eq!(root_of(address), root);
    }
}
