//! The page in a real browser: it renders without a word on the console, its figures are those of report.json, and it can be read
//! 400 and 1400 pixels wide, in light and dark, with whatever fonts a machine has. Skipped where there is no chromium.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "tests say what they skip")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::{Place, SMALL, TARGETS, report, word};

/// Asks a page that is shown in a frame of some width what a reader would see.
const PROBE: &str = r#"<!DOCTYPE html><iframe id="page" src="SOURCE" style="width:WIDTHpx;height:900px;border:0"></iframe>
<pre id="told"></pre><script>
document.getElementById('page').onload = () => {
  const page = document.getElementById('page').contentDocument, root = page.documentElement;
  const visible = svg => svg.getBoundingClientRect().width > 0;
  const charts = [...page.querySelectorAll('svg')].filter(visible);
  const outside = [], small = [], widths = [];
  for (const svg of charts) {
    const frame = svg.getBoundingClientRect(), scale = frame.width / svg.viewBox.baseVal.width;
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      // Letters that no font has are not drawn.
      if (!box.width || !box.height) continue;
      widths.push(Math.round((text.hasAttribute('transform') ? box.height : box.width) / frame.width * svg.width.baseVal.value));
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        outside.push(svg.getAttribute('aria-label') + ': ' + text.textContent);
      if (parseFloat(text.getAttribute('font-size')) * scale < 10.5) small.push(text.textContent);
    }
  }
  const figures = [...page.querySelectorAll('[data-result]')].map(cell => [cell.dataset.result, cell.dataset.figure, cell.dataset.value]);
  const colour = getComputedStyle(page.body);
  const unnamed = charts.filter(svg => svg.getAttribute('role') != 'img' || !svg.getAttribute('aria-label') || !svg.querySelector('title'));
  document.getElementById('told').textContent = 'TOLD' + JSON.stringify({
    client: root.clientWidth, scroll: root.scrollWidth, charts: charts.length, outside, small, widths, figures, unnamed: unnamed.length,
    background: colour.backgroundColor, ink: getComputedStyle(page.querySelector('svg text')).fill,
    scripts: page.scripts.length, requests: performance.getEntriesByType('resource').length,
    fetched: document.getElementById('page').contentWindow.performance.getEntriesByType('resource').map(entry => entry.name),
  }) + 'TOLD';
};
</script>"#;

fn chromium() -> Option<PathBuf> {
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = names.iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: there is no chromium to look at the page with");
    }
    found
}

/// Runs the browser on a file and returns what it prints, and what it says on the console.
fn browse(chromium: &Path, place: &Place, arguments: &[&str], file: &Path) -> (String, String) {
    browse_with(&Fonts::of_the_machine(), chromium, place, arguments, file)
}

/// How often a browser is started that ends without having shown its page.
const BROWSER_STARTS: usize = 3;

/// The fonts that a browser finds.
struct Fonts {
    name: &'static str,
    /// The settings of fontconfig; none for those of the machine.
    settings: Option<PathBuf>,
}

impl Fonts {
    fn of_the_machine() -> Self {
        Self { name: "the machine's", settings: None }
    }

    /// Those of the machine, each of two common packages alone, and none at all.
    fn all(place: &Place) -> Vec<Self> {
        let mut all = vec![Self::of_the_machine()];
        for name in ["noto", "dejavu", "none"] {
            let folder = Path::new("/usr/share/fonts/truetype").join(name);
            if name != "none" && !folder.exists() {
                println!("skipped: there are no fonts in {}", folder.display());
                continue;
            }
            let settings = format!(
                "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>{}</dir><cachedir>{}\
                 </cachedir></fontconfig>",
                folder.display(),
                place.path(&format!("cache-{name}")).display()
            );
            let settings = place.file(&format!("fonts-{name}.conf"), settings);
            all.push(Self { name, settings: Some(settings) });
        }
        all
    }
}

