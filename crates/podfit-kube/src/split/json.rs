use super::{
    DEPTH_MAX, Found, Head, List, OBJECT_BYTES_MAX, Piece, Rest, Sink, Start, Stop, Syntax, between,
};
use std::io::Read;

const CHUNK_BYTES: usize = 256 << 10;

/// Cuts JSON: one object, a list, a bare array, or any number of these one after another.
pub(crate) fn json(input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut w =
        Window { input, buf: Vec::new(), pos: 0, keep: None, at_end: false, lines: 0, column: 0 };
    while let Some(byte) = w.peek_token()? {
        let more = match byte {
            b'{' => object(&mut w, sink)?,
            b'[' => {
                let head = Head::default();
                let list = List { head: &head, rest: Rest::Closed };
                items(&mut w, sink, &head)? && sink(Found::ListEnd(list))
            }
            _ => return Err(w.no_object()?),
        };
        if !more {
            break;
        }
    }
    Ok(())
}

/// An outermost object: its items if it has some, else itself.
fn object(w: &mut Window<'_>, sink: &mut Sink<'_>) -> Result<bool, Stop> {
    let mut head = Head::default();
    let mut is_list = false;
    w.keep = Some(w.pos);
    w.pos += 1;
    if w.token("an object")? == b'}' {
        w.pos += 1;
    } else {
        loop {
            let key = w.key()?;
            let value = w.token("an object")?;
            if key == Key::Items && value == b'[' {
                is_list = true;
                w.keep = None;
                if !items(w, sink, &head)? {
                    return Ok(false);
                }
            } else {
                let text = w.value_text(key)?;
                match key {
                    Key::Kind => head.kind = text.or(head.kind),
                    Key::ApiVersion => head.api_version = text.or(head.api_version),
                    Key::SnakeCase => head.snake_case = true,
                    Key::Items | Key::Other => {}
                }
            }
            match w.token("an object")? {
                b',' => w.pos += 1,
                b'}' => {
                    w.pos += 1;
                    break;
                }
                _ => return Err(w.syntax("expected , or }")),
            }
            if w.token("an object")? != b'"' {
                return Err(w.syntax("expected a key in quotes"));
            }
        }
    }
    if is_list {
        return Ok(sink(Found::ListEnd(List { head: &head, rest: Rest::Closed })));
    }
    let from = w.keep.take().unwrap_or(w.pos);
    Ok(sink(Found::Object(w.piece(from, None, &Head::default()))))
}

/// The elements of an array; the opening bracket is next.
fn items(w: &mut Window<'_>, sink: &mut Sink<'_>, head: &Head) -> Result<bool, Stop> {
    w.pos += 1;
    if w.token("a list")? == b']' {
        w.pos += 1;
        return Ok(true);
    }
    for index in 0.. {
        w.token("a list")?;
        w.keep = Some(w.pos);
        w.skip_value().map_err(|stop| match stop.code {
            "truncated" => Stop { cause: format!("{} (in items[{index}])", stop.cause), ..stop },
            _ => stop,
        })?;
        let from = w.keep.take().unwrap_or(w.pos);
        if !sink(Found::Object(w.piece(from, Some(index), head))) {
            return Ok(false);
        }
        match w.token("a list")? {
            b',' => w.pos += 1,
            b']' => break,
            _ => return Err(w.syntax("expected , or ]")),
        }
    }
    w.pos += 1;
    Ok(true)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Kind,
    ApiVersion,
    /// `api_version`.
    SnakeCase,
    Items,
    Other,
}

/// The part of the input that is in memory. Bytes before `keep` (or `pos`) may be dropped at any refill.
struct Window<'r> {
    input: &'r mut dyn Read,
    buf: Vec<u8>,
    pos: usize,
    keep: Option<usize>,
    at_end: bool,
    lines: u64,
    column: u64,
}

/// Bytes that end a run of plain text inside an object.
static STRUCTURAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'{' as usize] = true;
    table[b'}' as usize] = true;
    table[b'[' as usize] = true;
    table[b']' as usize] = true;
    table
};

