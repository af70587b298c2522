//! The dead man's switch hears of each night, over HTTP on this machine and over HTTPS elsewhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use rustls::{ServerConnection, StreamOwned};

use crate::authority::Certified;
use crate::folder::{program, text};
use crate::service::sample_with;

/// Answers a request and gives back its path.
fn answer(stream: impl Read + Write) -> String {
    let mut stream = BufReader::new(stream);
    let mut lines = stream.by_ref().lines();
    let request = lines.next().unwrap().unwrap();
    let headers: Vec<String> = lines
        .map(Result::unwrap)
        .take_while(|line| !line.is_empty())
        .collect();
    // Nothing of the programme goes with it.
    let sent = headers.concat().to_lowercase();
    assert!(
        !sent.contains("content-length: ") || sent.contains("content-length: 0"),
        "{sent}"
    );
    let stream = stream.get_mut();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    stream.flush().unwrap();
    request.split(' ').nth(1).unwrap().to_owned()
}

/// Answers so many requests and gives back their paths.
fn listen(requests: usize) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/token", listener.local_addr().unwrap());
    let one = move |_| answer(listener.accept().unwrap().0);
    let paths = std::thread::spawn(move || (0..requests).map(one).collect());
    (address, paths)
}

#[test]
fn a_night_is_told_to_the_dead_mans_switch() {
    let (address, paths) = listen(2);
    let folder = sample_with(&format!("ping = \"{address}\""));
    let output = program().arg("run").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(paths.join().unwrap(), ["/token/start", "/token"]);
    // Nobody listens any more: the night is done all the same. And a pretended day is told to nobody.
    let output = program().arg("run").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert!(
        said.contains("schedule.ping could not be told") && !said.contains("token"),
        "{said}"
    );
    let output = folder.run("run", &[]);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_night_that_stops_is_told_too() {
    let (address, paths) = listen(2);
    let folder = sample_with(&format!("ping = \"{address}\""));
    folder.file("adherents.xlsx", b"not a workbook");
    let output = program().arg("run").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(paths.join().unwrap(), ["/token/start", "/token/fail"]);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "Windows keeps its authorities in a store of its own"
)]
fn over_https_only_a_server_that_the_machine_trusts_is_told() {
    let certified = Certified::new("localhost");
    let config = certified.config();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = sample_with(&format!("ping = \"https://localhost:{port}/token\""));
    let authority = folder.file("authority.pem", certified.authority.as_bytes());
    let served = std::thread::spawn(move || {
        let accept = || {
            let session = ServerConnection::new(config.clone()).unwrap();
            let stream = StreamOwned::new(session, listener.accept().unwrap().0);
            answer(stream)
        };
        [accept(), accept()]
    });
    let output = program()
        .arg("run")
        .arg(folder.path())
        .env("SSL_CERT_FILE", authority)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
    assert_eq!(served.join().unwrap(), ["/token/start", "/token"]);

    // The same server, which this machine does not know: nothing is told, the night is done.
    let config = certified.config();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let refused = std::thread::spawn(move || {
        let session = ServerConnection::new(config).unwrap();
        let mut stream = StreamOwned::new(session, listener.accept().unwrap().0);
        stream.read(&mut [0; 64]).is_err()
    });
    let output = program().arg("run").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert!(said.contains("can't be protected (TLS)"), "{said}");
    assert!(!said.contains("token"), "{said}");
    assert!(refused.join().unwrap());
}
