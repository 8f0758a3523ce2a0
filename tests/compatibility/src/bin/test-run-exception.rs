//! A step program that says hello and then that it cannot go on. It speaks the protocol itself:
//! `bdd_steps::worker` has no reason to fail.

use std::env;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;

use bdd_protocol::{Definition, FromWorker, Hello, VERSION};

fn main() -> io::Result<()> {
    let socket = env::var_os("BDD_SOCKET")
        .ok_or_else(|| io::Error::other("this is a step program; run it with `bdd run`"))?;
    let mut runner = UnixStream::connect(socket)?;
    let hello = Hello {
        protocol: VERSION,
        language: "rust".to_owned(),
        hash: "one definition".to_owned(),
        definitions: vec![Definition {
            keyword: "given".to_owned(),
            kind: "cucumber_expression".to_owned(),
            pattern: "a step".to_owned(),
            file: file!().to_owned(),
            line: line!(),
            function: "step".to_owned(),
            ..Definition::default()
        }],
        ..Hello::default()
    };
    runner.write_all(&FromWorker::Hello(Box::new(hello)).to_line())?;
    let error = FromWorker::Error {
        message: "Whoops!".to_owned(),
        detail: String::new(),
    };
    runner.write_all(&error.to_line())
}