fn browse_with(
    fonts: &Fonts,
    chromium: &Path,
    place: &Place,
    arguments: &[&str],
    file: &Path,
) -> (String, String) {
    // Without any font chromium itself now and then ends before it has shown a page, which tells nothing of the page.
    let mut output = browsed(fonts, chromium, place, arguments, file);
    for _ in 1..BROWSER_STARTS {
        let shown = !arguments.contains(&"--dump-dom") || !output.stdout.trim_ascii().is_empty();
        if output.status.success() && shown {
            break;
        }
        output = browsed(fonts, chromium, place, arguments, file);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let console: Vec<&str> = said.lines().filter(|line| line.contains("CONSOLE")).collect();
    (String::from_utf8(output.stdout).unwrap(), console.join("\n"))
}

fn browsed(fonts: &Fonts, chromium: &Path, place: &Place, arguments: &[&str], file: &Path) -> Output {
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new(chromium);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--hide-scrollbars", "--allow-file-access-from-files", "--enable-logging=stderr", "--v=0"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", file.display()))
        .env("TMPDIR", place.path("tmp"))
        .stdin(Stdio::null());
    if let Some(settings) = &fonts.settings {
        command.env("FONTCONFIG_FILE", settings);
    }
    command.output().unwrap()
}

/// What a reader of the page sees in a window of some width.
fn seen(chromium: &Path, place: &Place, page: &Path, width: u32, dark: bool) -> Value {
    seen_with(&Fonts::of_the_machine(), chromium, place, page, width, dark)
}

fn seen_with(fonts: &Fonts, chromium: &Path, place: &Place, page: &Path, width: u32, dark: bool) -> Value {
    let probe = PROBE.replace("SOURCE", word(page)).replace("WIDTH", &width.to_string());
    let file = place.file(&format!("probe-{width}.html"), probe);
    let scheme = if dark {
        "--blink-settings=preferredColorScheme=0"
    } else {
        "--blink-settings=preferredColorScheme=1"
    };
    let (dom, console) =
        browse_with(fonts, chromium, place, &["--dump-dom", "--window-size=1500,1000", scheme], &file);
    assert_eq!(console, "", "{width} wide");
    let reported = dom.split("TOLD").nth(1).unwrap_or_else(|| panic!("the page was not looked at:\n{dom}"));
    serde_json::from_str(&reported.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).unwrap()
}

/// Holds every figure in the page against the report.
fn assert_figures(seen: &Value, report: &Value) {
    let figures = seen["figures"].as_array().unwrap();
    for figure in figures {
        let [place, name, value] = [0, 1, 2].map(|part| figure[part].as_str().unwrap());
        let result = &report["results"][place.parse::<usize>().unwrap()];
        let expected = name.split('.').fold(result, |value, part| &value[part]);
        let expected = expected.get("mean").unwrap_or(expected);
        match expected {
            Value::Null => assert_eq!(value, "null", "result {place}: {name}"),
            expected => assert_eq!(value.parse::<f64>().ok(), expected.as_f64(), "result {place}: {name}"),
        }
    }
    for (place, result) in report["results"].as_array().unwrap().iter().enumerate() {
        let membership = result["question"] == "membership";
        let names = [
            "precision",
            "accuracy",
            "recall",
            "prior_only.precision",
            "prior_only.accuracy",
            "over_prior.accuracy",
            "chance",
        ];
        let ranked = ["auc", "advantage", "tpr_at_fpr_1pct", "tpr_at_fpr_0_1pct", "smallest_fpr"];
        for name in names.iter().chain(ranked.iter().filter(|_| membership)) {
            let is = |figure: &&Value| figure[0] == place.to_string().as_str() && figure[1] == *name;
            assert_eq!(figures.iter().filter(is).count(), 1, "result {place}: {name}");
        }
    }
}

fn assert_legible(seen: &Value, width: u64) {
    assert_eq!(seen["client"], width);
    assert_eq!(seen["scroll"], width, "the page is wider than its window");
    for empty in ["outside", "small"] {
        assert_eq!(seen[empty], serde_json::json!([]), "{empty}, {width} wide");
    }
    assert_eq!((&seen["unnamed"], &seen["scripts"]), (&0.into(), &0.into()));
    assert_eq!(seen["fetched"], serde_json::json!([]));
}

