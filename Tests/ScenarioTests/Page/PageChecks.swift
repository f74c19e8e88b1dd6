import Kube
import TestSupport
import Testing

/// What holds for the page whatever it shows.
enum PageChecks {
    /// Nothing went wrong in the page, and nothing was asked of anybody but the operator.
    static func expectQuiet(_ browser: Chromium, at url: String) async {
        for event in await browser.events {
            let parameters = event["params"] ?? [:]
            switch event["method"]?.string {
            case "Runtime.exceptionThrown": Issue.record("\(parameters.text())")
            case "Runtime.consoleAPICalled": Issue.record("\(parameters.text())")
            case "Log.entryAdded": Issue.record("\(parameters.text())")
            case "Network.requestWillBeSent":
                let asked = parameters["request", "url"]?.string ?? ""
                #expect(asked.hasPrefix(url) || asked == "about:blank", "\(asked)")
            default: break
            }
        }
    }

    /// Every text has a contrast of at least 4.5 to what is behind it.
    static func expectContrast(_ browser: Chromium, _ scheme: String) async throws {
        try await browser.prefer(scheme)
        let poor = try await browser.evaluate(
            """
            (() => {
              const numbers = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
              const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
                .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
              const behind = (node) => {
                for (let each = node; each; each = each.parentElement) {
                  const color = numbers(getComputedStyle(each).backgroundColor);
                  if (color.length === 3 || color[3] === 1) return color;
                }
                return [255, 255, 255];
              };
              const poor = [];
              let seen = 0;
              for (const node of document.querySelectorAll("body *")) {
                const own = [...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim());
                if (!own && !["INPUT", "SELECT"].includes(node.tagName)) continue;
                if (!node.checkVisibility({ visibilityProperty: true })) continue;
                if (node.disabled) continue;
                seen += 1;
                const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
                const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (ratio < 4.5) poor.push(node.tagName + "." + node.className + " " + ratio.toFixed(2) + " " + node.textContent.slice(0, 40));
              }
              return seen < 20 ? ["only " + seen + " texts"] : poor;
            })()
            """)
        #expect(poor == [], "\(scheme): \(poor.text())")
    }

    /// Nothing is wider than a phone.
    static func expectFits(_ browser: Chromium, width: Int) async throws {
        try await browser.resize(width, 800, isPhone: true)
        let found = try await browser.evaluate(
            """
            [document.documentElement.scrollWidth, ...[...document.querySelectorAll("body *")]
              .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.checkVisibility())
              .slice(0, 3).map((each) => each.tagName + "." + each.className)]
            """)
        #expect(found == [JSON(width)], "\(found.text())")
    }

    /// What assistive technology is told: landmarks, headings, a table with headers, and names for whatever can be used.
    static func expectAccessible(_ browser: Chromium) async throws {
        let tree = try await browser.call("Accessibility.getFullAXTree")["nodes"]?.array ?? []
        let roles = tree.filter { $0["ignored"] != true }.map { node in
            (role: node["role", "value"]?.string ?? "", name: node["name", "value"]?.string ?? "")
        }
        for landmark in ["banner", "main", "contentinfo", "search", "table"] {
            #expect(roles.count { $0.role == landmark } == 1, "\(landmark)")
        }
        #expect(roles.count { $0.role == "columnheader" } == 5)
        #expect(roles.contains { $0.role == "rowheader" })
        #expect(roles.count { $0.role == "heading" } >= 5)
        #expect(roles.count { $0.role == "status" } == 2)
        for used in roles
        where ["button", "link", "textbox", "searchbox", "combobox", "table", "region", "article"].contains(used.role) {
            #expect(!used.name.isEmpty, "\(used.role) without a name")
        }
        let language = try await browser.evaluate(
            "document.documentElement.lang + ' ' + document.querySelectorAll('h1').length")
        #expect(language == "en 1")
    }

    /// Where the focus goes with the key Tab from the beginning of the page.
    static func focusOrder(_ browser: Chromium) async throws -> [String] {
        _ = try await browser.evaluate(
            "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        var order: [String] = []
        for _ in 0..<40 {
            try await browser.press("Tab", code: 9)
            let focused = try await browser.evaluate(
                """
                (() => { const e = document.activeElement; const s = getComputedStyle(e);
                  return e === document.body ? "" : [e.id || e.dataset.key || e.className, s.outlineStyle === "none" ? "unseen" : ""]
                    .filter((t) => t).join(" "); })()
                """)
            guard let name = focused.string, !name.isEmpty, !order.contains(name) else { break }
            order.append(name)
        }
        return order
    }
}
