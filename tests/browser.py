"""A real, headless Chromium for the tests of pages and for the screenshots of the docs.

Debian: `apt-get install chromium chromium-driver`. Without it, or without selenium, `why_no_browser` says so.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


def why_no_browser() -> str:
    """Return why there is no browser to test with; empty if there is one."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if absent:
        return f"needs {' and '.join(absent)} (Debian: apt-get install chromium chromium-driver)"
    return "" if find_spec("selenium") else "needs selenium (it is in the test extra)"


@contextmanager
def open_browser(width: int = 1280, height: int = 800, scale: float = 1) -> Iterator[Browser]:
    """Start a Chromium with a new, empty profile; it is gone afterwards."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = Chrome(options, ChromeService(shutil.which("chromedriver")))
        try:
            browser = Browser(driver)
            browser.resize(width, height, scale)
            yield browser
        finally:
            driver.quit()


class Browser:
    """What tests do with a page.

    Parameters
    ----------
    driver : selenium.webdriver.Chrome
    """

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, address: str | Path) -> None:
        """Go to a page and wait until its script says that it is ready."""
        self.driver.get("about:blank")
        self.log()  # what earlier pages asked for, or complained of, is not this one's
        self.complaints()
        self.driver.get(address.resolve().as_uri() if isinstance(address, Path) else address)
        self.wait("document.documentElement.dataset.ready === 'yes'")

    def run(self, script: str, *values: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self.driver.execute_script(script, *values)

    def wait(self, condition: str, seconds: float = 20) -> None:
        """Wait until an expression is true."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, seconds, poll_frequency=0.02).until(
            lambda driver: driver.execute_script(f"return Boolean({condition})"), condition
        )

    def press(self, *keys: str, **modifiers: bool) -> None:
        """Press keys, one after the other: letters, or names such as ENTER and ARROW_DOWN."""
        from selenium.webdriver import ActionChains, Keys

        chain = ActionChains(self.driver, duration=0)
        held = [getattr(Keys, name.upper()) for name in modifiers]
        for key in held:
            chain = chain.key_down(key)
        for key in keys:
            chain = chain.send_keys(getattr(Keys, key) if len(key) > 1 else key)
        for key in held:
            chain = chain.key_up(key)
        chain.perform()

    def hover(self, selector: str) -> None:
        """Move the pointer over an element."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver, duration=0).move_to_element(self.find(selector)).perform()

    def click(self, selector: str) -> None:
        """Click an element as a person would."""
        self.find(selector).click()

    def find(self, selector: str) -> Any:
        """Return the first element of a CSS selector."""
        return self.driver.find_element("css selector", selector)

    def text(self, selector: str) -> str:
        """Return the text that is seen of an element."""
        return str(self.find(selector).text)

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        """Give the page another size, in CSS pixels, and so many screen pixels to each."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )

    def prefer(self, scheme: str) -> None:
        """Let the system be `light` or `dark`."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been painted, and has heard of all that was changed before."""
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")

    def log(self) -> list[dict[str, Any]]:
        """Return the DevTools events since the last call."""
        return [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the page was opened."""
        sent = [event for event in self.log() if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def complaints(self) -> list[str]:
        """Return what the console holds: errors, and what the content security policy refused."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def picture(self) -> bytes:
        """Return what is seen, as a PNG."""
        return bytes(self.driver.get_screenshot_as_png())
