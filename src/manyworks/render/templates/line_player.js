"use strict";
// Plays what happened on a line: every state change and every part, exactly as the engine wrote them.
for (const player of document.querySelectorAll(".player")) {
  const data = JSON.parse(player.querySelector("script[type='application/json']").textContent);
  const find = (selector) => player.querySelector(selector);
  const all = (selector) => [...player.querySelectorAll(selector)];
  const words = data.events ? data.events.split(";") : [];
  const times = new Float64Array(words.length), codes = new Int32Array(words.length);
  let sum = 0;
  words.forEach((word, k) => {
    const [gap, code] = word.split(",");
    sum += parseInt(gap, 36);
    times[k] = sum;
    codes[k] = parseInt(code, 36);
  });
  const end = data.minutes * 60000, machines = data.machines.length, kinds = data.parts.length + 1;
  const names = all(".station .name").map((text) => text.textContent);
  const paths = all("path.way"), lengths = paths.map((path) => path.getTotalLength());
  const layer = find(".parts"), circles = [];
  let now = 0, next = 0, states = [], queues = [], good = 0, playing = false, last = 0, drawn = 0;

  function reset() {
    next = 0;
    states = data.now.slice();
    queues = data.queues.map((queue) => queue.map((part) => part.slice()));
    good = data.good;
  }

  function happen(k) {
    const code = codes[k];
    if (code < 10 * machines) {
      states[Math.floor(code / 10)] = code % 10;
      return;
    }
    const way = Math.floor((code - 10 * machines) / kinds), what = (code - 10 * machines) % kinds;
    if (what === 0) queues[way].shift();
    else if (data.ways[way].kind === "good") good += 1;
    else if (data.ways[way].kind !== "scrap") queues[way].push([what - 1, times[k]]);
  }

  function go(moment) {
    moment = Math.max(0, Math.min(moment, end));
    if (moment < now) reset();
    now = moment;
    while (next < words.length && times[next] <= now) happen(next++);
    draw();
  }

  function dot(x, y, colour, radius) {
    let circle = circles[drawn];
    if (!circle) {
      circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      layer.appendChild(circle);
      circles.push(circle);
    }
    circle.setAttribute("cx", x);
    circle.setAttribute("cy", y);
    circle.setAttribute("r", radius);
    circle.setAttribute("fill", colour);
    circle.style.display = "";
    drawn += 1;
  }

  function draw() {
    drawn = 0;
    data.ways.forEach((way, k) => {
      const queue = queues[k], room = way.capacity || 60;
      if (way.kind === "inner" || way.kind === "rework") {
        const most = Math.min(queue.length, 150), radius = Math.max(2.6, Math.min(4.5, lengths[k] / room / 2.4));
        for (let n = most - 1; n >= 0; n--) {
          const free = way.travel > 0 ? Math.min((now - queue[n][1]) / way.travel, 1) : 1;
          const point = paths[k].getPointAtLength(lengths[k] * Math.max(0, Math.min(free, 1 - n / room)));
          dot(point.x, point.y, data.parts[queue[n][0]], radius);
        }
      }
      const label = find("[data-level='" + k + "']");
      if (label) {
        const units = Math.round(queue.length * data.units);
        label.textContent = way.capacity ? units + " of " + Math.round(way.capacity * data.units) : units || "";
      }
    });
    for (let n = drawn; n < circles.length; n++) circles[n].style.display = "none";
    let first = 0;
    all(".station").forEach((group, s) => {
      const mine = [];
      while (first < machines && data.machines[first] === s) mine.push(states[first++]);
      const counts = new Map();
      mine.forEach((state) => counts.set(state, (counts.get(state) || 0) + 1));
      const [state, count] = [...counts].sort((a, b) => b[1] - a[1])[0];
      group.querySelector(".box").setAttribute("fill", data.colours[state]);
      const word = group.querySelector(".word");
      word.textContent = mine.length > 1 ? count + " " + data.states[state] : data.states[state];
      word.setAttribute("fill", data.inks[state]);
    });
    all("[data-machine]").forEach((square) => square.setAttribute("fill", data.colours[states[square.dataset.machine]]));
    const strip = find(".strip"), line = find(".playhead");
    const x = Number(strip.dataset.left) + (now / end) * Number(strip.dataset.span);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    const minutes = now / 60000;
    find(".clock").textContent = clock(data.start + minutes);
    find(".made").textContent = Math.round((good - data.good) * data.units).toLocaleString("en-US") + " good units";
    const slider = find(".when");
    slider.value = Math.round((now / end) * 1000);
    slider.setAttribute("aria-valuetext", clock(data.start + minutes));
  }

  function clock(minutes) {
    const whole = Math.floor(minutes), seconds = Math.floor((minutes - whole) * 60);
    const hours = Math.floor(whole / 60), two = (n) => String(n).padStart(2, "0");
    return hours + ":" + two(whole % 60) + ":" + two(seconds) + " h";
  }

  function say() {
    const parts = names.map((name, s) => {
      const mine = states.filter((_, k) => data.machines[k] === s);
      return name + " " + [...new Set(mine)].map((state) => data.states[state]).join(" and ");
    });
    find(".said").textContent = "At " + find(".clock").textContent + ": " + parts.join(", ") + ".";
  }

  function play(wanted) {
    playing = wanted && now < end;
    const button = find(".play");
    button.textContent = playing ? "Pause" : "Play";
    button.setAttribute("aria-pressed", String(playing));
    if (playing) {
      last = performance.now();
      requestAnimationFrame(frame);
    } else say();
  }

  function frame(moment) {
    if (!playing) return;
    const passed = moment - last;
    last = moment;
    go(now + passed * Number(find(".speed").value));
    if (now >= end) play(false);
    else requestAnimationFrame(frame);
  }

  // A step goes to the next moment at which a machine stops, or goes on after a stop: waiting for parts does not count.
  function step(forward) {
    play(false);
    const counts = (k) => codes[k] < 10 * machines && codes[k] % 10 > 3;
    let found = forward ? end : 0;
    for (let k = 0; k < words.length; k++) {
      if (!counts(k)) continue;
      if (forward && times[k] > now) { found = times[k]; break; }
      if (!forward && times[k] < now) found = times[k];
    }
    go(found);
    say();
  }

  find(".play").addEventListener("click", () => { if (!playing && now >= end) go(0); play(!playing); });
  find(".back").addEventListener("click", () => step(false));
  find(".forth").addEventListener("click", () => step(true));
  find(".when").addEventListener("input", (event) => { play(false); go((event.target.value / 1000) * end); });
  player.addEventListener("keydown", (event) => {
    const typed = event.target.tagName;
    if (event.key === " " && typed !== "BUTTON" && typed !== "SELECT") { event.preventDefault(); find(".play").click(); }
    if (typed === "INPUT" || typed === "SELECT") return;
    if (event.key === "ArrowLeft") { event.preventDefault(); step(false); }
    if (event.key === "ArrowRight") { event.preventDefault(); step(true); }
  });
  reset();
  const asked = new URLSearchParams(location.search).get("moment");
  go(asked ? Number(asked) * end : 0);
  say();
}
