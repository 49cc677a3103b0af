#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""html_chromium.py CHROMIUM [--screenshots DIR] FILE… - the page as a browser shows it.

Drives headless Chromium over its debugging pipe; the page is handed over by request interception,
so nothing is fetched and no port is opened. Each file is looked at with its style, without it, and
under the content security policy that Jenkins sets, at three widths, light, dark and in print.
Prints `ok - text` and `not ok - text`.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'"
WIDTHS = (390, 768, 1280)

# Runs in the page; returns what is wrong, as a list of texts.
LOOK = r"""
(styled => {
  const wrong = [], say = text => { if (wrong.length < 8) wrong.push(text); };
  const all = selector => [...document.querySelectorAll(selector)];
  if (document.scripts.length) say('a script');
  if (all('img,link,iframe,object,embed,video,audio,form,input').length) say('something fetched');
  for (const node of all('*')) for (const a of node.attributes)
    if (/^on/i.test(a.name) || /^\s*(javascript|data):/i.test(a.value)) say('attribute ' + a.name);
  if (all('h1').length !== 1) say('not one h1');
  if (!document.title || document.documentElement.lang !== 'en') say('no title or language');
  let level = 0;
  for (const h of all('h1,h2,h3,h4')) {
    const next = +h.tagName[1];
    if (next > level + 1) say('heading jumps: ' + h.textContent);
    level = next;
    if (!h.textContent.trim()) say('an empty heading');
  }
  for (const a of all('a[href]'))
    if (!a.hash || !document.getElementById(decodeURIComponent(a.hash.slice(1)))) say('link to nothing ' + a.getAttribute('href'));
  const ids = all('[id]').map(n => n.id);
  if (new Set(ids).size !== ids.length) say('an id twice');
  for (const s of all('section,nav')) {
    const by = s.getAttribute('aria-labelledby');
    if (!s.getAttribute('aria-label') && !(by && document.getElementById(by))) say('a section without a name');
  }
  for (const th of all('th')) if (!th.scope) say('th without scope');
  for (const d of all('details')) if (d.firstElementChild.tagName !== 'SUMMARY') say('details without summary');
  for (const d of all('details')) d.open = true;
  /* A bare table is as wide as its words. */
  const width = document.documentElement.clientWidth;
  if (styled && document.documentElement.scrollWidth > width) {
    const widest = all('body *').filter(n => n.getBoundingClientRect().right > width + 1).slice(-1)[0];
    say('wider than the window: ' + document.documentElement.scrollWidth + ' > ' + width + ' ' + (widest && widest.outerHTML.slice(0, 80)));
  }
  if (styled) {
    const rgb = text => { const m = text.match(/[\d.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m : null; };
    const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = c => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
    const behind = n => { for (; n; n = n.parentElement) { const c = rgb(getComputedStyle(n).backgroundColor); if (c) return c; } return [255, 255, 255]; };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set();
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (!n.data.trim()) continue;
      const style = getComputedStyle(n.parentElement), b = behind(n.parentElement), f = rgb(style.color) || [0, 0, 0];
      const key = f + '/' + b;
      if (seen.has(key)) continue;
      seen.add(key);
      const [x, y] = [light(f), light(b)].sort((p, q) => q - p), ratio = (x + 0.05) / (y + 0.05);
      if (ratio < 4.5) say('contrast ' + ratio.toFixed(2) + ' of "' + n.data.trim().slice(0, 30) + '"');
    }
  } else if (document.styleSheets.length && getComputedStyle(document.body).maxWidth !== 'none') say('the style is there');
  return wrong;
})
"""


