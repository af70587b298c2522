"use strict";
// A letter is shown when it is opened, and takes the height that it has; a filter narrows the list.
// Without a script the page shows the text parts.
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const letters = all("details.letter");

const fit = (frame) => {
  const root = frame.contentDocument?.documentElement;
  if (!root || !frame.offsetParent) return;
  frame.style.height = "0";
  frame.style.height = `${root.scrollHeight}px`;
};
const fitAll = () => letters.filter((one) => one.open).forEach((one) => all("iframe", one).forEach(fit));
const show = (frame) => {
  if (!frame.hasAttribute("srcdoc")) {
    frame.addEventListener("load", () => fit(frame));
    frame.srcdoc = frame.dataset.srcdoc;
    delete frame.dataset.srcdoc;
  } else {
    fit(frame);
  }
};
letters.forEach((one) => one.addEventListener("toggle", () => { if (one.open) all("iframe", one).forEach(show); }));
all(".tools input[type=radio]").forEach((input) => input.addEventListener("change", fitAll));
addEventListener("resize", fitAll);

const filter = document.getElementById("filter");
const found = document.getElementById("found");
const button = document.getElementById("all");
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const words = new Map();
const narrow = () => {
  const wanted = folded(filter.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of letters) {
    if (!words.has(one)) {
      const parts = [one.querySelector("summary"), one.querySelector("dl"), one.querySelector(".text")];
      words.set(one, folded(parts.map((part) => part.textContent).join(" ")));
    }
    const fits = wanted.every((word) => words.get(one).includes(word));
    one.parentElement.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  for (const group of all(".kind")) group.hidden = !group.querySelector("li:not([hidden])");
  found.textContent = wanted.length ? `${shown} sur ${letters.length}` : "";
};
const isOpen = () => letters.some((one) => one.open && !one.parentElement.hidden);
const label = () => { button.textContent = isOpen() ? "Tout replier" : "Tout déplier"; };
if (filter) {
  filter.closest(".search").hidden = false;
  button.hidden = false;
  filter.addEventListener("input", narrow);
  button.addEventListener("click", () => {
    const open = !isOpen();
    for (const one of letters) if (!one.parentElement.hidden) one.open = open;
    label();
  });
  letters.forEach((one) => one.addEventListener("toggle", label));
}
// #courriel-12 leads to an open letter.
const reach = () => {
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted?.matches("details")) {
    wanted.open = true;
    wanted.scrollIntoView();
  }
};
addEventListener("hashchange", reach);
reach();
document.documentElement.dataset.ready = "oui";
