import Kube
import Observability
import Operator
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The page of a whole operator, in a browser.
    @Suite("The page", .enabled(if: Chromium.path != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
    struct PageTests {
        @Test func `The page shows what stands where, the wrong first, and changes as things do`() async throws {
            let port = try freePort()
            let url = "http://127.0.0.1:\(port)/"
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let address = try BindAddress.parse("127.0.0.1:\(port)")
                scenario.startOperator {
                    ($0.observabilityAddress, $0.servesPage) = (address, true)
                }
                try await scenario.applyReceivers("receive-rest", hashring: "rest", 2)
                try await scenario.applyView(Scenario.hashring("rest", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                // The id is taken.
                try await scenario.applyTenant("tenant-z", ["id": "tenant-a"])
                let place = scenario.namespace
                try await Chromium.with { browser in
                    try await browser.resize(1280, 900)
                    try await browser.open(url)
                    try await browser.waitUntilTrue("document.querySelectorAll('#rows tr').length === 2")
                    try await browser.waitUntilTrue(
                        "document.querySelector('#rows tr th').firstChild.textContent === '\(place)/tenant-z'")
                    try await browser.waitUntilTrue("document.querySelector('#rows tr').innerText.includes('wrong')")
                    try await browser.waitUntilTrue(
                        "document.querySelector('#troubles').innerText.includes('tenant-z')")
                    for receiver in ["receive-rest-0", "receive-rest-1"] {
                        try await browser.waitUntilTrue(
                            "document.querySelector('#views').innerText.includes('\(receiver)')")
                    }
                    try await browser.waitUntilTrue(
                        "document.querySelector('#summary').innerText.startsWith('2 tenants (1 wrong, 1 ok)')")

                    // Whatever changes shows without a reload: a new tenant, a repaired one, a receiver.
                    _ = try await browser.evaluate("window.stays = true; document.querySelector('#search').focus()")
                    try await scenario.applyTenant("tenant-new")
                    try await browser.waitUntilTrue("document.querySelector('#rows').innerText.includes('tenant-new')")
                    try await scenario.client.delete(Tenant.resource, scenario.key("tenant-z"))
                    try await browser.waitUntilTrue("!document.querySelector('#rows').innerText.includes('tenant-z')")
                    try await scenario.scale("receive-rest", to: 3)
                    try await browser.waitUntilTrue(
                        "document.querySelector('#views').innerText.includes('receive-rest-2')")
                    #expect(
                        try await browser.evaluate("window.stays === true && document.activeElement.id") == "search")

                    try await PageChecks.expectAccessible(browser)
                    for scheme in ["light", "dark"] { try await PageChecks.expectContrast(browser, scheme) }
                    let order = try await PageChecks.focusOrder(browser)
                    #expect(order == ["skip", "show \(place)/main rest", "kind", "search", "health"])
                    try await PageChecks.expectFits(browser, width: 360)
                    await PageChecks.expectQuiet(browser, at: url)
                }
            }
        }

        @Test func `An operator that is not asked to serves no page and no state`() async throws {
            let port = try freePort()
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let address = try BindAddress.parse("127.0.0.1:\(port)")
                scenario.startOperator { $0.observabilityAddress = address }
                try await waitUntil("it serves metrics") {
                    (try? await exchange(Array("GET /metrics HTTP/1.0\r\n\r\n".utf8), port: port))?.contains("200 OK")
                        == true
                }
                for path in ["/", "/topology", "/page.js", "/debug/state", "/debug", "/debug/pprof"] {
                    let answer = try await exchange(Array("GET \(path) HTTP/1.0\r\n\r\n".utf8), port: port)
                    #expect(answer.contains(" 404 "), "\(path): \(answer)")
                }
            }
        }
    }
}