class Browser:
    def __init__(self, program, profile):
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()

        def place():
            # 3 and 4 are where the browser looks.
            read, write = os.dup(to_read), os.dup(from_write)
            high_read = os.dup2(read, 20)
            high_write = os.dup2(write, 21)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage",
             "--disable-component-update", "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.write, self.read = to_write, os.fdopen(from_read, "rb", buffering=0)
        self.next, self.rest, self.session = 1, b"", None
        self.page = (b"", None)
        self.requests = []
        self.events = []

    def receive(self):
        while b"\0" not in self.rest:
            more = self.read.read(1 << 20)
            if not more:
                raise EOFError("the browser is gone")
            self.rest += more
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def send(self, method, **params):
        message = {"id": self.next, "method": method, "params": params}
        self.next += 1
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        return message["id"]

    def hear(self, message):
        self.events.append(message.get("method"))
        if message.get("method") == "Fetch.requestPaused":
            body, policy = self.page
            params = message["params"]
            if not params["request"]["url"].endswith("/favicon.ico"):  # the browser's own wish
                self.requests.append(params["request"]["url"])
            headers = [{"name": "Content-Type", "value": "text/html; charset=utf-8"}]
            if policy:
                headers.append({"name": "Content-Security-Policy", "value": policy})
            ours = params["request"]["url"] == "http://report.invalid/"
            self.send("Fetch.fulfillRequest", requestId=params["requestId"],
                      responseCode=200 if ours else 404, responseHeaders=headers,
                      body=base64.b64encode(body if ours else b"").decode())

    def call(self, method, **params):
        wanted = self.send(method, **params)
        while True:
            message = self.receive()
            if message.get("id") == wanted:
                if "error" in message:
                    raise RuntimeError(method + ": " + message["error"]["message"])
                return message["result"]
            self.hear(message)

    def start(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Accessibility", "DOM"):
            self.call(domain + ".enable")
        self.call("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def show(self, body, policy, width, dark, medium):
        self.page, self.requests, self.events = (body, policy), [], []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", media=medium, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Page.navigate", url="http://report.invalid/")
        while "Page.loadEventFired" not in self.events:
            self.hear(self.receive())

    def evaluate(self, text):
        result = self.call("Runtime.evaluate", expression=text, returnByValue=True)
        if "exceptionDetails" in result:
            return ["the look failed: " + json.dumps(result["exceptionDetails"])[:300]]
        return result["result"].get("value")

    def shoot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def stop(self):
        self.process.kill()
        self.process.wait()


failed = 0


def note(good, text):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + text, flush=True)


def without_style(body):
    begin, end = body.index(b"<style>"), body.index(b"</style>") + len(b"</style>")
    return body[:begin] + body[end:]


def press_enter(browser):
    """Opens the first fold by keyboard alone."""
    browser.evaluate("document.querySelector('summary').focus()")
    before = browser.evaluate("document.querySelector('details').open")
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter",
                     windowsVirtualKeyCode=13, text="\r" if kind == "keyDown" else "")
    return before is False and browser.evaluate("document.querySelector('details').open") is True


def look_at(browser, path, shots):
    with open(path, "rb") as file:
        body = file.read()
    name = os.path.basename(path)
    views = [("styled", body, None, "screen"), ("unstyled", without_style(body), None, "screen"),
             ("jenkins", body, JENKINS, "screen"), ("print", body, None, "print")]
    for view, content, policy, medium in views:
        for width in WIDTHS:
            for dark in (False, True) if view == "styled" else (False,):
                browser.show(content, policy, width, dark, medium)
                # Scripts are off under that policy; the look is ours and still runs.
                wrong = browser.evaluate(LOOK + "(%s)" % ("true" if view in ("styled", "print") else "false"))
                label = "%s, %s, %d px%s" % (name, view, width, ", dark" if dark else "")
                note(wrong == [], label + ("" if wrong == [] else ": " + "; ".join(map(str, wrong))))
                if shots:
                    browser.show(content, policy, width, dark, medium)
                    browser.shoot(os.path.join(shots, "%s-%s-%d%s.png" % (name, view, width, "-dark" if dark else "")))
                if view == "print":
                    hidden = browser.evaluate(
                        "[...document.querySelectorAll('details')].filter(d =>"
                        " !d.lastElementChild.getBoundingClientRect().height).length")
                    note(hidden == 0, label + ": every fold is printed (%s are not)" % hidden)
                note(browser.requests == ["http://report.invalid/"], label + ": nothing else is fetched")
    browser.show(body, None, 1280, False, "screen")
    if b"<details>" in body:
        note(press_enter(browser), name + ": a fold opens by keyboard")
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = [n["role"]["value"] for n in tree if not n.get("ignored") and "role" in n]
    note("heading" in roles and "navigation" in roles and "main" in roles and "rowheader" in roles,
         name + ": landmarks, headings and row headers are there for assistive tools")
    said = browser.evaluate("document.body.innerText.slice(0, 400)")
    note(any(word in said for word in ("YES", "NO", "UNKNOWN")), name + ": the answer comes first")


def main():
    args = sys.argv[1:]
    program, files, shots = args[0], args[1:], None
    if files and files[0] == "--screenshots":
        shots, files = files[1], files[2:]
    profile = tempfile.mkdtemp(prefix="confine-chromium.")
    browser = Browser(program, profile)
    try:
        browser.start()
        for path in files:
            look_at(browser, path, shots)
    finally:
        browser.stop()
        shutil.rmtree(profile, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
