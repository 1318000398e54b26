"""Which letters on which ground axe has judged: the same again costs most of its time, and would end the same."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

# Every text that is seen, by all that its contrast hangs on: its own colour and size, and each layer around it that is not
# plain. Whatever does not flow with the page may lie over something else, so it stands for itself. Left out are ``alike``.
FIND = """alike => {
  const PLAIN = "rgba(0, 0, 0, 0) none 1 none normal", around = new Map(), found = (window.textsByGround = new Map());
  const layers = element => {
    if (!element) return "";
    if (around.has(element)) return around.get(element);
    const style = getComputedStyle(element);
    let layer = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join(" ");
    if (style.position !== "static" || style.float !== "none") layer += ` ${style.position} ${element.tagName}.${element.className}`;
    const all = (layer === PLAIN ? "" : `${layer} | `) + layers(element.parentElement);
    around.set(element, all);
    return all;
  };
  for (const element of document.body.querySelectorAll("*")) {
    const says = element.matches("input, select, textarea") || [...element.childNodes].some(one => one.nodeType === 3 && one.data.trim());
    if (!says || !element.checkVisibility({ visibilityProperty: true }) || element.closest(alike)) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const ground = [color, fontSize, fontWeight, textShadow, element.matches(":disabled"), layers(element)].join(" ");
    found.set(ground, [...(found.get(ground) || []), element]);
  }
  return [...found.keys()];
}"""
MARK = """unjudged => {
  for (const element of document.querySelectorAll("[data-unjudged]")) element.removeAttribute("data-unjudged");
  for (const ground of unjudged) for (const element of window.textsByGround.get(ground)) element.setAttribute("data-unjudged", "");
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-unjudged]" }] });
}"""


@dataclass
class Judged:
    """What was found right until now."""

    grounds: set[str] = field(default_factory=set)

    def leave_out(self, page: Page, alike: list[str]) -> set[str]:
        """Let axe, which this page holds already, judge only what it has not judged yet; returns what that is."""
        unjudged = set(page.evaluate(FIND, ", ".join(alike))) - self.grounds
        page.evaluate(MARK, sorted(unjudged))
        return unjudged
