/** The renderer's configuration: spacing, sizes and colours close to those of Teams. */

const light = {
  text: "#242424",
  subtle: "#616161",
  accent: "#4f52b2",
  good: "#0e700e",
  warning: "#8a5200",
  attention: "#b10e1c",
  emphasis: "#f3f2f9",
  line: "#d9d9e3",
};
const darkColors = {
  text: "#f4f4f6",
  subtle: "#b9b9c4",
  accent: "#a5a8ff",
  good: "#73d98a",
  warning: "#f2c661",
  attention: "#ff9aa2",
  emphasis: "#2c2b3a",
  line: "#45455a",
};

const fontSizes = { small: 12, default: 14, medium: 15, large: 17, extraLarge: 21 };
const fontWeights = { lighter: 400, default: 400, bolder: 650 };

export function teamsHostConfig(isDark) {
  const c = isDark ? darkColors : light;
  const color = (name) => ({ default: c[name], subtle: c[name] });
  const foregroundColors = {
    default: { default: c.text, subtle: c.subtle },
    dark: { default: c.text, subtle: c.subtle },
    light: { default: c.subtle, subtle: c.subtle },
    accent: color("accent"),
    good: color("good"),
    warning: color("warning"),
    attention: color("attention"),
  };
  const container = (backgroundColor) => ({ backgroundColor, foregroundColors, borderColor: c.line });
  return {
    fontFamily: "inherit",
    spacing: { small: 6, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
    separator: { lineThickness: 1, lineColor: c.line },
    supportsInteractivity: true,
    fontTypes: {
      default: { fontFamily: "inherit", fontSizes, fontWeights },
      monospace: { fontFamily: "var(--mono)", fontSizes: { ...fontSizes, default: 13 }, fontWeights },
    },
    imageSizes: { small: 32, medium: 52, large: 100 },
    containerStyles: {
      default: container("#00000000"),
      emphasis: container(c.emphasis),
      accent: container(isDark ? "#2b2d52" : "#e8ebfa"),
      good: container(isDark ? "#14301b" : "#e7f2e7"),
      warning: container(isDark ? "#3a2d10" : "#fdf4e0"),
      attention: container(isDark ? "#43191d" : "#fbe9ea"),
    },
    actions: {
      maxActions: 6,
      spacing: "default",
      buttonSpacing: 8,
      showCard: { actionMode: "inline", inlineTopMargin: 12 },
      actionsOrientation: "horizontal",
      actionAlignment: "left",
    },
    factSet: {
      title: {
        color: "default",
        size: "default",
        isSubtle: true,
        weight: "bolder",
        wrap: true,
        maxWidth: 190,
      },
      value: { color: "default", size: "default", isSubtle: false, weight: "default", wrap: true },
      spacing: 14,
    },
    inputs: {
      label: { inputSpacing: 4, requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } },
    },
  };
}
