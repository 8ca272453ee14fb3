"""A report in a browser's tab, for tests that look at it."""

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LEGIBLE = 4.5  # WCAG 2.2, success criterion 1.4.3: contrast of text


class Opened:
    """A report in a browser's tab, with all that the tab complained of or asked for."""

    def __init__(self, chromium, file, *, size=None, scheme="light", touch=False):
        self._context = chromium.new_context(
            viewport=size or DESKTOP, color_scheme=scheme, has_touch=touch, is_mobile=touch, offline=True
        )
        self.page = self._context.new_page()
        self.said, self.asked = [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-drawn=true]", state="attached", timeout=60_000)

    def shoot(self, file):
        self.page.screenshot(path=file, full_page=True)

    def rows(self):
        return self.page.locator("#bets-table tbody tr")

    def count(self):
        return self.page.inner_text("#bets-count")

    def close(self):
        self._context.close()


#: Charts that are drawn beyond the right edge of the screen.
BEYOND = """() => [...document.querySelectorAll('.chart .main-svg')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.parentElement.id)"""

#: Texts, in the page and in its charts, whose contrast with the ground behind them is below a ratio.
CONTRAST = """(least) => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (each) => {
        for (let at = each; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (colour && numbers(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const found = [];
    const selectors = "p, li, a, h1, h2, h3, th, td, small, dt, dd, summary, button:not(:disabled), label, code, svg text";
    for (const each of document.querySelectorAll(selectors)) {
        if (!each.textContent.trim() || !each.getClientRects().length) continue;
        const style = getComputedStyle(each);
        const [one, two] = [light(each.closest("svg") ? style.fill : style.color), light(ground(each))];
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        if (ratio < least) found.push(`${each.tagName} ${each.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
    }
    return [...new Set(found)];
}"""
