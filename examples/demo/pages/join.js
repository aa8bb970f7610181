// What Jitsi's front end does when a meeting link is opened: a token in the fragment is used, and without one
// `tokenAuthUrl` is next (`tokenAuthUrlAutoRedirect`). Values in the fragment are JSON, so the token stands in quotes.
"use strict";

const given = new URLSearchParams(location.hash.slice(1)).get("jwt");

if (given === null) {
  location.replace(document.getElementById("log-in").href);
} else {
  const form = document.createElement("form");
  const field = document.createElement("input");
  form.method = "post";
  form.action = location.pathname;
  field.type = "hidden";
  field.name = "jwt";
  field.value = given.replace(/^"(.*)"$/, "$1");
  form.append(field);
  document.body.append(form);
  form.submit();
}