impl Window<'_> {
    fn piece<'a>(&'a self, from: usize, index: Option<u64>, head: &'a Head) -> Piece<'a> {
        let start = Start { lines: self.lines, column: self.column, before: &self.buf[..from] };
        let text = &self.buf[from..self.pos];
        Piece { text, syntax: Syntax::Json, start, index, head, unended: false }
    }

    fn stop(&self, code: &'static str, cause: impl Into<String>, fix: &'static str) -> Stop {
        let before = &self.buf[..self.pos.min(self.buf.len())];
        let (line, column) = Start { lines: self.lines, column: self.column, before }.line_column();
        Stop { code, line, column, cause: cause.into(), fix }
    }

    /// What stands where an object should begin.
    fn no_object(&mut self) -> Result<Stop, Stop> {
        const LINE_BYTES_MAX: usize = 256;
        while self.buf.len() - self.pos < LINE_BYTES_MAX && self.more()? {}
        let rest = &self.buf[self.pos..];
        let line = rest.split(|&b| b == b'\n').next().unwrap_or(rest);
        Ok(match between(&line[..line.len().min(LINE_BYTES_MAX)]) {
            Some((code, cause, fix)) => self.stop(code, cause, fix),
            None => self.syntax("expected { or ["),
        })
    }

    fn syntax(&self, cause: &str) -> Stop {
        self.stop("syntax", format!("not JSON: {cause}"), "mend the JSON, or print it again")
    }

    /// Reads on; false at the end of the input.
    fn more(&mut self) -> Result<bool, Stop> {
        if self.at_end {
            return Ok(false);
        }
        let drop = self.keep.unwrap_or(self.pos).min(self.buf.len());
        let start = Start { lines: self.lines, column: self.column, before: &self.buf[..drop] };
        let (line, column) = start.line_column();
        (self.lines, self.column) = (line - 1, column - 1);
        self.buf.drain(..drop);
        self.pos -= drop;
        self.keep = self.keep.map(|_| 0);
        if self.buf.len() > OBJECT_BYTES_MAX {
            return Err(self.stop(
                "object-too-large",
                "one object is larger than 64 MiB",
                "give the objects as the items of a list, as kubectl prints them",
            ));
        }
        let got = self.input.take(CHUNK_BYTES as u64).read_to_end(&mut self.buf).map_err(|e| {
            self.stop("unreadable", format!("reading failed: {e}"), "check the file")
        })?;
        self.at_end = got == 0;
        Ok(got > 0)
    }

    fn must_have_more(&mut self, what: &str) -> Result<(), Stop> {
        if self.more()? {
            return Ok(());
        }
        Err(self.stop(
            "truncated",
            format!("the JSON ends inside {what}"),
            "the file is cut off: print it again",
        ))
    }

    /// The next byte that is not blank, not yet taken; `None` at the end.
    fn peek_token(&mut self) -> Result<Option<u8>, Stop> {
        let mut blanks = 0;
        loop {
            let rest = &self.buf[self.pos..];
            match rest.iter().position(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t')) {
                Some(i) => {
                    self.pos += i;
                    return Ok(Some(self.buf[self.pos]));
                }
                None => {
                    blanks += rest.len();
                    self.pos = self.buf.len();
                    // A pipe may give blanks for ever.
                    if blanks > OBJECT_BYTES_MAX {
                        let fix = "check the command that wrote it";
                        return Err(self.stop(
                            "object-too-large",
                            "more than 64 MiB of blanks",
                            fix,
                        ));
                    }
                    if !self.more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn token(&mut self, what: &str) -> Result<u8, Stop> {
        match self.peek_token()? {
            Some(byte) => Ok(byte),
            None => {
                self.must_have_more(what)?;
                self.token(what)
            }
        }
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<Key, Stop> {
        if self.token("an object")? != b'"' {
            return Err(self.syntax("expected a key in quotes"));
        }
        let text = self.kept_value()?;
        let key = match text.as_slice() {
            b"\"kind\"" => Key::Kind,
            b"\"apiVersion\"" => Key::ApiVersion,
            b"\"api_version\"" => Key::SnakeCase,
            b"\"items\"" => Key::Items,
            _ => Key::Other,
        };
        if self.token("an object")? != b':' {
            return Err(self.syntax("expected :"));
        }
        self.pos += 1;
        Ok(key)
    }

    /// Skips a value; its text if the key is one of those that matter and it is a string.
    fn value_text(&mut self, key: Key) -> Result<Option<String>, Stop> {
        if matches!(key, Key::Other | Key::SnakeCase | Key::Items) {
            self.skip_value()?;
            return Ok(None);
        }
        let text = self.kept_value()?;
        Ok(serde_json::from_slice(&text).ok())
    }

    /// Skips a value and gives its bytes (of strings only: nothing else is asked for).
    fn kept_value(&mut self) -> Result<Vec<u8>, Stop> {
        let outer = self.keep;
        // What the outer object keeps starts before this value, so positions are counted from its end.
        self.keep.get_or_insert(self.pos);
        let kept = self.keep.unwrap_or(self.pos);
        let offset = self.pos - kept;
        self.skip_value()?;
        let from = self.keep.unwrap_or(0) + offset;
        let text = self.buf[from..self.pos].to_vec();
        if outer.is_none() {
            self.keep = None;
        }
        Ok(text)
    }

    fn skip_value(&mut self) -> Result<(), Stop> {
        match self.token("a value")? {
            b'{' | b'[' => self.skip_container(),
            b'"' => self.skip_string(),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.skip_scalar(),
            _ => Err(self.syntax("expected a value")),
        }
    }

    fn skip_scalar(&mut self) -> Result<(), Stop> {
        loop {
            let rest = &self.buf[self.pos..];
            let end = rest
                .iter()
                .position(|b| !matches!(b, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E'));
            match end {
                Some(i) => {
                    self.pos += i;
                    return Ok(());
                }
                None => {
                    self.pos = self.buf.len();
                    if !self.more()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), Stop> {
        self.pos += 1;
        loop {
            match memchr::memchr2(b'"', b'\\', &self.buf[self.pos..]) {
                Some(i) if self.buf[self.pos + i] == b'"' => {
                    self.pos += i + 1;
                    return Ok(());
                }
                Some(i) => {
                    self.pos += i + 1;
                    if self.pos == self.buf.len() {
                        self.must_have_more("a string")?;
                    }
                    self.pos += 1;
                }
                None => {
                    self.pos = self.buf.len();
                    self.must_have_more("a string")?;
                }
            }
        }
    }

    fn skip_container(&mut self) -> Result<(), Stop> {
        let mut depth = 0;
        loop {
            let rest = &self.buf[self.pos..];
            let Some(i) = rest.iter().position(|&b| STRUCTURAL[usize::from(b)]) else {
                self.pos = self.buf.len();
                self.must_have_more("an object")?;
                continue;
            };
            self.pos += i;
            match self.buf[self.pos] {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.pos += 1;
                    if depth > DEPTH_MAX {
                        return Err(self.stop(
                            "too-deep",
                            format!("nested more than {DEPTH_MAX} deep"),
                            "Kubernetes objects are not: check the input",
                        ));
                    }
                }
                _ => {
                    depth -= 1;
                    self.pos += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }
}
