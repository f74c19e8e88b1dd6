"use strict";
// Shows what the operator says at `topology`, again and again. Whatever comes from there is text: nothing is read as HTML.
(() => {
  const every = 2000;
  const $ = (id) => document.getElementById(id);
  const state = { list: "tenants", q: "", health: "", view: "", ring: "", offset: 0 };
  let tag = "", shown = {}, timer = 0, running = null, lastSeen = 0, wanted = 0;

  // MARK: Elements

  const element = (name, attributes = {}, ...children) => {
    const result = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "class") result.className = value;
      else if (key === "onclick") result.addEventListener("click", value);
      else result.setAttribute(key, value);
    }
    result.append(...children.filter((child) => child !== null && child !== undefined));
    return result;
  };
  const healths = ["wrong", "waiting", "ok", "unknown"];
  const health = (value, text) => element("span", { class: "health " + (healths.includes(value) ? value : "unknown") }, text || value);
  const plural = (count, word) => count.toLocaleString("en") + " " + word + (count === 1 ? "" : "s");
  const words = (count) => healths.filter((each) => count[each]).map((each) => count[each].toLocaleString("en") + " " + each).join(", ");

  // What has the focus keeps it, if it is there again.
  const replace = (parent, children) => {
    const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    parent.replaceChildren(...children);
    if (focused) {
      const again = [...parent.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused);
      if (again) again.focus();
    }
  };
  // Draws a part of the page, if it has changed.
  const draw = (part, value, body) => {
    const text = JSON.stringify(value);
    if (shown[part] === text) return;
    const isFirst = shown[part] === undefined;
    shown[part] = text;
    body(value, isFirst);
  };

  // MARK: Times

  const length = (seconds) => {
    if (seconds < 120) return Math.max(0, Math.floor(seconds)) + " s";
    if (seconds < 7200) return Math.floor(seconds / 60) + " min";
    if (seconds < 172800) return Math.floor(seconds / 3600) + " h";
    return Math.floor(seconds / 86400) + " days";
  };
  const clock = (since, prefix, suffix) => {
    const time = Date.parse(since);
    if (Number.isNaN(time)) return null;
    return element("time", { datetime: since, class: "since", "data-prefix": prefix, "data-suffix": suffix }, prefix + length((Date.now() - time) / 1000) + suffix);
  };
  const tick = () => {
    for (const each of document.querySelectorAll("time.since")) {
      const text = each.dataset.prefix + length((Date.now() - Date.parse(each.dateTime)) / 1000) + each.dataset.suffix;
      if (each.textContent !== text) each.textContent = text;
    }
    const age = (Date.now() - lastSeen) / 1000;
    const isStale = lastSeen > 0 && age > 10;
    $("freshness").className = isStale ? "stale" : "";
    const text = lastSeen === 0 ? "" : isStale ? "no answer for " + length(age) : "live";
    if ($("freshness").textContent !== text) $("freshness").textContent = text;
  };

  // MARK: Parts of the page

  const drawSummary = (summary) => {
    const parts = [["tenants", "tenant"], ["agents", "agent"], ["views", "view"]].map(([kind, word]) => {
      const count = summary[kind];
      return plural(count.all, word) + (count.all ? " (" + words(count) + ")" : "");
    });
    $("summary").textContent = parts.join(" · ");
    const wrong = summary.tenants.wrong + summary.agents.wrong + summary.views.wrong;
    document.title = (wrong ? "(" + wrong + " wrong) " : "") + "Tributary";
  };

  const drawTroubles = (troubles, isFirst) => {
    const items = troubles.first.map((trouble) => element("li", { class: trouble.weight === "wrong" ? "wrong" : "waiting" },
      health(trouble.weight === "wrong" ? "wrong" : "waiting"),
      element("div", {},
        element("strong", {}, trouble.kind + " " + trouble.namespace + "/" + trouble.name), " ", trouble.since ? clock(trouble.since, "for ", "") : null,
        element("p", {}, trouble.reason + (trouble.message ? ": " + trouble.message : "")),
        trouble.weight === "wrong" ? element("code", {}, trouble.advice) : null)));
    if (!items.length) items.push(element("li", { class: "fine" }, "Nothing is wrong, and nothing is waited for."));
    replace($("troubles"), items);
    const more = troubles.count - troubles.first.length;
    $("troubles-more").textContent = more > 0 ? "and " + more.toLocaleString("en") + " more, which the list below has" : "";
  };

  const bar = (count) => element("div", { class: "bar", "aria-hidden": "true" }, ...healths.filter((each) => count[each]).map((each) => {
    const part = element("span", { class: each });
    part.style.flexGrow = String(count[each]);
    return part;
  }));

  const show = (view, ring) => {
    Object.assign(state, { list: "tenants", view, ring, offset: 0 });
    $("kind").value = "tenants";
    load();
    $("list").focus();
    $("list").scrollIntoView();
  };

  const drawTenants = (count, worst, view, ring) => {
    const state = count.wrong ? "wrong" : count.waiting ? "waiting" : "";
    const more = count.wrong + count.waiting - worst.length;
    return element("div", { class: "station " + state },
      element("h4", {}, element("span", {}, element("span", { class: "big" }, count.all.toLocaleString("en")), count.all === 1 ? " tenant" : " tenants"),
        count.all ? element("button", { type: "button", class: "link", "data-key": "show " + view + " " + ring, "aria-label": "List the tenants of " + (ring ? "ring " + ring : view), onclick: () => show(view, ring) }, "list") : null),
      count.all ? bar(count) : null, count.all ? element("p", { class: "quiet" }, words(count)) : null,
      worst.length ? element("p", { class: count.wrong ? "worst" : "late" }, worst.join(", ") + (more > 0 ? " and " + more.toLocaleString("en") + " more" : "")) : null);
  };

  const chips = (receivers) => {
    const items = receivers.first.map((each) => {
      const chip = health(each.health, each.name + (each.note ? ": " + each.note : ""));
      if (each.since) chip.append(clock(each.since, " for ", "") || "");
      return element("li", { class: each.note ? "note" : "" }, chip);
    });
    const more = receivers.count - receivers.first.length;
    if (more > 0) items.push(element("li", { class: "ok" }, "and " + more.toLocaleString("en") + " more"));
    return element("ul", { class: "chips" }, ...items);
  };

  const drawRing = (ring, view) => {
    const size = ring.members === undefined ? "" : ring.members + " of " + (ring.desired === undefined ? "?" : ring.desired) + " receivers in it";
    return element("div", { class: "ring" },
      drawTenants(ring.tenants, ring.worst, view, ring.name),
      element("div", { class: "station " + ring.health },
        element("h4", {}, element("span", {}, "Ring " + ring.name), health(ring.health)),
        element("p", { class: "quiet" }, ring.soft ? "soft: every other tenant" : "hard: tenants that name it"),
        size ? element("p", {}, size) : null),
      element("div", { class: "station " + (ring.receivers.summary.wrong ? "wrong" : ring.receivers.summary.waiting ? "waiting" : "") },
        element("h4", {}, element("span", {}, plural(ring.receivers.count, "receiver")), element("span", { class: "quiet" }, words(ring.receivers.summary))),
        chips(ring.receivers)));
  };

  const drawEntry = (parts) => element("ul", { class: "entry chips" }, element("li", { class: "stage" }, "Way in"), ...parts.map((each) => {
    const ready = each.ready === undefined ? "" : " " + each.ready + "/" + each.desired;
    return element("li", { class: each.note ? "note" : "" }, health(each.health, each.role + ready + (each.note ? ": " + each.note : "")));
  }));

  const stages = { storage: "Kept", reading: "Read" };
  const drawParts = (parts) => {
    const items = [];
    for (const [stage, title] of Object.entries(stages)) {
      const own = parts.filter((each) => each.stage === stage);
      if (own.length) items.push(element("li", { class: "stage" }, title));
      for (const each of own) {
        const ready = each.ready === undefined ? "" : " " + each.ready + "/" + each.desired;
        items.push(element("li", {}, element("span", {}, each.role + ready), health(each.health), element("span", { class: "name" }, each.name),
          each.note ? element("span", { class: "note" }, each.note) : null));
      }
    }
    const worst = parts.some((each) => each.health === "wrong") ? " wrong" : parts.some((each) => each.health === "waiting") ? " waiting" : "";
    return element("div", { class: "station stores" + worst }, element("ul", { class: "parts" }, ...items));
  };

  const drawView = (view) => {
    const kinds = { thanos: "Thanos", prometheus: "Prometheus", external: "external service" };
    const rings = view.rings.map((ring) => drawRing(ring, view.name));
    if (!rings.length) rings.push(element("div", { class: "ring alone" }, drawTenants(view.tenants, [], view.name, "")));
    const entry = view.parts.filter((part) => part.stage === "entry");
    const behind = view.parts.filter((part) => part.stage !== "entry");
    return element("article", { class: "view", "aria-label": "View " + view.name },
      element("h3", {}, view.name, element("span", { class: "quiet" }, (kinds[view.kind] || view.kind) + ", " + plural(view.tenants.all, "tenant")), health(view.health)),
      ...view.troubles.map((trouble) => element("p", { class: "why" }, trouble.reason + ": " + trouble.message)),
      entry.length ? drawEntry(entry) : null,
      element("div", { class: behind.length ? "flow" : "flow alone" }, element("div", {}, ...rings), behind.length ? drawParts(behind) : null));
  };

  const drawViews = (views, isFirst) => {
    replace($("views"), views.first.length ? views.first.map(drawView) : [element("p", { class: "quiet" }, "There is no GlobalView yet.")]);
    const more = views.count - views.first.length;
    $("views-more").textContent = more > 0 ? "and " + plural(more, "more view") : "";
  };

  // MARK: The list

  const columns = {
    tenants: [["Tenant", ""], ["Health", "c-health"], ["View and ring", ""], ["Lag", "c-lag"], ["Reason", "c-reason"]],
    agents: [["Agent", ""], ["Health", "c-health"], ["Tenants", ""], ["Lag", "c-lag"], ["Reason", "c-reason"]],
  };
  const reason = (each) => {
    const [first] = each.troubles;
    if (!first) return [];
    const others = each.troubles.length > 1 ? " (and " + (each.troubles.length - 1) + " more)" : "";
    return [element("span", {}, first.reason + others), " ", element("small", {}, first.message + " ", first.since ? clock(first.since, "for ", "") : "")];
  };
  const lag = (each) => {
    const result = [];
    if (each.behindSeconds > 0) result.push(element("div", { class: "late" }, length(each.behindSeconds) + " behind"));
    else if (each.lastSample === "now" || each.behindSeconds === 0) result.push("none");
    if (each.lastSample && each.lastSample !== "now") result.push(element("div", { class: "late" }, clock(each.lastSample, "last sample ", " ago") || ""));
    if (each.series !== undefined) result.push(element("small", {}, " about " + each.series.toLocaleString("en") + " series"));
    if (each.ready !== undefined) result.push(element("small", {}, " " + each.ready + " of " + (each.desired || "?") + " ready"));
    return result;
  };
  const row = (each, isTenants) => {
    const cells = isTenants
      ? [element("td", { role: "cell", "data-label": "View and ring" }, each.view, " ", element("small", {}, each.ring ? "ring " + each.ring : ""))]
      : [element("td", { role: "cell", "data-label": "Tenants" }, each.tenants.join(", ") + (each.tenantCount > each.tenants.length ? " and " + (each.tenantCount - each.tenants.length) + " more" : ""))];
    const below = isTenants ? [each.id !== each.name.split("/").pop() ? "ID " + each.id : "", each.agentCount ? plural(each.agentCount, "agent") : ""].filter((text) => text).join(", ") : "";
    return element("tr", { role: "row" },
      element("th", { role: "rowheader", scope: "row" }, each.name, below ? element("small", {}, below) : null),
      element("td", { role: "cell", class: "c-health", "data-label": "Health" }, health(each.health)), ...cells,
      element("td", { role: "cell", class: "c-lag number", "data-label": "Lag" }, ...lag(each)),
      element("td", { role: "cell", class: "c-reason", "data-label": "Reason" }, ...reason(each)));
  };
  const drawList = (list) => {
    draw("columns", list.kind, (kind) => $("columns").replaceChildren(...columns[kind].map(([title, name]) => element("th", { role: "columnheader", scope: "col", class: name }, title))));
    const isTenants = list.kind === "tenants";
    const rows = list.items.map((each) => row(each, isTenants));
    if (!rows.length) rows.push(element("tr", { role: "row" }, element("td", { role: "cell", colspan: "5" }, "There is none.")));
    replace($("rows"), rows);
    state.offset = list.offset;
    const last = list.offset + list.items.length;
    $("found").textContent = plural(list.count, isTenants ? "tenant" : "agent") + (list.count > 1 ? ", the worst first" : "");
    $("place").textContent = list.count ? (list.offset + 1).toLocaleString("en") + " to " + last.toLocaleString("en") : "";
    $("previous").disabled = list.offset === 0;
    $("next").disabled = last >= list.count;
    document.querySelector("nav").hidden = list.count <= list.limit;
  };
  const drawScope = () => {
    const name = state.ring ? "ring " + state.ring + " of " + state.view : state.view;
    $("scope").hidden = !name;
    $("scope").textContent = name ? "Only " + name + " ✕" : "";
    $("scope").setAttribute("aria-label", "Only " + name + ": show all again");
  };

  // MARK: Asking

  const load = async () => {
    clearTimeout(timer);
    if (running) running.abort();
    const ask = (running = new AbortController());
    const mine = (wanted += 1);
    drawScope();
    try {
      const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value !== ""));
      const limit = setTimeout(() => ask.abort(), 15000);
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch("topology?" + query, { headers, signal: ask.signal, cache: "no-store" });
      if (answer.status === 200) {
        const found = await answer.json();
        if (mine !== wanted) return;
        tag = answer.headers.get("ETag") || "";
        draw("summary", found.summary, drawSummary);
        draw("troubles", found.troubles, drawTroubles);
        draw("views", found.views, drawViews);
        draw("list", found.list, drawList);
      }
      clearTimeout(limit);
      if (answer.status === 200 || answer.status === 304) lastSeen = Date.now();
    } catch (problem) {
      if (mine !== wanted) return;
    }
    if (mine !== wanted) return;
    tick();
    if (!document.hidden) timer = setTimeout(load, every);
  };

  let typing = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => { Object.assign(state, { q: $("search").value.trim(), offset: 0 }); load(); }, 150);
  });
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("kind").addEventListener("change", () => { Object.assign(state, { list: $("kind").value, offset: 0 }); load(); });
  $("health").addEventListener("change", () => { Object.assign(state, { health: $("health").value, offset: 0 }); load(); });
  $("scope").addEventListener("click", () => { Object.assign(state, { view: "", ring: "", offset: 0 }); load(); $("search").focus(); });
  const turn = (pages) => () => { state.offset = Math.max(0, state.offset + 50 * pages); load(); $("list").scrollIntoView(); };
  $("previous").addEventListener("click", turn(-1));
  $("next").addEventListener("click", turn(1));
  // Nobody looks at a page that is hidden.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) load(); });
  setInterval(tick, 1000);
  load();
})();
