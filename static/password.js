// Says so while Caps Lock is on; without JavaScript the form is the same but for that.
const hint = document.querySelector("#caps span");
for (const kind of ["keydown", "keyup", "mousedown"]) {
  document.addEventListener(kind, (event) => {
    hint.hidden = !(event.getModifierState && event.getModifierState("CapsLock"));
  });
}
