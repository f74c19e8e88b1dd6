import Observability

/// A file of the page, which is part of the program.
struct Asset: Sendable {
    private var contentType: String
    private var body: String

    private init(_ contentType: String, _ bytes: [UInt8]) {
        self.contentType = contentType
        body = String(decoding: bytes, as: UTF8.self)
    }

    /// The files, by their paths.
    static let all = [
        "/": Asset("text/html; charset=utf-8", PackageResources.page_html),
        "/page.css": Asset("text/css; charset=utf-8", PackageResources.page_css),
        "/page.js": Asset("text/javascript; charset=utf-8", PackageResources.page_js),
        "/icon.svg": Asset("image/svg+xml", PackageResources.icon_svg),
    ]

    /// What each response says to browsers: nothing from elsewhere, no frames, no forms that lead away, no inline code.
    static let headers = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        ), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]

    /// Those who look hold no connections that probes may need.
    var response: RequestHandler.Response {
        RequestHandler.Response(
            status: 200, contentType: contentType, body: body, headers: Self.headers, closes: true)
    }
}
