//! A custom runtime without a library: it answers each event with the event.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

fn main() -> std::io::Result<()> {
    let api = env::var("AWS_LAMBDA_RUNTIME_API").expect("the platform sets it");
    let mut connection = BufReader::new(TcpStream::connect(&api)?);
    loop {
        let (headers, event) = ask(&mut connection, &api, "GET", "next", "")?;
        let id = headers
            .iter()
            .find_map(|line| line.strip_prefix("lambda-runtime-aws-request-id:"))
            .expect("each event has one");
        let answer = format!(r#"{{"compiled": {event}}}"#);
        ask(&mut connection, &api, "POST", &format!("{}/response", id.trim()), &answer)?;
    }
}

fn ask(
    connection: &mut BufReader<TcpStream>,
    host: &str,
    method: &str,
    path: &str,
    body: &str,
) -> std::io::Result<(Vec<String>, String)> {
    let length = body.len();
    write!(
        connection.get_mut(),
        "{method} /2018-06-01/runtime/invocation/{path} HTTP/1.1\r\nHost: {host}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        connection.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        headers.push(line);
    }
    let size = headers
        .iter()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |text| text.trim().parse().expect("a number"));
    let mut content = vec![0; size];
    connection.read_exact(&mut content)?;
    Ok((headers, String::from_utf8(content).expect("JSON is UTF-8")))
}