#[test]
fn a_federations_page_in_a_browser() {
    let Some(chromium) = chromium() else { return };
    let place = Place::new();
    let more = "boundaries: {features: [f1, f2], grid: 15}\nlaunch: {mode: in_process}\n";
    place.file("small.yaml", format!("{SMALL}{more}"));
    place.run(&["run", "small.yaml", "--out", "out", "--quiet", "--set", "repeats=4"]).ok();
    let page = place.path("out/report.html");
    let html = fs::read(&page).unwrap();
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
    let report = report(&place.path("out"));

    let narrow = seen(&chromium, &place, &page, 400, false);
    assert_legible(&narrow, 400);
    assert_figures(&narrow, &report);
    let wide = seen(&chromium, &place, &page, 1400, true);
    assert_legible(&wide, 1400);
    assert_eq!(narrow["charts"], wide["charts"]);
    // Light letters on dark paper, and the other way round, in charts as in the text.
    assert_eq!(
        (&narrow["background"], &narrow["ink"]),
        (&"rgb(255, 255, 255)".into(), &"rgb(31, 35, 40)".into())
    );
    assert_eq!(
        (&wide["background"], &wide["ink"]),
        (&"rgb(20, 24, 29)".into(), &"rgb(230, 234, 239)".into())
    );

    // The page alone, and on paper.
    let (_, console) = browse(&chromium, &place, &["--dump-dom", "--window-size=1400,1000"], &page);
    assert_eq!(console, "");
    let pdf = place.path("page.pdf");
    browse(&chromium, &place, &[&format!("--print-to-pdf={}", pdf.display())], &page);
    let printed = fs::read(&pdf).unwrap();
    assert!(printed.starts_with(b"%PDF") && printed.len() > 20_000, "{} bytes", printed.len());
}

#[test]
fn pages_of_a_sweep_and_of_single_targets_in_a_browser() {
    let Some(chromium) = chromium() else { return };
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}launch: {{mode: in_process}}\n"));
    let sweep = "sweep.federation.disclosure=[open, aggregator]";
    place.run(&["run", "small.yaml", "--out", "sweep", "--quiet", "--set", sweep]).ok();
    place.file("targets.yaml", TARGETS);
    place.run(&["run", "targets.yaml", "--out", "targets", "--quiet"]).ok();
    for out in ["sweep", "targets"] {
        let page = place.path(out).join("report.html");
        let narrow = seen(&chromium, &place, &page, 400, true);
        let widths = narrow["widths"].as_array().unwrap();
        for fonts in Fonts::all(&place) {
            let narrow = seen_with(&fonts, &chromium, &place, &page, 400, true);
            println!("{out}, fonts: {}", fonts.name);
            assert_legible(&narrow, 400);
            // Letters are as wide in one font as in another, if they are there.
            let others = narrow["widths"].as_array().unwrap();
            assert!(
                others.is_empty() || others.len() == widths.len(),
                "{} of {}",
                others.len(),
                widths.len()
            );
            for (width, other) in widths.iter().zip(others) {
                let [width, other] = [width, other].map(|width| width.as_f64().unwrap());
                assert!((width - other).abs() <= 2.0, "{width} and, with {}, {other}", fonts.name);
            }
        }
        if out == "targets" {
            assert_figures(&narrow, &report(&place.path(out)));
        }
    }
}

/// A picture file is what its name says, to a browser too.
#[test]
fn pictures_open_in_a_browser() {
    let Some(chromium) = chromium() else { return };
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}launch: {{mode: in_process}}\n"));
    place.run(&["run", "small.yaml", "--out", "out", "--quiet"]).ok();
    let mut names: Vec<String> = support::files(&place.path("out/pictures"))
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let images: String = names.iter().map(|name| format!("<img src=\"out/pictures/{name}\">")).collect();
    let script = "<pre id=told></pre><script>onload = () => { document.getElementById('told').textContent = 'TOLD' + \
                  JSON.stringify([...document.images].map(i => [i.src.split('/').pop(), i.naturalWidth, i.naturalHeight])) + \
                  'TOLD' }</script>";
    let file = place.file("gallery.html", format!("<!DOCTYPE html>{images}{script}"));
    let (dom, console) = browse(&chromium, &place, &["--dump-dom"], &file);
    assert_eq!(console, "");
    let reported: Value = serde_json::from_str(dom.split("TOLD").nth(1).unwrap()).unwrap();
    let reported = reported.as_array().unwrap();
    assert_eq!(reported.len(), names.len());
    for pair in reported.chunks(2) {
        // NAME.png before NAME.svg; the one has twice the other's pixels.
        let [png, svg] = [&pair[0], &pair[1]].map(|one| [1, 2].map(|side| one[side].as_u64().unwrap()));
        assert!(svg[0] >= 360 && png == svg.map(|side| 2 * side), "{pair:?}");
    }
}
