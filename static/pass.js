// Tells times as the reader's clock has them, and counts down to when the meeting opens; without JavaScript they are in UTC, and
// the page looks again by itself.
for (const time of document.querySelectorAll("time[datetime]")) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(time.dateTime));
}

const countdown = document.querySelector("#countdown");
if (countdown) {
  // By the time that has passed here: the reader's clock may be wrong.
  const opens = performance.now() + Number(countdown.dataset.seconds) * 1000;
  const clock = countdown.querySelector("[role=timer]");
  const two = (number) => String(number).padStart(2, "0");
  const enter = () => {
    const form = document.querySelector("form#enter");
    const name = form && form.querySelector("[name=name]");
    if (form && !(name && !name.checkValidity())) {
      form.requestSubmit();
    } else if (countdown.dataset.then) {
      location.assign(countdown.dataset.then);
    } else {
      location.reload();
    }
  };
  const tick = () => {
    const left = Math.ceil((opens - performance.now()) / 1000);
    if (left <= 0) {
      clock.textContent = "0:00";
      enter();
      return;
    }
    const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    clock.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
    setTimeout(tick, 250);
  };
  tick();
}
