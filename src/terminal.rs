//! What is said on the terminal: results on standard output, everything else on standard error, where it never tears a
//! progress bar that is being drawn. Colour stands on terminals alone, and neither where NO_COLOR is set nor where
//! CLICOLOR is 0.

use std::io::{self, Write};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::builder::Styles;
use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use serde::Serialize;

use crate::error::Error;
use crate::visible;

/// What is being drawn on standard error; it draws nothing where that is no terminal.
static BARS: LazyLock<MultiProgress> = LazyLock::new(|| MultiProgress::with_draw_target(Narrow::target()));

/// Standard error, told to be a little narrower than it is. A bar fills its line, and `^C`, which the terminal writes behind it,
/// would break that line: what stands above the break would then stay for ever.
#[derive(Debug)]
struct Narrow(Term);

/// The columns that are left for what is typed.
const ROOM: u16 = 6;
/// Drawn at most so often a second.
const RATE: u8 = 20;

impl Narrow {
    fn target() -> ProgressDrawTarget {
        let term = Term::buffered_stderr();
        if !term.is_term() {
            return ProgressDrawTarget::hidden();
        }
        ProgressDrawTarget::term_like_with_hz(Box::new(Self(term)), RATE)
    }
}

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(ROOM)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

/// How often a bar moves.
const TICK: Duration = Duration::from_millis(120);

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The colours of help and of mistakes on the command line.
pub(crate) fn styles() -> Styles {
    Styles::styled()
        .header(Style::new().bold())
        .usage(Style::new().bold())
        .literal(AnsiColor::Cyan.on_default())
        .error(ERROR)
        .valid(AnsiColor::Green.on_default())
        .invalid(AnsiColor::Yellow.on_default())
}

/// Whether standard error takes colours.
pub(crate) fn colours() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Results. A closed pipe takes what it wants of them.
///
/// # Errors
/// [`Error::Environment`] when they cannot be written for another reason: whoever keeps them must know that they are not whole.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    let written = BARS.suspend(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(visible::text(text).as_bytes()).and_then(|()| stdout.flush())
    });
    arrived(written)
}

/// What becomes of a command whose results were written, or were not.
///
/// # Errors
/// As [`print()`].
pub(crate) fn arrived(written: io::Result<()>) -> Result<(), Error> {
    match written {
        Err(source) if source.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::refused("write the results to", Path::new("standard output"), &source))
        }
        _ => Ok(()),
    }
}

/// Results as one JSON document, written as it comes: some are much larger than what they tell of.
///
/// # Errors
/// As [`print()`].
pub(crate) fn print_json(document: &impl Serialize) -> Result<(), Error> {
    let written = BARS.suspend(|| {
        let mut shown = JsonWriter { out: io::stdout().lock(), pending: String::new() };
        serde_json::to_writer_pretty(&mut shown, document)?;
        shown.write_all(b"\n").and_then(|()| shown.flush()).map_err(serde_json::Error::io)
    });
    match written {
        Err(error) if !error.is_io() => {
            Err(Error::Bug(format!("the answer cannot be written as JSON: {error}")))
        }
        written => arrived(written.map_err(io::Error::from)),
    }
}

/// Where a JSON document goes that `serde_json` writes, which gives its texts in whole letters.
struct JsonWriter<W> {
    out: W,
    pending: String,
}

/// Bytes that are gathered before they are written.
const PENDING: usize = 1 << 16;

impl<W: Write> Write for JsonWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.pending.push_str(&String::from_utf8_lossy(buffer));
        if self.pending.len() >= PENDING {
            self.flush()?;
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(visible::json(&self.pending).as_bytes())?;
        self.pending.clear();
        self.out.flush()
    }
}

/// Results that are a JSON document already.
///
/// # Errors
/// As [`print()`].
pub(crate) fn print_document(json: &str) -> Result<(), Error> {
    // What is left is shown as it stands.
    print(&visible::json(json))
}

/// A line for whoever watches, unless nothing but results is wanted. Nobody reading is no reason to stop.
pub(crate) fn note(quiet: bool, text: &str) {
    if !quiet {
        let _ = BARS.suspend(|| writeln!(anstream::stderr(), "{}", visible::text(text)));
    }
}

/// The message with which a command ends.
pub(crate) fn complain(error: &Error) {
    match error {
        Error::Degraded(_) => note(false, &error.to_string()),
        _ => say_error(&error.to_string()),
    }
}

/// A message of what went wrong. Nobody reading it changes nothing about the exit code.
pub(crate) fn say_error(message: &str) {
    let message = visible::text(message);
    let _ = BARS.suspend(|| writeln!(anstream::stderr(), "{ERROR}error:{ERROR:#} {message}"));
}

/// Standard error for whole lines that are written elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LineWriter {
    /// Plain text.
    Plain,
    /// Text with colours of ours.
    Coloured,
    /// JSON objects.
    Json,
}

impl Write for LineWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(buffer);
        let shown = match self {
            Self::Plain => visible::text(&text),
            Self::Coloured => visible::coloured(&text),
            Self::Json => visible::json(&text),
        };
        BARS.suspend(|| io::stderr().write_all(shown.as_bytes()))?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Takes away whatever is being drawn.
pub(crate) fn clear() {
    let _ = BARS.clear();
}

/// Something that moves in the last line of a terminal and is gone when it is dropped. Elsewhere there is nothing.
#[derive(Debug)]
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar over `total` parts, called `unit` in the plural.
    pub(crate) fn over(total: u64, unit: &str, quiet: bool) -> Self {
        Self::new(
            ProgressBar::new(total),
            &format!("{{spinner}} {{pos}}/{{len}} {unit} {{bar:20}} {{elapsed}} {{wide_msg}}"),
            quiet,
        )
    }

    /// A bar over bytes.
    pub(crate) fn over_bytes(total: u64, quiet: bool) -> Self {
        let template = "{spinner} {bytes}/{total_bytes} {bar:20} {bytes_per_sec} {wide_msg}";
        Self::new(ProgressBar::new(total), template, quiet)
    }

    /// Something whose end cannot be foreseen.
    pub(crate) fn spinner(doing: &str, quiet: bool) -> Self {
        let bar = Self::new(ProgressBar::new_spinner(), "{spinner} {wide_msg}", quiet);
        bar.says(doing);
        bar
    }

    fn new(bar: ProgressBar, template: &str, quiet: bool) -> Self {
        if quiet {
            return Self(None);
        }
        let bar = BARS.add(bar);
        // The template parses; without it the default style serves.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(Some(bar))
    }

    /// What is being done, as far as the line has room for it.
    pub(crate) fn says(&self, text: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(visible::line(text).into_owned());
        }
    }

    /// So many more parts are done.
    pub(crate) fn moves(&self, parts: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(parts);
        }
    }

    /// So many parts are done in all.
    pub(crate) fn stands_at(&self, parts: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(parts);
        }
    }

    /// Takes it away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
            BARS.remove(bar);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}
