"use strict";
// What the page is made of. Everything here also works in a frame without storage or a history.
const byId = (id) => document.getElementById(id);
const rows = Array.from(document.querySelectorAll("details.sc"));
const features = Array.from(document.querySelectorAll("details.ft"));
const isFailure = (row) => ["f", "a", "u", "w"].some((name) => row.classList.contains(name));
const isShown = (row) => !row.hidden && !row.parentElement.hidden;
