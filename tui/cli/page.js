// Keys are for the app from the start on. It is told so again once it has drawn something, as it
// takes itself for unfocused until then.
addEventListener("load", () => {
  const keys = document.querySelector(".xterm-helper-textarea");
  keys.focus();
  new MutationObserver((_, observer) => {
    if (document.body.classList.contains("-first-byte")) {
      observer.disconnect();
      keys.blur();
      keys.focus();
    }
  }).observe(document.body, { attributeFilter: ["class"] });
});
