/**
 * Runs inside the page and returns what would keep people out, as sentences: text that does not stand out from its ground
 * (WCAG 1.4.3), small targets (2.5.8), ids twice, references to nothing, controls inside of controls, parts that scroll and
 * cannot be reached by keyboard. Names and roles are checked on the browser's own accessibility tree instead.
 */
(() => {
  const problems = [];
  const describe = (element) =>
    `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${[...element.classList].join(".")} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

  // Colours as the browser computes them: rgb() or color(srgb …), mixed onto what is behind.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) known.set(color, readBack(color));
    return known.get(color);
  };
  const readBack = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => {
    const mixed = [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
    return [...mixed, 1];
  };
  function groundOf(element) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== "none") return undefined;
      const layer = rgba(backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  }
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || !isShown(element)) continue;
    if (element.closest("noscript, script, option, [disabled]") !== null) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    if (ground === undefined) continue;
    texts += 1;
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(over(rgba(style.color), ground), ground);
    if (ratio < (isLarge ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)}: ${describe(element)}`);
  }
  if (texts < 20) problems.push(`only ${texts} texts were looked at`);

  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    problems.push(`twice: #${id}`);
  for (const name of ["aria-controls", "aria-labelledby", "aria-describedby", "for"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) {
        if (document.getElementById(id) === null)
          problems.push(`${name} of ${describe(element)} names no #${id}`);
      }
    }
  }

  /** A link in the middle of a text is as high as its line, which 2.5.8 allows; one that stands alone is not. */
  function isInText(element) {
    if (!element.matches("a")) return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return block.textContent.trim().length > element.textContent.trim().length;
  }

  const controls = "button, a[href], input, select, textarea, summary";
  for (const element of document.querySelectorAll(controls)) {
    if (!isShown(element)) continue;
    if (element.querySelector(controls) !== null) problems.push(`controls within ${describe(element)}`);
    const { width, height } = element.getBoundingClientRect();
    const isInline = element.matches("p button, label input, [type=radio], .skip") || isInText(element);
    if (!isInline && (width < 24 || height < 24)) {
      problems.push(`${Math.round(width)}×${Math.round(height)} px: ${describe(element)}`);
    }
  }
  for (const element of document.querySelectorAll("body *")) {
    if (!isShown(element) || element.matches("textarea, pre code")) continue;
    const { overflowY, overflowX } = getComputedStyle(element);
    const scrolls =
      (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) ||
      (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1);
    const isReachable = element.tabIndex >= 0 || element.querySelector(`${controls}, [tabindex]`) !== null;
    if (scrolls && !isReachable) problems.push(`cannot be scrolled by keyboard: ${describe(element)}`);
  }
  if (document.querySelectorAll("h1").length !== 1) problems.push("not exactly one h1");
  if (document.documentElement.lang === "") problems.push("no language");
  return [...new Set(problems)];
})();
