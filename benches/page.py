"""The page of a run: its size, what it costs a run, and how soon a browser paints it.

    cargo build && python3 benches/page.py target/debug/turncoat --chromium /usr/bin/chromium

Runs the embedded quickstart with --out, makes its page again (`turncoat report`: reads the folder, draws every chart as SVG and
PNG, writes all files), and opens the page in headless chromium, 1400 by 1000 pixels, so many rounds each. First paint is the browser's own
entry (Paint Timing), in milliseconds from the start of the navigation, each time in a new process with a new profile.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

class Browser:
    """Headless chromium, spoken with over a pair of pipes (DevTools protocol, one JSON text a message, ended by a zero byte)."""

    def __init__(self, path, profile):
        inward, self.writer = os.pipe()
        self.reader, outward = os.pipe()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                 "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
                 f"--user-data-dir={profile}"]
        # It reads what it is told from descriptor 3, and answers on 4.
        shell = 'exec "$0" "$@" 3<&%d 4>&%d' % (inward, outward)
        self.process = subprocess.Popen(["bash", "-c", shell, path, *flags], pass_fds=[inward, outward],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(inward)
        os.close(outward)
        self.rest, self.number, self.events = b"", 0, []

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                self.rest += os.read(self.reader, 1 << 20)
            text, self.rest = self.rest.split(b"\0", 1)
            told = json.loads(text)
            if told.get("id") == self.number:
                return told.get("result", told)
            self.events.append(told)

    def close(self):
        self.call("Browser.close")
        self.process.wait(30)


def painted(path, profile, page):
    """First paint and first paint of content in milliseconds after the navigation began, and what was said on the console."""
    browser = Browser(path, profile)
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ["Page", "Runtime", "Log"]:
        browser.call(f"{domain}.enable", session)
    browser.call("Emulation.setDeviceMetricsOverride", session, width=1400, height=1000, deviceScaleFactor=1, mobile=False)
    browser.call("Page.navigate", session, url=f"file://{page}")
    entries = {}
    while len(entries) < 2:
        time.sleep(0.05)
        asked = "JSON.stringify(Object.fromEntries(performance.getEntriesByType('paint').map(e => [e.name, e.startTime])))"
        entries = json.loads(browser.call("Runtime.evaluate", session, expression=asked)["result"]["value"])
    said = [event for event in browser.events
            if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
    browser.close()
    return entries["first-paint"], entries["first-contentful-paint"], said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("turncoat")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        out = place / "out"
        runs, pages, paints, contents, said = [], [], [], [], []
        for _ in range(given.rounds):
            begun = time.perf_counter()
            subprocess.run([given.turncoat, "run", "--out", str(out), "--overwrite", "--quiet"], check=True, capture_output=True)
            runs.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            subprocess.run([given.turncoat, "report", str(out)], check=True, capture_output=True)
            pages.append(time.perf_counter() - begun)
        for number in range(given.rounds):
            paint, content, console = painted(given.chromium, place / f"profile-{number}", out / "report.html")
            paints.append(paint)
            contents.append(content)
            said += console
        pictures = list((out / "pictures").iterdir())
        print(f"report.html: {(out / 'report.html').stat().st_size / 1000:.0f} kB; pictures/: {len(pictures)} files, "
              f"{sum(file.stat().st_size for file in pictures) / 1000:.0f} kB")
        print(f"turncoat run: {statistics.median(runs):.2f} s; turncoat report: {statistics.median(pages):.2f} s (medians of "
              f"{given.rounds})")
        print(f"first paint: {statistics.median(paints):.0f} ms, of content {statistics.median(contents):.0f} ms (medians; slowest "
              f"{max(contents):.0f}); console messages: {len(said)}")


if __name__ == "__main__":
    main()
